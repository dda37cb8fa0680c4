import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConsoleController, type Surroundings } from '../../../src/app/console/controller.ts';
import { createConsoleStore } from '../../../src/app/console/store.ts';
import type { LiveSession } from '../../../src/app/session.ts';
import { ObjectTable } from '../../../src/domain/collection.ts';
import { ClusterJudge } from '../../../src/domain/judge.ts';
import type { PodInfo } from '../../../src/domain/kinds.ts';
import type { ClusterState } from '../../../src/domain/state.ts';
import { createTheme } from '../../../src/views/ui/theme.ts';
import { cluster, container, NOW, node, pod, status, table, waiting } from '../../domain/build.ts';
import { session as target } from '../../support/model.ts';

const theme = createTheme({ color: 'none', theme: 'mono', unicode: true, screenReader: false });

const broken = (name: string): PodInfo =>
  pod(name, {
    nodeName: 'a',
    containers: [container('main')],
    statuses: [status('main', { ready: false, state: waiting('CrashLoopBackOff') })],
  });

function sessionOver(state: ClusterState, more: Partial<LiveSession> = {}): LiveSession {
  const judge = new ClusterJudge();
  const connection = { status: 'live', since: NOW } as const;
  return {
    target,
    judge,
    state: () => state,
    connection: () => connection,
    assess: (now) => judge.assess(state, connection, now),
    settled: async () => {},
    retryNow: () => {},
    read: async () => ['kind: Pod', 'metadata:'],
    logs: async (_ref, _request, push) => push(['first line', 'second line']),
    close: async () => {},
    ...more,
  };
}

function consoleOn(session: LiveSession, more: Partial<Surroundings> = {}) {
  const store = createConsoleStore(session, '');
  const controller = new ConsoleController(store, theme, {
    size: () => ({ columns: 100, rows: 30 }),
    open: async () => session,
    copy: () => true,
    save: async () => '/state/screen.txt',
    repaint: () => {},
    suspend: async () => {},
    quit: () => {},
    ...more,
  });
  const screen = (): string => store.getState().frame.join('\n');
  const type = (text: string): void => controller.key({ type: 'char', text });
  controller.redraw();
  return { controller, store, screen, type };
}

/** Runs timers and whatever promises they wake. */
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('the console loop', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  function start(more: Partial<Surroundings> = {}, session: Partial<LiveSession> = {}) {
    vi.useFakeTimers({
      now: NOW,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    });
    const pods = new ObjectTable<PodInfo>();
    pods.upsert(broken('one'));
    const state = cluster({ nodes: table(node('a')), pods });
    return { pods, ...consoleOn(sessionOver(state, session), more) };
  }

  it('shows what the session knows, and new data within a quarter of a second', async () => {
    const { controller, pods, screen, type } = start();
    type('2');
    expect(screen()).toContain('default/one');
    pods.upsert(broken('two'));
    controller.dataChanged();
    await pass(260);
    expect(screen()).toContain('default/two');
    await controller.stop();
  });

  it('leaves the rows alone while nothing visible changes', async () => {
    const { controller, store } = start();
    await pass(2_000);
    const before = store.getState().frame;
    await pass(5_000);
    expect(store.getState().frame).toBe(before);
    await controller.stop();
  });

  it('holds a frozen screen still while the cluster moves on', async () => {
    const { controller, pods, screen, type } = start();
    type('2');
    type('f');
    pods.upsert(broken('two'));
    controller.dataChanged();
    await pass(2_000);
    expect(screen()).toContain('FROZEN');
    expect(screen()).not.toContain('default/two');
    type('f');
    expect(screen()).toContain('default/two');
    await controller.stop();
  });

  it('says what became of a copy and takes the message away again', async () => {
    const { controller, screen, type } = start({ copy: () => false });
    type('c');
    await pass(300);
    expect(screen()).toContain("too long for the terminal's clipboard");
    await pass(6_000);
    expect(screen()).not.toContain('clipboard');
    await controller.stop();
  });

  it('loads YAML into a viewer and drops it when the viewer is closed', async () => {
    const { controller, screen, store, type } = start();
    type('2');
    type('y');
    await pass(300);
    expect(screen()).toContain('kind: Pod');
    controller.key({ type: 'key', name: 'escape' });
    expect(store.getState().viewer).toBeUndefined();
    await controller.stop();
  });

  it('saves the whole text, not only what fits', async () => {
    const saved: string[] = [];
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    const save = async (text: string): Promise<string> => {
      saved.push(text);
      return '/state/text.txt';
    };
    const { controller, screen, type } = start({ save }, { read: async () => lines });
    type('2');
    type('y');
    await pass(300);
    controller.key({ type: 'key', name: 'ctrl-s' });
    await pass(300);
    expect(saved).toEqual([`${lines.join('\n')}\n`]);
    expect(screen()).toContain('saved to /state/text.txt');
    await controller.stop();
  });

  it('shows why something could not be read, in place of it', async () => {
    const read = async () => {
      throw new Error('socket hang up');
    };
    const { controller, screen, type } = start({}, { read });
    type('2');
    type('d');
    await pass(300);
    expect(screen()).toContain('socket hang up');
    await controller.stop();
  });

  it('stays on the old context when the new one cannot be opened', async () => {
    let closed = 0;
    const close = async (): Promise<void> => {
      closed += 1;
    };
    const open = async (): Promise<LiveSession> => {
      throw Object.assign(new Error('no context "b"'), { kind: 'config' });
    };
    const { controller, screen, type } = start(
      { open },
      { close, target: { ...target, contexts: ['a', 'b'] } },
    );
    type('C');
    controller.key({ type: 'key', name: 'down' });
    controller.key({ type: 'key', name: 'enter' });
    await pass(300);
    expect(screen()).toContain('cannot open');
    expect(screen()).toContain('no context "b"');
    expect(closed).toBe(0);
    await controller.stop();
  });

  it('uses the context chosen last, whichever opens first', async () => {
    const closed: string[] = [];
    const named = (name: string): LiveSession =>
      sessionOver(cluster({}), {
        target: { ...target, context: name, contexts: ['a', 'b', 'c'] },
        close: async () => void closed.push(name),
      });
    const opening: Record<string, (session: LiveSession) => void> = {};
    const open = (name: string): Promise<LiveSession> =>
      new Promise((resolve) => {
        opening[name] = resolve;
      });
    const { controller, store, type } = start(
      { open },
      { target: { ...target, context: 'a', contexts: ['a', 'b', 'c'] } },
    );
    for (const name of ['b', 'c']) {
      type('C');
      type(name);
      controller.key({ type: 'key', name: 'enter' });
    }
    opening.c?.(named('c'));
    await pass(300);
    opening.b?.(named('b'));
    await pass(300);
    expect(store.getState().session.target.context).toBe('c');
    expect(closed).toEqual(['b']);
    await controller.stop();
  });
});
