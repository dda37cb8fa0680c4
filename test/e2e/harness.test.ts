import { afterEach, describe, expect, it } from 'vitest';
import { screenToSvg } from '../support/svg.ts';
import { sleep, Term } from '../support/terminal.ts';

let term: Term;

afterEach(() => term.close());

function script(source: string, columns = 40, rows = 6): Term {
  term = new Term({ file: process.execPath, args: ['-e', source], columns, rows });
  return term;
}

describe('terminal harness', () => {
  it('never judges a screen in the middle of a synchronized update', async () => {
    script(`
      process.stdout.write('\\x1b[?2026hhalf');
      setTimeout(() => process.stdout.write(' done\\x1b[?2026l'), 300);
      setTimeout(() => {}, 5000);`);
    const seen: string[] = [];
    await term.until((screen) => {
      seen.push(screen.trim());
      return screen.includes('done');
    });
    expect(seen.filter((screen) => screen !== '' && screen !== 'half done')).toEqual([]);
  });

  it('tells colours, weight and inverse of a cell', async () => {
    script(`process.stdout.write('\\x1b[1;31mA\\x1b[0;7mB\\x1b[0;38;2;1;2;3mC\\x1b[0m界D')`);
    await term.until('D');
    expect(term.cell(0, 0)).toMatchObject({ text: 'A', fg: 'palette:1', bold: true, inverse: false });
    expect(term.cell(1, 0)).toMatchObject({ text: 'B', fg: 'default', bold: false, inverse: true });
    expect(term.cell(2, 0)).toMatchObject({ text: 'C', fg: '#010203' });
    expect(term.cell(3, 0)).toMatchObject({ text: '界', width: 2 });
    expect(term.row(0)).toBe('ABC界D');
  });

  it('fails with the screen in the message, and at once when the program is gone', async () => {
    script(`console.log('last words')`);
    await expect(term.until('never', 5000)).rejects.toThrow(/program ended[\s\S]*last words/);
  });

  it('stops and resumes reading', async () => {
    script(`let n = 0; setInterval(() => process.stdout.write('tick' + n++ + ' '), 50);`);
    await term.until('tick1');
    term.pause();
    await sleep(150);
    const mark = term.mark();
    await sleep(300);
    expect(term.bytesSince(mark)).toBe(0);
    term.resume();
    await term.until('tick9');
  });

  it('gives the program a clean environment', async () => {
    script(
      `console.log(JSON.stringify([process.env.CI, process.env.NODE_ENV, process.env.NO_COLOR, process.env.TERM]))`,
      80,
    );
    await term.until('[null,null,null,"xterm-256color"]');
  });

  it('draws pictures with every text in its cells', async () => {
    script(`process.stdout.write('\\x1b[31m<a> & b\\x1b[0m ▲ \\x1b[7mcursor')`);
    await term.until('cursor');
    const svg = screenToSvg(term);
    expect(svg).toContain('fill="#ff5c70"');
    expect(svg).toContain('>&lt;a&gt; &amp; b</text>');
    expect(svg).toMatch(/<rect [^>]*fill="#d6dbe4"\/>\n<text [^>]*fill="#12151a"[^>]*>cursor<\/text>/);
  });
});
