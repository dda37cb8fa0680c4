/** What the end of a container means, in words. */
import type { ContainerState } from './kinds.ts';

/** The end of a container. */
export type Terminated = ContainerState & { kind: 'terminated' };

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'ended by itself without an error',
  1: 'application error',
  2: 'application error or wrong usage',
  125: 'the container runtime failed',
  126: 'the command cannot be run',
  127: 'the command was not found',
  134: 'aborted itself',
  137: 'killed: not by the OOM killer, so by a probe, the node or a human',
  139: 'crashed on a bad memory access',
  143: 'asked to stop and obeyed',
};

/** What kubelet and runtime say when the exit code is theirs and not the program's. */
const REASONS: Readonly<Record<string, string>> = {
  StartError: 'it could not be started',
  ContainerCannotRun: 'it could not be started',
  ContainerStatusUnknown: 'its node lost track of it',
};

/** True when the kernel killed the container for its memory. */
export function isOom(state: ContainerState | undefined): boolean {
  return state?.kind === 'terminated' && state.reason === 'OOMKilled';
}

/** Short: `OOMKilled`, `exit 1`, `SIGSEGV`. A code of 128+N stands for signal N. */
export function exitLabel(state: Terminated): string {
  if (state.reason !== undefined && (isOom(state) || state.reason in REASONS)) return state.reason;
  const signal = state.signal ?? (state.exitCode > 128 ? state.exitCode - 128 : 0);
  const name = SIGNALS[signal];
  if (name !== undefined) return name;
  return state.signal ? `signal ${state.signal}` : `exit ${state.exitCode}`;
}

/** One sentence: `exit 127: the command was not found`. */
export function exitMeaning(state: Terminated): string {
  if (isOom(state)) return 'OOMKilled: the container used more memory than its limit';
  const label = exitLabel(state);
  const told = REASONS[label];
  if (told !== undefined) return `${label}: ${told}`;
  const meaning = MEANINGS[state.signal ? 128 + state.signal : state.exitCode];
  const code = label.startsWith('exit') ? label : `${label} (exit ${state.exitCode})`;
  return meaning === undefined ? code : `${code}: ${meaning}`;
}
