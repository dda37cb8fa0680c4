import type { Writable } from 'node:stream';
import type { SourceName } from '../../domain/state.ts';
import type { Caps } from '../../views/ui/theme.ts';
import type { Invocation } from '../args.ts';
import { capabilities } from '../capabilities.ts';
import { resolveSettings, type Settings } from '../config.ts';
import type { Homelab } from '../homelab.ts';
import type { Options } from '../options.ts';
import type { Env } from '../paths.ts';
import type { LiveSession, SessionOptions } from '../session.ts';

/** Where text goes: a stream that may be a terminal. */
export type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** The world as a command sees it; tests hand in their own. */
export interface CommandIo {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Env;
  /** Aborted when the user or the system wants the program to end. */
  readonly signal: AbortSignal;
  /** Wall clock, epoch ms. */
  now(): number;
  openSession(options: SessionOptions): Promise<LiveSession>;
  startHomelab(options: NonNullable<SessionOptions['demo']>): Promise<Homelab>;
}

/** A one-shot command; resolves to the exit code. */
export type Command = (invocation: Invocation, io: CommandIo) => Promise<number>;

/** How long to wait for sources that must answer, unless --timeout says otherwise. */
export const DEFAULT_TIMEOUT_S = 15;

/** How long logging in may take by default: a login plugin may ask its user for a second factor. */
const LOGIN_TIMEOUT_S = 60;

/** Writes text and waits until it was handed over. Rejects with EPIPE when nobody reads any more. */
export function print(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Looks of printed text: plain unless it goes to a terminal. */
export function looks(stream: Output, env: Env, settings: Pick<Settings, 'ascii' | 'color'>): Caps {
  const { ascii, color } = settings;
  return capabilities(env, {
    ...(ascii !== undefined && { ascii }),
    color: (stream.isTTY ?? false) && color !== false,
  });
}

/** Flags and settings as a session wants them. */
export function sessionOptions(options: Options, settings: Settings): SessionOptions {
  if (!options.demo) {
    const { kubeconfig, context } = settings;
    return { ...(kubeconfig && { kubeconfig }), ...(context && { context }) };
  }
  return { demo: demoOptions(options) };
}

/** The options that shape the embedded homelab. */
export function demoOptions(options: Options): NonNullable<SessionOptions['demo']> {
  const { scenario, seed, nodes, pods, port } = options;
  return {
    ...(scenario !== undefined && { scenario }),
    ...(seed !== undefined && { seed }),
    ...(nodes !== undefined && { nodes }),
    ...(pods !== undefined && { pods }),
    ...(port !== undefined && { port }),
  };
}

/**
 * Opens a session, waits until the needed sources have answered or the deadline passed, and closes it again when
 * `use` is done. Gives up at once when the program is to end.
 */
export async function withSession<T>(
  { options }: Invocation,
  io: CommandIo,
  needed: readonly SourceName[],
  use: (session: LiveSession, settings: Settings, deadlineMs: number) => Promise<T>,
): Promise<T> {
  const settings = await resolveSettings(options, io.env);
  const opening = io.openSession(sessionOptions(options, settings));
  const loginMs = (options.timeout ?? LOGIN_TIMEOUT_S) * 1000;
  const session = await unlessAborted(within(loginMs, opening), io.signal).catch((error: unknown) => {
    void opening.then((late) => late.close()).catch(() => undefined);
    throw error;
  });
  try {
    const deadlineMs = (options.timeout ?? DEFAULT_TIMEOUT_S) * 1000;
    await unlessAborted(session.settled(needed, deadlineMs), io.signal);
    return await use(session, settings, deadlineMs);
  } finally {
    await session.close();
  }
}

/** The promise, or a rejection when it takes too long: a login plugin of the kubeconfig may never end. */
async function within<T>(ms: number, login: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const fix = 'run the plugin named in the kubeconfig by hand, or allow more time with --timeout';
    const error = new Error(`not logged in after ${ms / 1000} s, the login plugin may hang`);
    reject(Object.assign(error, { kind: 'timeout', fix }));
  }, ms);
  try {
    return await Promise.race([login, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The promise, or a rejection with the reason of `signal` as soon as that is aborted. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
