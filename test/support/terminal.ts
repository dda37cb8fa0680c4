import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** How to start a program in a terminal. */
export interface TermOptions {
  readonly file: string;
  readonly args?: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  /** Added to a clean environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** One character cell as the user sees it. Colours are `default`, `palette:N` or `#rrggbb`. */
export interface ScreenCell {
  readonly text: string;
  readonly width: number;
  readonly fg: string;
  readonly bg: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

/** How the program ended. */
export interface Exit {
  readonly code: number;
  /** Signal number, 0 when it exited by itself. */
  readonly signal: number;
}

/** Bytes of keys that are not one character. */
export const KEY = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  up: '\x1b[A',
  down: '\x1b[B',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  ctrlC: '\x03',
  ctrlZ: '\x1a',
} as const;

/** A bracketed paste of a text. */
export const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;

/**
 * A program in a real pseudo terminal whose screen is kept by a headless xterm. Every test must `close()` it.
 */
export class Term {
  readonly exited: Promise<Exit>;
  readonly home: string;
  private readonly pty: IPty;
  private readonly screen: xterm.Terminal;
  private readonly chunks: string[] = [];
  private readonly watchers = new Set<() => void>();
  private ended = false;

  constructor(options: TermOptions) {
    const columns = options.columns ?? 80;
    const rows = options.rows ?? 24;
    this.home = mkdtempSync(join(tmpdir(), 'homelab-top-home-'));
    this.screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 200 });
    const env = cleanEnvironment(this.home, options.env ?? {});
    this.pty = spawn(options.file, [...(options.args ?? [])], {
      // Becomes TERM, whatever the environment says.
      name: env.TERM ?? '',
      cols: columns,
      rows,
      cwd: options.cwd ?? process.cwd(),
      env,
    });
    this.pty.onData((data) => this.receive(data));
    // Answers of the terminal to questions of the program.
    this.screen.onData((data) => this.pty.write(data));
    this.exited = new Promise((resolve) => {
      this.pty.onExit(({ exitCode, signal }) => {
        // Whoever waits for the end may look at the screen at once, so everything written must be on it.
        this.screen.write('', () => {
          this.ended = true;
          this.notify();
          resolve({ code: exitCode, signal: signal ?? 0 });
        });
      });
    });
  }

  get pid(): number {
    return this.pty.pid;
  }

  get columns(): number {
    return this.screen.cols;
  }

  get rows(): number {
    return this.screen.rows;
  }

  /** Which buffer the terminal shows; full-screen programs use the alternate one. */
  get buffer(): 'normal' | 'alternate' {
    return this.screen.buffer.active.type;
  }

  get bracketedPaste(): boolean {
    return this.screen.modes.bracketedPasteMode;
  }

  /** Whether the program left the cursor visible, judged by the last request it sent. */
  get cursorVisible(): boolean {
    const output = this.output();
    return output.lastIndexOf('\x1b[?25h') >= output.lastIndexOf('\x1b[?25l');
  }

  /** Everything the program wrote, or what it wrote after `from` (see `mark`). */
  output(from = 0): string {
    return this.chunks.slice(from).join('');
  }

  /** A place in the output, for `output` and `bytesSince`. */
  mark(): number {
    return this.chunks.length;
  }

  bytesSince(mark: number): number {
    return Buffer.byteLength(this.output(mark));
  }

  /** Sends bytes as one write, as typed in one go. */
  send(bytes: string): void {
    this.pty.write(bytes);
  }

  /** Sends keys one after the other with a pause between them, as a person types. */
  async keys(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.send(key);
      await sleep(40);
    }
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.pty.resize(columns, rows);
  }

  /** Stops reading, as a terminal does on Ctrl-S or a dead link. */
  pause(): void {
    this.pty.pause();
  }

  resume(): void {
    this.pty.resume();
  }

  /** Sends a signal to the started process only. */
  kill(signal: NodeJS.Signals): void {
    if (!this.ended) process.kill(this.pid, signal);
  }

  /** Visible text, one line per row, without blanks at line ends. */
  text(): string {
    return Array.from({ length: this.rows }, (_, row) => this.row(row)).join('\n');
  }

  row(row: number): string {
    const buffer = this.screen.buffer.active;
    return buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '';
  }

  cell(column: number, row: number): ScreenCell {
    const buffer = this.screen.buffer.active;
    const cell = buffer.getLine(buffer.baseY + row)?.getCell(column);
    if (cell === undefined) throw new RangeError(`no cell at column ${column}, row ${row}`);
    return {
      text: cell.getChars(),
      width: cell.getWidth(),
      fg: colour(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor()),
      bg: colour(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor()),
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      underline: cell.isUnderline() !== 0,
      inverse: cell.isInverse() !== 0,
    };
  }

  /**
   * Waits until the predicate holds for a complete screen, between synchronized updates.
   * Fails with the screen in the message, also when the program ends first.
   */
  async until(what: string | RegExp | ((screen: string) => boolean), timeoutMs = 8000): Promise<string> {
    const holds = (screen: string): boolean => {
      if (typeof what === 'function') return what(screen);
      return typeof what === 'string' ? screen.includes(what) : what.test(screen);
    };
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
        settle();
      };
      const complain = (why: string): void =>
        finish(() => reject(new Error(`${why} while waiting for ${what}; screen:\n${this.text()}`)));
      const look = (): void => {
        const screen = this.text();
        if (holds(screen)) finish(() => resolve(screen));
        else if (this.ended) complain('program ended');
      };
      const timer = setTimeout(() => complain(`nothing after ${timeoutMs} ms`), timeoutMs);
      this.watchers.add(look);
      if (!this.screen.modes.synchronizedOutputMode) look();
    });
  }

  /** Waits until the program has written nothing for a while. */
  async quiet(ms = 300, timeoutMs = 8000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let mark = -1;
    while (mark !== this.mark()) {
      if (Date.now() > deadline)
        throw new Error(`still writing after ${timeoutMs} ms; screen:\n${this.text()}`);
      mark = this.mark();
      await sleep(ms);
    }
  }

  /** Kills what is left of the program and its process group, and removes its home folder. */
  async close(): Promise<void> {
    this.pty.resume();
    if (!this.ended) {
      killGroup(this.pid);
      await Promise.race([this.exited, sleep(2000)]);
    }
    this.screen.dispose();
    rmSync(this.home, { recursive: true, force: true });
  }

  private receive(data: string): void {
    this.chunks.push(data);
    this.screen.write(data, () => {
      if (!this.screen.modes.synchronizedOutputMode) this.notify();
    });
  }

  private notify(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

function colour(rgb: boolean, palette: boolean, value: number): string {
  if (rgb) return `#${value.toString(16).padStart(6, '0')}`;
  return palette ? `palette:${value}` : 'default';
}

/** An environment as on a fresh login: nothing of the test runner, no configuration of the developer. */
function cleanEnvironment(
  home: string,
  extra: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const environment: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(home, 'cache'),
    ...extra,
  };
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) set[name] = value;
  return set;
}

/** A terminal's child leads its own session, so its process group holds everything it started in front. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

/** Resolves after some milliseconds. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
