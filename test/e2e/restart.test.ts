import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { freePort, PROGRAM, ready, startConsole } from '../support/run.ts';
import type { Term } from '../support/terminal.ts';

let term: Term | undefined;
let server: ChildProcess | undefined;
const folder = mkdtempSync(join(tmpdir(), 'homelab-top-restart-'));

afterEach(async () => {
  await term?.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the embedded homelab on a fixed port; resolves when it serves. */
async function start(port: number, config: string): Promise<void> {
  rmSync(config, { force: true });
  const child = spawn(PROGRAM, [
    'simulate',
    '--port',
    String(port),
    '--seed',
    '7',
    '--write-kubeconfig',
    config,
  ]);
  server = child;
  await new Promise<void>((resolve, reject) => {
    let output = '';
    const look = (chunk: Buffer): void => {
      output += chunk;
      if (output.includes(config)) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', () => reject(new Error(`simulate ended: ${output}`)));
  });
}

async function stop(): Promise<void> {
  const child = server;
  if (child === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  server = undefined;
}

it('keeps running through a restart of the API server, says so, and resumes', async () => {
  const port = await freePort();
  const config = join(folder, 'kubeconfig');
  await start(port, config);
  term = startConsole(['--kubeconfig', config], { columns: 120, rows: 36 });
  await ready(term);
  await stop();
  const lost = await term.until(/unreachable \d+s.*(retry|next try) in \d+s/, 20_000);
  expect(lost).toContain('airflow');
  await start(port, config);
  await term.until((screen) => !/unreachable/.test(screen) && /score +\d+/.test(screen), 40_000);
  await term.keys('2');
  await term.until(/Pods \d+/);
}, 90_000);
