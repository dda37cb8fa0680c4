import { createStore, type StoreApi } from 'zustand/vanilla';
import { initialUi } from '../../views/interaction.ts';
import type { UiState, ViewerContent } from '../../views/model.ts';
import type { LiveSession } from '../session.ts';
import type { FrozenView } from './freeze.ts';

/** One line of the collectors' log (key `L`). */
export interface LogEntry {
  readonly at: number;
  readonly text: string;
}

/** Everything the console remembers; the cluster's data stay in the session. */
export interface ConsoleState {
  readonly ui: UiState;
  readonly session: LiveSession;
  readonly viewer: ViewerContent | undefined;
  readonly frozen: FrozenView | undefined;
  readonly log: readonly LogEntry[];
  /** Painted rows on screen, which is all that React sees. */
  readonly frame: readonly string[];
}

export type ConsoleStore = StoreApi<ConsoleState>;

const LOG_ENTRIES = 500;

/** The store at start: nothing drawn, nothing pressed. */
export function createConsoleStore(session: LiveSession, namespace: string): ConsoleStore {
  return createStore<ConsoleState>()(() => ({
    ui: { ...initialUi(), namespace },
    session,
    viewer: undefined,
    frozen: undefined,
    log: [],
    frame: [],
  }));
}

/** Adds a line to the collectors' log, which is bounded. */
export function appendLog(store: ConsoleStore, entry: LogEntry): void {
  store.setState(({ log }) => ({ log: [...log.slice(-(LOG_ENTRIES - 1)), entry] }));
}
