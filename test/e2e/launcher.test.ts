import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Term, type TermOptions } from '../support/terminal.ts';

/** A stand-in for the console: takes the terminal like it does and shows its process id. */
const FULL_SCREEN = `
  process.stdin.setRawMode(true);
  process.stdin.resume();
  process.stdout.write('\\x1b[?1049h\\x1b[?25l\\x1b[?2004h' + 'pid ' + process.pid + ' args ' + process.argv.slice(2).join('|') + ' end');
  process.stdin.on('data', (d) => process.stdout.write('[key ' + d + ']'));
`;

const SHELLS = [
  { name: 'dash', argv: ['/bin/dash'] },
  { name: 'bash as sh', argv: ['/bin/bash', '--posix'] },
  { name: 'busybox', argv: ['/bin/busybox', 'sh'] },
].filter(({ argv }) => existsSync(argv[0] ?? ''));

let root: string;
let term: Term | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'homelab-top-launcher-'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'dist'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  copyFileSync(resolve('bin/homelab-top'), join(root, 'bin/homelab-top'));
});

afterEach(async () => {
  await term?.close();
  term = undefined;
  rmSync(root, { recursive: true, force: true });
});

function program(source: string): void {
  writeFileSync(join(root, 'dist/main.js'), source);
}

function launch(args: readonly string[] = [], options: Partial<TermOptions> = {}): Term {
  term = new Term({ file: '/bin/sh', args: [join(root, 'bin/homelab-top'), ...args], ...options });
  return term;
}

/** Process id of the stand-in, read from the screen. */
async function childPid(running: Term): Promise<number> {
  const screen = await running.until(/pid \d+ args .* end/);
  return Number(/pid (\d+)/.exec(screen)?.[1]);
}

