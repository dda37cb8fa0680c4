import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/views/model.ts';
import { toAscii } from '../../src/views/ui/glyphs.ts';
import { type Caps, createTheme } from '../../src/views/ui/theme.ts';

const CAPS: Caps = { color: '16', theme: 'ansi16', unicode: true, screenReader: false };

function paint(caps: Partial<Caps>, ...line: Line): string {
  return createTheme({ ...CAPS, ...caps }).paint(line);
}

describe('paint', () => {
  const critical = { text: '✗', token: 'critical' } as const;

  it('uses the user’s own 16 colours by default', () => {
    expect(paint({}, critical)).toBe('\x1b[1;31m✗\x1b[39;22m');
    expect(paint({}, { text: '18m', token: 'muted' })).toBe('\x1b[90m18m\x1b[39m');
  });

  it('stays within 16 colours when the terminal has no more, whatever the theme', () => {
    expect(paint({ theme: 'dark' }, critical)).toBe('\x1b[1;31m✗\x1b[39;22m');
  });

  it('uses the palette of the theme with true colour', () => {
    expect(paint({ color: 'truecolor', theme: 'dark' }, critical)).toBe('\x1b[38;2;255;77;106m✗\x1b[39m');
    expect(paint({ color: 'truecolor', theme: 'light' }, critical)).toBe(
      '\x1b[1;38;2;122;12;36m✗\x1b[39;22m',
    );
  });

  it('sends no colour with NO_COLOR, but keeps weight and inversion', () => {
    for (const theme of ['dark', 'light', 'ansi16', 'mono'] as const) {
      const text = paint(
        { color: 'none', theme },
        critical,
        { text: 'x', inverse: true },
        { text: 'y', bold: true },
      );
      expect(text).toBe('\x1b[1;7m✗\x1b[27;22m\x1b[7mx\x1b[27m\x1b[1my\x1b[22m');
    }
  });

  it('lets a severity stand out on an inverse row without colours', () => {
    const onRow = paint({ color: 'none' }, { ...critical, inverse: true });
    expect(onRow).toBe('\x1b[1m✗\x1b[22m');
  });

  it('never makes ok a colour', () => {
    expect(paint({}, { text: '✓', token: 'ok' })).toBe('✓');
  });

  it('closes every style within its own text', () => {
    const line: Line = [{ text: 'a', token: 'warning', bold: true, inverse: true }, { text: 'b' }];
    expect(paint({}, ...line)).toBe('\x1b[1;7;33ma\x1b[39;27;22mb');
  });
});

describe('ASCII', () => {
  const text = (value: string) => createTheme({ ...CAPS, unicode: false }).text([{ text: value }]);

  it('has five different shapes for the severities', () => {
    expect(text('✗▲?·✓')).toBe('X!?-+');
    expect(new Set([...'✗▲?·✓'].map((glyph) => (glyph === '?' ? glyph : toAscii(glyph, 1)))).size).toBe(5);
  });

  it('keeps the order of a sparkline and shows a missing sample as no level', () => {
    const levels = text('▁▂▃▄▅▆▇█');
    expect(new Set(levels).size).toBe(8);
    expect(levels).not.toContain(text('·'));
  });

  it('replaces what it cannot show by as many question marks as it was wide', () => {
    expect(text('ポッド naïve 👍')).toBe('?????? na?ve ??');
  });
});
