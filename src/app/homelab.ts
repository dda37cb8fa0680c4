import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DemoOptions } from '../demo/index.ts';
import type { DemoMessage } from '../demo/worker.ts';
import { UsageError } from './errors.ts';

/** A running embedded homelab. */
export interface Homelab {
  /** File to use as kubeconfig. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/**
 * Starts the embedded homelab in a worker thread and writes the kubeconfig that leads to it into a private
 * temporary directory. Throws UsageError when its options make no sense, such as an unknown scenario.
 */
export async function startHomelab(options: DemoOptions): Promise<Homelab> {
  const worker = new Worker(new URL('./demo-worker.js', import.meta.url), { workerData: options });
  const [message] = (await once(worker, 'message')) as [DemoMessage];
  if (message.type === 'failed') {
    await worker.terminate();
    throw new UsageError(message.message);
  }
  const directory = await mkdtemp(join(tmpdir(), 'homelab-top-'));
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, message.kubeconfig, { mode: 0o600 });
  return {
    kubeconfig,
    async stop() {
      await worker.terminate();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