describe.each(SHELLS)('launcher under $name', ({ argv }) => {
  const start = (...args: string[]): Term => {
    const [file = '', ...before] = argv;
    term = new Term({ file, args: [...before, join(root, 'bin/homelab-top'), ...args] });
    return term;
  };

  it('passes arguments and keys on and returns the exit code', async () => {
    program(`${FULL_SCREEN}
      process.stdin.on('data', (d) => { if (String(d) === 'q') { process.stdin.setRawMode(false); process.exit(7); } });`);
    const running = start('--demo', 'two words');
    await running.until('args --demo|two words end');
    await running.keys('a');
    await running.until('[key a]');
    await running.keys('q');
    expect(await running.exited).toEqual({ code: 7, signal: 0 });
    // The stand-in left the alternate screen on purpose: a program that put termios back is not corrected.
    expect(running.output()).not.toContain('\x1b[?1049l');
  });

  it.each([
    ['SIGKILL', 137],
    ['SIGSEGV', 139],
    ['SIGABRT', 134],
  ] as const)('gives the terminal back after %s of the console', async (signal, code) => {
    program(FULL_SCREEN);
    const running = start();
    process.kill(await childPid(running), signal);
    expect((await running.exited).code).toBe(code);
    await running.until(`ended by signal ${code - 128}`);
    expect(running.buffer).toBe('normal');
    expect(running.cursorVisible).toBe(true);
    expect(running.bracketedPaste).toBe(false);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'forwards %s and waits for the console',
    async (signal) => {
      program(`${FULL_SCREEN}
      process.on('${signal}', () => setTimeout(() => { process.stdin.setRawMode(false); process.stdout.write('bye'); process.exit(5); }, 200));`);
      const running = start();
      await childPid(running);
      running.kill(signal);
      expect((await running.exited).code).toBe(5);
      expect(running.output()).toContain('bye');
    },
  );
});

describe('launcher', () => {
  it('restores termios, so that a shell after a crash can be typed into', async () => {
    program(FULL_SCREEN);
    term = new Term({
      file: '/bin/sh',
      args: [
        '-c',
        `stty -a >"$HOME/before"; sh ${root}/bin/homelab-top; stty -a >"$HOME/after"; cmp "$HOME/before" "$HOME/after" && echo same; cat`,
      ],
    });
    process.kill(await childPid(term), 'SIGKILL');
    await term.until('same');
    term.send('echoed');
    await term.until('echoed');
  });

  it('stops and continues with the console on Ctrl-Z and fg', async () => {
    program(`${FULL_SCREEN}
      process.stdin.on('data', (d) => {
        if (String(d) !== '\\x1a') return;
        process.stdin.setRawMode(false);
        process.stdout.write('\\x1b[?1049l\\x1b[?25h');
        process.kill(0, 'SIGTSTP');
      });
      process.on('SIGCONT', () => { process.stdin.setRawMode(true); process.stdout.write('\\x1b[?1049hwelcome back'); });`);
    term = new Term({ file: '/bin/bash', args: ['--norc', '-i'], env: { PS1: 'prompt> ' } });
    await term.until('prompt>');
    await term.keys(`sh ${root}/bin/homelab-top`, '\r');
    await childPid(term);
    await term.keys('\x1a');
    await term.until((screen) => /Stopped/.test(screen) && term?.buffer === 'normal');
    await term.keys('jobs', '\r');
    await term.until(/jobs\n.*Stopped/);
    await term.keys('fg', '\r');
    await term.until('welcome back');
    await term.keys('k');
    await term.until('[key k]');
    term.send('\x1a');
    await term.until((screen) => /Stopped/.test(screen) && term?.buffer === 'normal');
    await term.keys('kill -KILL %1', '\r');
  });

  it('writes no escape sequence into a pipe when the console dies', async () => {
    program(
      FULL_SCREEN.replaceAll('process.stdin.setRawMode(true);', '') +
        "\nprocess.kill(process.pid, 'SIGKILL');",
    );
    term = new Term({
      file: '/bin/sh',
      args: ['-c', `sh ${root}/bin/homelab-top >${root}/out; echo code $?`],
    });
    await term.until('code 137');
    expect(term.output()).not.toContain('\x1b[?1049l');
  });

  it('says how to build a fresh clone', async () => {
    const running = launch();
    expect((await running.exited).code).toBe(3);
    await running.until('homelab-top: not built yet; run: npm ci && npm run build');
  });

  it.each([
    ['v22.18.9', 'needs Node.js 22.19 or newer, found v22.18.9'],
    ['v20.20.2', 'needs Node.js 22.19 or newer, found v20.20.2'],
  ])('refuses Node %s in one line', async (version, message) => {
    program('');
    const node = join(root, 'node');
    writeFileSync(node, `#!/bin/sh\necho ${version}\n`);
    chmodSync(node, 0o755);
    const running = launch([], { env: { PATH: `${root}:/usr/bin:/bin` }, columns: 120 });
    expect((await running.exited).code).toBe(3);
    await running.until(message);
    expect(running.text().trim().split('\n')).toHaveLength(1);
  });

  it('accepts the oldest supported Node and newer lines', async () => {
    program('');
    for (const version of ['v22.19.0', 'v24.0.1', 'v100.1.0']) {
      writeFileSync(join(root, 'node'), `#!/bin/sh\necho ${version} "$@"\n`);
      chmodSync(join(root, 'node'), 0o755);
      const running = launch(['x'], { env: { PATH: `${root}:/usr/bin:/bin` } });
      expect((await running.exited).code).toBe(0);
      await running.until(`${version} ${root}/dist/main.js x`);
      await running.close();
    }
  });

  it('says so when there is no Node', async () => {
    program('');
    const running = launch([], { env: { PATH: root } });
    expect((await running.exited).code).toBe(3);
    await running.until('needs Node.js 22.19 or newer, none found');
  });

  it('finds its folder through symbolic links, as npm installs it', async () => {
    program("console.log('found it');");
    mkdirSync(join(root, 'global/bin'), { recursive: true });
    symlinkSync(join(root, 'bin/homelab-top'), join(root, 'global/link'));
    symlinkSync('../link', join(root, 'global/bin/homelab-top'));
    term = new Term({ file: join(root, 'global/bin/homelab-top') });
    await term.until('found it');
  });

  it('finds its folder when named without one', async () => {
    program("console.log('found it');");
    term = new Term({ file: '/bin/sh', args: ['homelab-top'], cwd: join(root, 'bin') });
    await term.until('found it');
  });
});
