/** The one table of options: the parser, the types, the help text and the did-you-mean all read it. */
import { UsageError } from './errors.ts';

/** Every command that can be named on the command line; `console` is what runs when none is. */
export const COMMANDS = {
  console: { summary: 'the full-screen console (when no command is given)' },
  check: { summary: 'judge the cluster once and exit with a code', operands: '[AREA...]' },
  report: { summary: 'triage report for an issue or incident channel, redacted' },
  doctor: { summary: 'what can be reached, which permissions are missing, the fix' },
  simulate: { summary: 'serve the embedded homelab for kubectl and homelab-top' },
  help: { summary: 'this text, or the options of one command', operands: '[COMMAND]' },
  version: { summary: 'print the version' },
} as const satisfies Record<string, { summary: string; operands?: string }>;

export type CommandName = keyof typeof COMMANDS;

/** One option as parsed and as explained. `T` is the type of its value. */
export interface OptionSpec<T> {
  readonly short?: string;
  /** Placeholder of the value in help; a flag has none and its `parse` is called with ''. */
  readonly value?: string;
  readonly help: string;
  readonly group: 'Cluster' | 'Embedded homelab' | 'Looks' | 'Output' | 'Program';
  /** Commands that know this option; absent means all. */
  readonly commands?: readonly CommandName[];
  /** Turns the text into a value, or throws a UsageError that completes the sentence `"text" …`. */
  readonly parse: (text: string) => T;
}

const flag = (): true => true;
const text = (value: string): string => value;

function choice<const T extends string>(values: readonly T[]): (value: string) => T {
  return (value) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw new UsageError(`must be one of ${values.join(', ')}`);
    return found;
  };
}

function integer(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new UsageError(`must be a whole number from ${least} to ${most}`);
    }
    return number;
  };
}

export const THEMES = ['ansi16', 'dark', 'light', 'mono'] as const;
/** Output formats by command; the first one is used when `-o` is absent. */
export const FORMATS = {
  check: ['text', 'json', 'prometheus', 'junit'],
  report: ['markdown', 'json'],
} as const;
export type OutputFormat = (typeof FORMATS)[keyof typeof FORMATS][number];
const ALL_FORMATS = [...new Set<OutputFormat>([...FORMATS.check, ...FORMATS.report])];

const ON_CLUSTER: readonly CommandName[] = ['console', 'check', 'report', 'doctor'];
const WITH_DEMO: readonly CommandName[] = [...ON_CLUSTER, 'simulate'];

export const OPTIONS = {
  kubeconfig: {
    value: 'FILE',
    help: 'kubeconfig (default: $KUBECONFIG, ~/.kube/config)',
    group: 'Cluster',
    commands: ON_CLUSTER,
    parse: text,
  },
  context: {
    value: 'NAME',
    help: 'kube context (default: the current one)',
    group: 'Cluster',
    commands: ON_CLUSTER,
    parse: text,
  },
  namespace: {
    short: 'n',
    value: 'NAME',
    help: 'namespace to show first (default: all)',
    group: 'Cluster',
    commands: ['console'],
    parse: text,
  },
  timeout: {
    value: 'SECONDS',
    help: 'how long to wait for answers (default: 15)',
    group: 'Cluster',
    commands: ['check', 'report', 'doctor'],
    parse: integer(1, 600),
  },
  demo: {
    help: 'use the embedded homelab, no cluster needed',
    group: 'Embedded homelab',
    commands: ON_CLUSTER,
    parse: flag,
  },
  scenario: {
    value: 'NAME',
    help: 'what goes on in it (default: milestone)',
    group: 'Embedded homelab',
    commands: WITH_DEMO,
    parse: text,
  },
  nodes: {
    value: 'N',
    help: 'make it larger: number of nodes',
    group: 'Embedded homelab',
    commands: WITH_DEMO,
    parse: integer(1, 5_000),
  },
  pods: {
    value: 'N',
    help: 'make it larger: number of pods',
    group: 'Embedded homelab',
    commands: WITH_DEMO,
    parse: integer(1, 100_000),
  },
  seed: {
    value: 'N',
    help: 'seed of its randomness: same seed, same events',
    group: 'Embedded homelab',
    commands: WITH_DEMO,
    parse: integer(0, 2 ** 31 - 1),
  },
  port: {
    value: 'N',
    help: 'loopback port to serve on (default: a free one)',
    group: 'Embedded homelab',
    commands: ['simulate'],
    parse: integer(1, 65_535),
  },
  'write-kubeconfig': {
    value: 'FILE',
    help: 'write the kubeconfig there (must not exist yet)',
    group: 'Embedded homelab',
    commands: ['simulate'],
    parse: text,
  },
  output: {
    short: 'o',
    value: 'FORMAT',
    help: ALL_FORMATS.join(', '),
    group: 'Output',
    commands: ['check', 'report'],
    parse: choice(ALL_FORMATS),
  },
  theme: {
    value: 'NAME',
    help: THEMES.join(', '),
    group: 'Looks',
    commands: ['console'],
    parse: choice(THEMES),
  },
  'no-color': {
    help: 'no colours (also: NO_COLOR=1)',
    group: 'Looks',
    commands: ON_CLUSTER,
    parse: flag,
  },
  ascii: {
    help: 'ASCII instead of line drawing and symbols',
    group: 'Looks',
    commands: ON_CLUSTER,
    parse: flag,
  },
  config: {
    value: 'FILE',
    help: 'settings, YAML (doctor names the default file)',
    group: 'Program',
    commands: ON_CLUSTER,
    parse: text,
  },
  help: { short: 'h', help: 'show help', group: 'Program', parse: flag },
  version: { short: 'V', help: 'show the version', group: 'Program', parse: flag },
} as const satisfies Record<string, OptionSpec<unknown>>;

export type OptionName = keyof typeof OPTIONS;

/** The values given on the command line. */
export type Options = { readonly [K in OptionName]?: ReturnType<(typeof OPTIONS)[K]['parse']> };

/** The specification of an option by its long name, or undefined for an unknown one. */
export function optionSpec(name: string): OptionSpec<unknown> | undefined {
  return Object.hasOwn(OPTIONS, name) ? OPTIONS[name as OptionName] : undefined;
}
