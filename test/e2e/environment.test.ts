import { afterEach, describe, expect, it } from 'vitest';
import { PROGRAM, ready, run, startConsole } from '../support/run.ts';
import { Term } from '../support/terminal.ts';

let term: Term | undefined;

afterEach(async () => {
  await term?.close();
  term = undefined;
});

const DEMO = ['--demo', '--scenario', 'milestone'];

async function started(args: readonly string[], env: Record<string, string | undefined> = {}): Promise<Term> {
  term = startConsole([...DEMO, ...args], { env });
  await ready(term);
  return term;
}

/** SGR parameters that choose a colour. */
const COLOUR_SGR = /\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]/;
const ESCAPE = '\x1b';

describe('environment', () => {
  it('draws the console although CI is set', async () => {
    await started([], { CI: '1' });
    expect(term?.buffer).toBe('alternate');
  });

  it.each([
    ['LC_ALL=C', [], { LC_ALL: 'C' }],
    ['--ascii', ['--ascii'], {}],
  ] as const)('sends only ASCII with %s', async (_, args, env) => {
    const running = await started(args, env);
    await running.keys('2');
    await running.until('[2 Nodes');
    await running.keys('q');
    await running.exited;
    expect(running.output()).toMatch(/^[\x00-\x7f]*$/);
    expect(running.output()).toContain('homelab-top');
  });

  it.each([
    ['NO_COLOR', [], { NO_COLOR: '1' }],
    ['--no-color', ['--no-color'], {}],
  ] as const)('sends no colour with %s, but still marks the selected row', async (_, args, env) => {
    const running = await started(args, env);
    expect(running.output()).not.toMatch(COLOUR_SGR);
    const row = running
      .text()
      .split('\n')
      .findIndex((line) => line.startsWith('▌'));
    expect(running.cell(6, row).inverse).toBe(true);
  });

  it('uses colours otherwise', async () => {
    const running = await started([]);
    expect(running.output()).toMatch(COLOUR_SGR);
  });

  it('prints a plain report on a dumb terminal', async () => {
    term = startConsole(DEMO, { env: { TERM: 'dumb' } });
    expect([1, 2]).toContain((await term.exited).code);
    expect(term.output()).not.toContain(ESCAPE);
    expect(term.output()).toContain('airflow');
  });

  it('prints a plain report when stdout is not a terminal', async () => {
    const { code, stdout, stderr } = await run(DEMO);
    expect([1, 2]).toContain(code);
    expect(stdout).not.toContain(ESCAPE);
    expect(stdout).toContain('airflow');
    expect(stderr).not.toContain('Error');
  });

  it('ends quietly when the reader of its output goes away', async () => {
    term = new Term({ file: '/bin/sh', args: ['-c', `${PROGRAM} --help | head -n 1; echo done`] });
    const screen = await term.until('done');
    expect(screen).not.toMatch(/EPIPE|Error/);
  });

  it.each(['--version', '--help'])('answers %s without a cluster', async (flag) => {
    const { code, stdout } = await run([flag]);
    expect(code).toBe(0);
    expect(stdout).toMatch(flag === '--version' ? /^(homelab-top )?\d+\.\d+\.\d+/ : /--kubeconfig/);
  });
});
