import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { at } from '../../demo/small-cluster.ts';

const TIMEOUT_MS = 50_000;

/** The kubectl to test with: KUBECTL names another one than that of the PATH. */
export const binary = process.env.KUBECTL ?? 'kubectl';

/** Minor version of kubectl; undefined when there is none. */
export function minorVersion(): number | undefined {
  try {
    const json = execFileSync(binary, ['version', '--client', '-o', 'json'], { stdio: 'pipe' });
    return Number.parseInt(String(at(JSON.parse(json.toString()), 'clientVersion', 'minor')), 10);
  } catch {
    return undefined;
  }
}

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** kubectl with a kubeconfig and a home of its own. */
export interface Client {
  readonly folder: string;
  /** Options to start kubectl with. */
  environment(): { env: NodeJS.ProcessEnv; cwd: string; timeout: number };
  run(...args: string[]): Promise<Result>;
  /** Output of a command that must succeed; its words are split at spaces. */
  ok(command: string): Promise<string>;
  close(): Promise<void>;
}

/** Sets kubectl up with the text of a kubeconfig. */
export async function startClient(kubeconfig: string): Promise<Client> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-'));
  await writeFile(join(folder, 'config'), kubeconfig);
  const environment = () => ({
    env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'config') },
    cwd: folder,
    timeout: TIMEOUT_MS,
  });
  const run = (...args: string[]): Promise<Result> =>
    new Promise((resolve) => {
      execFile(binary, args, environment(), (failure, out, error) => {
        resolve({ code: failure ? Number(failure.code ?? 1) : 0, out, error });
      });
    });
  return {
    folder,
    environment,
    run,
    async ok(command) {
      const { code, out, error } = await run(...command.split(' '));
      expect(`${command}: ${code} ${error}`).toMatch(/: 0 /);
      return out;
    },
    close: () => rm(folder, { recursive: true }),
  };
}
