import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM } from './run.ts';

/** The built program serving its embedded homelab in a process of its own. */
export interface Simulation {
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** Starts `homelab-top simulate` and resolves when it serves. The caller stops it. */
export async function simulate(...args: readonly string[]): Promise<Simulation> {
  const folder = mkdtempSync(join(tmpdir(), 'homelab-top-simulate-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const child = spawn(PROGRAM, ['simulate', '--write-kubeconfig', kubeconfig, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk;
      if (existsSync(kubeconfig) && output.includes(kubeconfig)) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void ended.then(() => reject(new Error(`simulate ended: ${output}`)));
  });
  await ready;
  return {
    kubeconfig,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
