import { clean } from '../domain/text.ts';

/** Exit codes of every command: 0-3 describe the cluster, 64 (EX_USAGE of sysexits) a wrong invocation. */
export const EXIT = { healthy: 0, warning: 1, critical: 2, unknown: 3, usage: 64, bug: 70 } as const;

const MESSAGE_LENGTH = 500;

interface Explanation {
  /** The word, file or address the trouble is about. */
  readonly where?: string;
  /** What the user can do about it. */
  readonly fix?: string;
}

/** The command line is wrong. Exit code 64. */
export class UsageError extends Error {
  readonly exitCode = EXIT.usage;
  readonly where?: string;
  readonly fix?: string;

  constructor(message: string, explanation: Explanation = {}) {
    super(message);
    this.name = 'UsageError';
    Object.assign(this, explanation);
  }
}

/** Our own configuration file is wrong. Exit code 64, because it is a part of how the program was invoked. */
export class SettingsError extends UsageError {
  override readonly name = 'SettingsError';
}

/** What the user needs to read of any error. */
export interface Complaint extends Explanation {
  readonly message: string;
  readonly exitCode: number;
}

/**
 * Makes a complaint of anything thrown. Errors that say `kind` come from a collector (kubeconfig, login,
 * connection): the cluster's state is then unknown, exit 3. An error that explains nothing is our own bug, exit 70.
 */
export function complaintOf(error: unknown): Complaint {
  const message = firstLine(error instanceof Error ? error.message : String(error));
  if (typeof error !== 'object' || error === null) return { message, exitCode: EXIT.bug };
  const where = textField(error, 'where');
  const fix = textField(error, 'fix');
  const explanation = { ...(where && { where }), ...(fix && { fix }) };
  if (error instanceof UsageError) return { message, ...explanation, exitCode: error.exitCode };
  if (textField(error, 'kind')) return { message, ...explanation, exitCode: EXIT.unknown };
  return {
    message: `internal error: ${message}`,
    fix: 'this is a bug in homelab-top: please report it, with what you did',
    exitCode: EXIT.bug,
  };
}

/** Two lines at most: what and where, then the fix. Never a stack. Ends with a newline. */
export function formatComplaint({ message, where, fix }: Complaint): string {
  const place = where && !message.includes(where) ? ` (${where})` : '';
  const advice = fix ? `  fix: ${fix}\n` : '';
  return `homelab-top: ${message}${place}\n${advice}`;
}

/** The nearest of `known` to a mistyped word, or undefined when none is near (Levenshtein distance, up to a third off). */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.ceil(word.length / 3) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/** Levenshtein distance by the two-row method of Wagner and Fischer. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function textField(error: object, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' && value !== '' ? firstLine(value) : undefined;
}

/** Parsers quote the offending text over many lines; one is enough to act on, and the text may hold anything. */
function firstLine(text: string): string {
  return clean(text.split('\n', 1)[0]?.trim() ?? '', MESSAGE_LENGTH) || 'no reason given';
}

/** Exit codes after a signal, by the shells' convention. */
export const EXIT_OF_SIGNAL = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The reason of an aborted run: which signal ended it. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: keyof typeof EXIT_OF_SIGNAL) {
    super(`interrupted by ${signal}`);
    this.exitCode = EXIT_OF_SIGNAL[signal];
  }
}
