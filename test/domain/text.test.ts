import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/domain/text.ts';

describe('clean', () => {
  it.each([
    ['plain ASCII stays', 'airflow-webserver-7c9 (OOMKilled)', 'airflow-webserver-7c9 (OOMKilled)'],
    ['letters of other scripts stay', 'über 日本 данные', 'über 日本 данные'],
    ['escape sequences are shown', '\x1b[31mred\x1b]52;c;eA==\x07', '␛[31mred␛]52;c;eA==␇'],
    ['carriage return, newline, tab', 'a\r\n\tb', 'a␍␊␉b'],
    ['delete and backspace', 'a\x7f\b', 'a␡␈'],
    ['8-bit CSI and OSC', '\x9b31m\x9d', '\\u{9b}31m\\u{9d}'],
    ['bidi override', 'a\u202egpj', 'a\\u{202e}gpj'],
    ['zero-width space and joiners', 'a\u200b\u200d\ufeffb', 'a\\u{200b}\\u{200d}\\u{feff}b'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['a space that is none', 'a\u00a0b', 'a\\u{a0}b'],
    ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a lone surrogate', 'a\ud800', 'a\\u{d800}'],
    ['our own glyphs cannot be faked', '␛ \\u{1b}', '\\u{241b} \\u{5c}u{1b}'],
    ['a backslash alone stays', 'C:\\users \\d+', 'C:\\users \\d+'],
    ['a mark that hides in its letter', 'e\u0301', 'e\\u{301}'],
  ])('%s', (_, text, shown) => {
    expect(clean(text)).toBe(shown);
  });

  it('cuts long text and says so', () => {
    expect(clean('x'.repeat(20), 10)).toBe('xxxxxxxxx…');
    expect(clean('x'.repeat(10), 10)).toBe('xxxxxxxxxx');
    expect(clean('\u{1f600}'.repeat(20), 10)).toBe('\u{1f600}'.repeat(4).concat('…'));
  });

  it('takes no longer for 8 MiB than for what is shown of it', () => {
    const huge = '\x1b'.repeat(8 << 20);
    const start = performance.now();
    expect(clean(huge, 256)).toHaveLength(256);
    expect(performance.now() - start).toBeLessThan(50);
  });

  it('lets no control, invisible or direction-changing code point through, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(clean(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      }),
      { numRuns: 500 },
    );
  });

  it('never makes two different texts look the same', () => {
    const tricky = fc.array(
      fc.constantFrom(
        'a',
        'e',
        '\x1b',
        '␛',
        '\\',
        'u',
        '{',
        '}',
        '1',
        'b',
        '\u200b',
        '\u0301',
        'é',
        ' ',
        '\u00a0',
      ),
      { maxLength: 12 },
    );
    const looks = new Map<string, string>();
    fc.assert(
      fc.property(tricky, (parts) => {
        const text = parts.join('');
        const look = clean(text);
        expect(looks.get(look) ?? text).toBe(text);
        looks.set(look, text);
      }),
      { numRuns: 3000 },
    );
  });
});
