import { parentPort, workerData } from 'node:worker_threads';
import { type DemoOptions, startDemo } from './index.ts';

/** What the worker tells the thread that started it. */
export type DemoMessage =
  | { readonly type: 'ready'; readonly kubeconfig: string }
  | { readonly type: 'failed'; readonly message: string };

/** Serves the embedded homelab from a thread of its own, so that it cannot slow the console it feeds. */
async function serve(): Promise<void> {
  const tell = (message: DemoMessage): void => parentPort?.postMessage(message);
  try {
    const demo = await startDemo(workerData as DemoOptions);
    tell({ type: 'ready', kubeconfig: demo.kubeconfig });
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

void serve();
