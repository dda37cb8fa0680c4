import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { render } from 'ink';
import { createElement } from 'react';
import { createTheme } from '../../views/ui/theme.ts';
import type { Invocation } from '../args.ts';
import { capabilities } from '../capabilities.ts';
import { type CommandIo, sessionOptions, unlessAborted } from '../commands/command.ts';
import { resolveSettings } from '../config.ts';
import { EXIT } from '../errors.ts';
import type { Env } from '../paths.ts';
import type { LiveSession } from '../session.ts';
import { clipboardRequest } from '../terminal/clipboard.ts';
import { KeyGatherer } from '../terminal/keys.ts';
import { TerminalOwner } from '../terminal/owner.ts';
import { App } from './App.tsx';
import { ConsoleController } from './controller.ts';
import { type Ending, savePrivately, untilEnd } from './lifecycle.ts';
import { type ConsoleStore, createConsoleStore } from './store.ts';

/** How long leaving waits for connections to close. */
const CLOSE_DEADLINE_MS = 300;

const RESUME_MS = 50;

/**
 * Runs the full-screen console until it is left and resolves with the exit code. Errors in kubeconfig or
 * credentials are thrown before the terminal is touched, and credential plugins may prompt there.
 */
export async function runConsole({ options }: Invocation, io: CommandIo): Promise<number> {
  const settings = await resolveSettings(options, io.env);
  const terminal = new TerminalOwner(process.stdin, process.stdout);
  let controller: ConsoleController | undefined;
  const open = (context?: string): Promise<LiveSession> =>
    io.openSession({
      ...sessionOptions(options, settings),
      ...(context !== undefined && { context }),
      onChange: () => controller?.dataChanged(),
      onLog: (text) => controller?.log(text),
      withTerminal: (work) => terminal.lend(work),
    });
  // Logging in may take long, and must be possible to give up.
  const session = await unlessAborted(open(), io.signal);
  const store = createConsoleStore(session, settings.namespace ?? '');
  const life = untilEnd(process.stdin, io.signal);
  const reportStall = watchStalls(io.env.HOMELAB_TOP_STATS);
  controller = new ConsoleController(store, createTheme(capabilities(io.env, settings)), {
    size: () => ({ columns: terminal.sink.columns, rows: terminal.sink.rows }),
    open,
    copy: (text) => copy(terminal, text, io.env),
    save: (text) => savePrivately('text', text),
    repaint: () => terminal.sink.repaint(),
    suspend: () => suspend(terminal),
    quit: () => life.end({ code: EXIT.healthy }),
  });
  try {
    const { code, message } = await drawUntil(life.ended, terminal, store, controller);
    await terminal.leave();
    if (message !== undefined) io.stderr.write(`${message}\n`);
    // A collector that hangs must not keep the shell waiting.
    await Promise.race([controller.stop(), new Promise((resolve) => setTimeout(resolve, CLOSE_DEADLINE_MS))]);
    return code;
  } finally {
    terminal.leaveNow();
    reportStall();
    life.stop();
  }
}

async function drawUntil(
  ended: Promise<Ending>,
  terminal: TerminalOwner,
  store: ConsoleStore,
  controller: ConsoleController,
): Promise<Ending> {
  terminal.enter();
  controller.redraw();
  terminal.sink.on('resize', () => controller.redraw());
  const ink = render(createElement(App, { store, keys: new KeyGatherer(controller.key) }), {
    // The sink receives frames; it is not a stream, but has all that Ink uses of one.
    stdout: terminal.sink as unknown as NodeJS.WriteStream,
    stdin: process.stdin,
    // Whole frames without cursor movement, because the sink does the diffing.
    debug: true,
    // CI in the environment of a real terminal must not switch drawing off.
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const ending = await ended;
  terminal.sink.pause();
  ink.unmount();
  return ending;
}

/** Asks the terminal to take `text` to its clipboard; false when it is too long to be taken. */
function copy(terminal: TerminalOwner, text: string, env: Env): boolean {
  const request = clipboardRequest(text, env);
  if (request !== undefined) terminal.sendControl(request);
  return request !== undefined;
}

/** Ctrl-Z: gives the terminal back and stops the whole job, as the terminal driver would; returns after `fg`. */
function suspend(terminal: TerminalOwner): Promise<void> {
  return terminal.lend(async () => {
    process.kill(0, 'SIGTSTP');
    // Passes after the continue signal, or at once where stopping is impossible (no job control).
    await new Promise((resolve) => setTimeout(resolve, RESUME_MS));
  });
}

/** Records the longest stall of the event loop into `file` at the end (tests use it). */
function watchStalls(file: string | undefined): () => void {
  if (file === undefined) return () => {};
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  // Loading and first data are not what is measured.
  setTimeout(() => histogram.reset(), 3_000).unref();
  return () => writeFileSync(file, JSON.stringify({ maxLoopStallMs: histogram.max / 1e6 }));
}
