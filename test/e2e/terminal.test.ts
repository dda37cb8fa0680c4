import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PROGRAM, ready, startConsole } from '../support/run.ts';
import { simulate } from '../support/simulate.ts';
import { KEY, Term } from '../support/terminal.ts';

let term: Term;

afterEach(() => term.close());

async function start(scenario = 'milestone', env: Record<string, string> = {}): Promise<Term> {
  term = startConsole(['--demo', '--scenario', scenario], { env });
  await ready(term);
  return term;
}

/** Process id of the only child of a process. */
const childOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));

function expectTerminalBack(): void {
  expect(term.buffer).toBe('normal');
  expect(term.cursorVisible).toBe(true);
  expect(term.bracketedPaste).toBe(false);
}

describe('the terminal', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('is given back on %s', async (signal, code) => {
    await start();
    term.kill(signal);
    expect((await term.exited).code).toBe(code);
    expectTerminalBack();
  });

  it.each([
    ['SIGKILL', 137],
    ['SIGSEGV', 139],
  ] as const)('is given back when %s ends the console', async (signal, code) => {
    await start();
    process.kill(childOf(term.pid), signal);
    expect((await term.exited).code).toBe(code);
    expectTerminalBack();
  });

  it('is given back on q, and nothing of the program is left running', async () => {
    await start();
    const child = childOf(term.pid);
    await term.keys('q');
    expect((await term.exited).code).toBe(0);
    expectTerminalBack();
    expect(() => process.kill(child, 0)).toThrow('ESRCH');
  });

  it('is given back when the program fails, which is told in one line with the place of the details', async () => {
    const { kubeconfig, stop } = await simulate('--scenario', 'healthy');
    const bomb = 'setTimeout(() => { throw new Error("boom"); }, 3000)';
    try {
      term = startConsole(['--kubeconfig', kubeconfig], {
        env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bomb)}` },
      });
      expect((await term.exited).code).toBe(70);
      expectTerminalBack();
      // The terminal wraps the line.
      const line = term.text().trim().replaceAll('\n', '');
      const [, file = ''] = /^homelab-top: internal error: boom \(details in (\S*)\)$/.exec(line) ?? [];
      expect(readFileSync(file, 'utf8')).toContain('Error: boom');
      expect(statSync(file).mode & 0o777).toBe(0o600);
    } finally {
      await stop();
    }
  });

  it('has the settings of the shell again, whatever ended the console', async () => {
    const script = `stty -a >"$HOME/before"; ${PROGRAM} --demo; stty -a >"$HOME/after"; cmp "$HOME/before" "$HOME/after" && echo same settings`;
    term = new Term({ file: '/bin/sh', args: ['-c', script] });
    await ready(term);
    process.kill(childOf(childOf(term.pid)), 'SIGKILL');
    await term.until('same settings');
    expectTerminalBack();
  });

  it('can be had with Ctrl-Z and taken again with fg', async () => {
    term = new Term({ file: '/bin/bash', args: ['--norc', '-i'], env: { PS1: 'prompt> ' } });
    await term.until('prompt>');
    await term.keys(`${PROGRAM} --demo`, KEY.enter);
    await ready(term);
    await term.keys(KEY.ctrlZ);
    await term.until((screen) => screen.includes('Stopped') && term.buffer === 'normal');
    expect(term.cursorVisible).toBe(true);
    await term.keys('echo in the shell', KEY.enter);
    await term.until(/\nin the shell/);
    await term.keys('fg', KEY.enter);
    await term.until((screen) => term.buffer === 'alternate' && screen.includes('[1 Triage'));
    await term.keys('2');
    await term.until('[2 Nodes');
    await term.keys('q');
    await term.until((screen) => term.buffer === 'normal' && /prompt> *$/.test(screen.trimEnd()));
  });

  it('is not needed by simulate, which cleans up on Ctrl-C', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'homelab-top-tmp-'));
    term = startConsole(['simulate'], { env: { TMPDIR: folder } });
    await term.until('Ctrl-C');
    const left = () => readdirSync(folder).filter((name) => name.startsWith('homelab-top-'));
    expect(left()).toHaveLength(1);
    await term.keys(KEY.ctrlC);
    expect((await term.exited).code).toBe(0);
    expect(left()).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('may hang up: nothing lingers', async () => {
    await start();
    const child = childOf(term.pid);
    process.kill(term.pid, 'SIGKILL');
    await expect.poll(() => existsSync(`/proc/${child}`), { timeout: 5000 }).toBe(false);
  });
});
