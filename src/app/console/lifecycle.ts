import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, Interrupted } from '../errors.ts';
import { ensureStateDir, writePrivateFile } from '../paths.ts';

/** How the console ended: an exit code and, after a crash, what to tell the user. */
export interface Ending {
  readonly code: number;
  readonly message?: string;
}

const HANG_UP_EVENTS = ['end', 'close', 'error'];

/** Exit code after the terminal hung up, as for SIGHUP. */
const HUNG_UP = 129;

/** How often to look whether the launcher is still there; without it nobody restores the terminal. */
const PARENT_CHECK_MS = 1_000;

/**
 * Resolves when the process should end: a signal, a terminal that hung up, a launcher that died, or an error
 * nobody caught. Call `stop` to remove the handlers again.
 */
export function untilEnd(
  stdin: NodeJS.ReadableStream,
  signal: AbortSignal,
): { ended: Promise<Ending>; end(ending: Ending): void; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const hungUp = (): void => resolve({ code: HUNG_UP });
  const signalled = (): void => resolve({ code: exitCodeOf(signal.reason) });
  const crashed = (error: unknown): void => {
    void crashMessage(error).then((message) => resolve({ code: EXIT.bug, message }));
  };
  const parent = process.ppid;
  const parentCheck = setInterval(() => {
    if (process.ppid !== parent) hungUp();
  }, PARENT_CHECK_MS);
  signal.addEventListener('abort', signalled);
  for (const event of HANG_UP_EVENTS) stdin.on(event, hungUp);
  process.on('uncaughtException', crashed);
  process.on('unhandledRejection', crashed);
  return {
    ended: promise,
    end: resolve,
    stop() {
      clearInterval(parentCheck);
      signal.removeEventListener('abort', signalled);
      for (const event of HANG_UP_EVENTS) stdin.off(event, hungUp);
      process.off('uncaughtException', crashed);
      process.off('unhandledRejection', crashed);
    },
  };
}

/** Writes the stack to a private file and returns the line for the user. */
async function crashMessage(error: unknown): Promise<string> {
  const summary = error instanceof Error ? error.message : String(error);
  try {
    const file = await savePrivately('crash', `${error instanceof Error ? error.stack : summary}\n`);
    return `homelab-top: internal error: ${summary} (details in ${file})`;
  } catch {
    return `homelab-top: internal error: ${summary}`;
  }
}

/** Writes text to a new private file under the state directory and returns its path. */
export async function savePrivately(kind: 'crash' | 'text', text: string): Promise<string> {
  const directory = join(await ensureStateDir(process.env), kind);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const file = join(directory, `${stamp}-${randomBytes(3).toString('hex')}.txt`);
  await writePrivateFile(file, text);
  return file;
}

function exitCodeOf(reason: unknown): number {
  return reason instanceof Interrupted ? reason.exitCode : EXIT.bug;
}
