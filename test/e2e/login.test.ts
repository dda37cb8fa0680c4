/** A login plugin of the kubeconfig that asks a question, in a real terminal. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { until } from '../support/manualClock.ts';
import { kubeconfig, ready, startConsole } from '../support/run.ts';
import { type Simulation, simulate } from '../support/simulate.ts';
import { KEY, type Term } from '../support/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'homelab-top-login-'));
const answered = join(folder, 'answered');
let server: Simulation;
let term: Term | undefined;

beforeAll(async () => {
  server = await simulate();
});

afterEach(async () => {
  await term?.close();
  rmSync(answered, { force: true });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const PASSWORD_PROMPT = `
stty -echo
printf 'Password: ' >&2
read -r answer
stty echo
echo >&2
echo "$answer" >> '${answered}'
[ "$answer" = open-sesame ] || { echo 'wrong password' >&2; exit 1; }
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}'
`;

/** Process ids of a process group, those waiting to be reaped left out. */
function processesOf(group: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [state, , pgrp] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return Number(pgrp) === group && state !== 'Z';
    } catch {
      return false;
    }
  });
}

/** The console on the simulated cluster, with a plugin of this text. */
function start(script: string, interactiveMode = 'IfAvailable'): Term {
  const command = join(folder, 'login.sh');
  writeFileSync(command, `#!/bin/sh\n${script}`);
  chmodSync(command, 0o755);
  const simulated: { clusters: { cluster: object }[] } = parse(readFileSync(server.kubeconfig, 'utf8'));
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    interactiveMode,
  };
  const config = join(folder, 'config');
  writeFileSync(config, kubeconfig(simulated.clusters[0]?.cluster ?? {}, { exec }));
  term = startConsole(['--kubeconfig', config], { columns: 120, rows: 30 });
  return term;
}

it('a plugin asks for a password before the screen is taken, and its answer is not shown', async () => {
  const running = start(PASSWORD_PROMPT);
  await running.until('Password:');
  expect(running.buffer).toBe('normal');
  await running.keys(...'open-sesame', KEY.enter);
  await ready(running);
  expect(running.buffer).toBe('alternate');
  expect(readFileSync(answered, 'utf8')).toBe('open-sesame\n');
  expect(running.output()).not.toContain('sesame');
  // The keys that were meant for the plugin did nothing here, and ours work.
  await running.keys('2');
  await running.until(/Pods \d+/);
});

it('a wrong password is one line and exit 3, in an ordinary terminal', async () => {
  const running = start(PASSWORD_PROMPT);
  await running.until('Password:');
  await running.keys(...'guess', KEY.enter);
  expect((await running.exited).code).toBe(3);
  expect(running.text()).toContain('wrong password');
  expect(running.text()).toMatch(/login plugin .*login\.sh failed \(exit 1\)/);
  expect(running.output()).not.toContain('\x1b[?1049h');
  expect(readFileSync(answered, 'utf8')).toBe('guess\n');
});

it('Ctrl-C at the question ends the plugin and the program', async () => {
  const running = start(PASSWORD_PROMPT.replace(/stty.*\n/g, ''));
  await running.until('Password:');
  await running.keys(KEY.ctrlC);
  expect((await running.exited).code).not.toBe(0);
  expect(existsSync(answered)).toBe(false);
  expect(running.output()).not.toContain('\x1b[?1049h');
});

it('Ctrl-C while an unattended plugin hangs leaves nothing of it behind', async () => {
  const running = start(`echo $$ > '${answered}'; sleep 600 & wait`, 'Never');
  const group = (): string[] => {
    const pid = existsSync(answered) ? readFileSync(answered, 'utf8').trim() : '';
    return pid === '' ? [] : processesOf(Number(pid));
  };
  await until(() => group().length >= 2, 'the plugin and its child');
  await running.keys(KEY.ctrlC);
  expect((await running.exited).code).not.toBe(0);
  await until(() => group().length === 0, 'the end of both');
});
