import { type Invocation, parseCommandLine } from './args.ts';
import { type Command, type CommandIo, print } from './commands/command.ts';
import { complaintOf, EXIT, EXIT_OF_SIGNAL, formatComplaint, Interrupted } from './errors.ts';
import { helpText } from './help.ts';
import type { CommandName } from './options.ts';
import { VERSION } from './version.ts';

/** Loads a command when it is named, so that starting one does not pay for the others. */
const COMMANDS: Readonly<Record<Exclude<CommandName, 'console'>, () => Promise<Command>>> = {
  check: async () => (await import('./commands/check.ts')).check,
  report: async () => (await import('./commands/report.ts')).report,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  simulate: async () => (await import('./commands/simulate.ts')).simulate,
  help: async () => help,
  version: async () => version,
};

/**
 * Runs a command line and resolves to the exit code. `console` is started for no command on a terminal; without a
 * terminal the same question is answered by a plain `check` of everything.
 */
export async function runCli(argv: readonly string[], io: CommandIo, console: Command): Promise<number> {
  // Failed writes are reported through their callbacks; without a listener the event would end the process.
  io.stdout.on('error', () => undefined);
  try {
    const invocation = parseCommandLine(argv);
    const command = await commandFor(invocation, io, console);
    return await command(invocation, io);
  } catch (error) {
    return await failed(error, io);
  }
}

function commandFor({ command }: Invocation, io: CommandIo, console: Command): Promise<Command> {
  if (command !== 'console') return COMMANDS[command]();
  return io.stdout.isTTY ? Promise.resolve(console) : COMMANDS.check();
}

async function failed(error: unknown, io: CommandIo): Promise<number> {
  if (error instanceof Interrupted) return error.exitCode;
  if (isBrokenPipe(error)) return EXIT.healthy;
  const complaint = complaintOf(error);
  await print(io.stderr, formatComplaint(complaint)).catch(() => undefined);
  return complaint.exitCode;
}

/** The reader (head, less) has seen enough: nothing went wrong. */
function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

const help: Command = async ({ operands }, io) => {
  await print(io.stdout, helpText(operands[0] as CommandName | undefined));
  return EXIT.healthy;
};

const version: Command = async (_invocation, io) => {
  await print(io.stdout, `homelab-top ${VERSION} (Node.js ${process.version})\n`);
  return EXIT.healthy;
};

/** The real world: this process, its environment, clusters and the embedded homelab. */
export function systemIo(): CommandIo {
  const { stdout, stderr, env } = process;
  return {
    stdout,
    stderr,
    env,
    signal: abortOnSignals(),
    now: Date.now,
    openSession: async (options) => (await import('./session.ts')).openSession(options),
    startHomelab: async (options) => (await import('./homelab.ts')).startHomelab(options),
  };
}

/** Ctrl-C reaches this process twice, from the terminal and through the launcher: only a later one is impatience. */
const IMPATIENT_MS = 500;

/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP; another one later ends the process at once. The handlers stay,
 * because Ink's exit hook ends the process by itself where it finds no other handler of a signal.
 */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  for (const name of Object.keys(EXIT_OF_SIGNAL) as (keyof typeof EXIT_OF_SIGNAL)[]) {
    process.on(name, () => {
      const at = performance.now();
      firstAt ??= at;
      if (at - firstAt > IMPATIENT_MS) process.exit(EXIT_OF_SIGNAL[name]);
      controller.abort(new Interrupted(name));
    });
  }
  return controller.signal;
}
