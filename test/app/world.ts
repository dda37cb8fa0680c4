/** A made-up world for commands: captured output, a session that holds a hand-made state. */
import { Writable } from 'node:stream';
import type { CommandIo, Output } from '../../src/app/commands/command.ts';
import type { LiveSession } from '../../src/app/session.ts';
import type { ClusterState } from '../../src/domain/state.ts';
import { assessment, clusterState, NOW, TARGET } from './sample.ts';

/** A stream that remembers; `fail` makes every write end with that error code. */
export class Captured extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 100;
  readonly rows = 30;
  private readonly fail: string | undefined;

  constructor({ isTTY = false, fail }: { isTTY?: boolean; fail?: string } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    this.fail = fail;
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error) => void): void {
    if (this.fail) done(Object.assign(new Error(`write ${this.fail}`), { code: this.fail }));
    else {
      this.text += chunk;
      done();
    }
  }
}

/** A session over fixed data; `overrides` change what a test is about. */
export function fakeSession(
  overrides: Partial<LiveSession> = {},
  state: ClusterState = clusterState(),
): LiveSession {
  const unused = (): never => {
    throw new Error('not used by one-shot commands');
  };
  return {
    target: {
      context: TARGET.context,
      contexts: [TARGET.context],
      server: TARGET.server,
      user: 'erika',
      insecure: false,
      demo: false,
      mode: 'READ-ONLY',
    },
    get judge(): never {
      return unused();
    },
    state: () => state,
    connection: () => ({ status: 'live', since: NOW }),
    assess: () => assessment(),
    settled: async () => undefined,
    retryNow: unused,
    read: unused,
    logs: unused,
    close: async () => undefined,
    ...overrides,
  };
}

export interface World extends CommandIo {
  readonly stdout: Captured & Output;
  readonly stderr: Captured & Output;
}

export function world(overrides: Partial<CommandIo> & { stdout?: Captured } = {}): World {
  return {
    stdout: new Captured(),
    stderr: new Captured(),
    env: { HOME: '/nowhere', LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    signal: new AbortController().signal,
    now: () => NOW,
    openSession: async () => fakeSession(),
    startHomelab: () => Promise.reject(new Error('no homelab in this world')),
    ...overrides,
  } as World;
}
