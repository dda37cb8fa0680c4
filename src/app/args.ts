import { parseArgs } from 'node:util';
import { didYouMean, UsageError } from './errors.ts';
import {
  COMMANDS,
  type CommandName,
  FORMATS,
  OPTIONS,
  type OptionName,
  type Options,
  optionSpec,
} from './options.ts';

/** A well-formed command line. */
export interface Invocation {
  readonly command: CommandName;
  readonly options: Options;
  /** Areas for `check` as typed, the command name for `help`. */
  readonly operands: readonly string[];
}

interface Token {
  readonly name: OptionName;
  /** As typed, for messages. */
  readonly rawName: string;
  readonly value: string | undefined;
}

/** Understands a command line (without node and script). Throws UsageError with a hint for anything else. */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const { options, positionals } = tokenize(argv);
  const asked = options.find(({ name }) => name === 'help' || name === 'version')?.name;
  const command = commandOf(positionals[0]);
  if (asked === 'version') return { command: 'version', options: {}, operands: [] };
  if (asked === 'help') {
    return { command: 'help', options: {}, operands: command === 'console' ? [] : [command] };
  }
  const values = Object.fromEntries(options.map((token) => [token.name, optionValue(token, command)]));
  const invocation = { command, options: values as Options, operands: positionals.slice(1) };
  checkTogether(invocation);
  return invocation;
}

/** Splits argv with the platform's own tokenizer; unknown options end here. */
function tokenize(argv: readonly string[]): { options: Token[]; positionals: string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.keys(OPTIONS).map((name) => {
        const spec = optionSpec(name);
        return [
          name,
          { type: spec?.value ? 'string' : 'boolean', ...(spec?.short && { short: spec.short }) },
        ];
      }),
    ),
  });
  const options: Token[] = [];
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(OPTIONS, token.name)) throw unknownOption(token.rawName);
    // Without this, `--context --ascii` would look for a context called "--ascii".
    const swallowed = token.inlineValue === false && token.value.startsWith('-') && token.value !== '-';
    options.push({
      name: token.name as OptionName,
      rawName: token.rawName,
      value: swallowed ? undefined : token.value,
    });
  }
  return { options, positionals };
}

function unknownOption(rawName: string): UsageError {
  const near = didYouMean(rawName.replace(/^-+/, ''), Object.keys(OPTIONS));
  return new UsageError(`unknown option ${rawName}`, {
    fix: near ? `did you mean --${near}?` : 'homelab-top --help lists the options',
  });
}

function commandOf(word: string | undefined): CommandName {
  if (word === undefined) return 'console';
  if (Object.hasOwn(COMMANDS, word)) return word as CommandName;
  const near = didYouMean(word, Object.keys(COMMANDS));
  throw new UsageError(`unknown command ${word}`, {
    fix: near ? `did you mean ${near}?` : 'homelab-top --help lists the commands',
  });
}

function optionValue({ name, rawName, value }: Token, command: CommandName): unknown {
  const spec = optionSpec(name);
  if (spec === undefined) throw unknownOption(rawName);
  if (spec.commands && !spec.commands.includes(command)) {
    throw new UsageError(`${rawName} is not an option of ${command}`, {
      fix: `it belongs to: ${spec.commands.join(', ')}`,
    });
  }
  if (!spec.value) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`, { where: value });
    return spec.parse('');
  }
  if (value === undefined || value === '') {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${spec.value}`);
  }
  try {
    return spec.parse(value);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${rawName}: "${value}" ${error.message}`);
    throw error;
  }
}

/** Rules that need more than one word of the command line. */
function checkTogether({ command, options, operands }: Invocation): void {
  const takesOperands = 'operands' in COMMANDS[command];
  if (!takesOperands && operands.length > 0) {
    throw new UsageError(`${command} takes no further words`, { where: operands.join(' ') });
  }
  if (command === 'help' && operands[0] !== undefined) commandOf(operands[0]);
  if (options.output && (command === 'check' || command === 'report')) {
    const formats: readonly string[] = FORMATS[command];
    if (!formats.includes(options.output)) {
      throw new UsageError(`-o ${options.output} is not a format of ${command}`, {
        fix: `use one of ${formats.join(', ')}`,
      });
    }
  }
  if (options.demo && (options.kubeconfig || options.context)) {
    throw new UsageError('--demo brings its own cluster', { fix: 'leave out --kubeconfig and --context' });
  }
  const shaping = (['scenario', 'nodes', 'pods', 'seed'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (shaping && command !== 'simulate' && !options.demo) {
    throw new UsageError(`--${shaping} shapes the embedded homelab`, { fix: 'add --demo' });
  }
}
