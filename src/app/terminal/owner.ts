import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { ENTER, LEAVE } from './modes.ts';
import { FrameSink } from './sink.ts';

/** Size used when the terminal does not tell one (0x0 over some links). */
const FALLBACK = { columns: 80, rows: 24 };

/** A burst of resize signals becomes one redraw. */
const RESIZE_SETTLE_MS = 50;

/** How long leaving may wait for a terminal that takes no bytes before it gives up on it. */
const LEAVE_DEADLINE_MS = 300;

const STDOUT_FD = 1;

interface StreamHandle {
  setBlocking?(blocking: boolean): number;
}

/**
 * Owns the terminal: enters the alternate screen and raw mode, keeps the size, and gives everything back on
 * leaving, suspending and crashing. All output goes through `sink`.
 */
export class TerminalOwner {
  readonly sink: FrameSink;
  private readonly stdin: ReadStream;
  private readonly stdout: WriteStream;
  private owned = false;
  private resizeTimer: NodeJS.Timeout | undefined;

  constructor(stdin: ReadStream, stdout: WriteStream) {
    this.stdin = stdin;
    this.stdout = stdout;
    const { columns, rows } = this.size();
    this.sink = new FrameSink((bytes, done) => this.send(bytes, done), columns, rows);
    unblock(stdout);
    stdout.on('resize', this.onResize);
    // A terminal that went away must not end in an unhandled error: the hang-up is seen on stdin.
    stdout.on('error', () => {});
  }

  /** Takes the terminal. Raw mode comes first so that early keys are not echoed. */
  enter(): void {
    if (this.owned) return;
    this.owned = true;
    this.stdin.setRawMode(true);
    this.send(ENTER, () => {});
  }

  /** Gives the terminal back and resolves when it has taken the bytes, or after a short deadline. */
  async leave(): Promise<void> {
    if (!this.owned) return;
    this.owned = false;
    this.sink.pause();
    const taken = new Promise<void>((resolve) => this.send(LEAVE, resolve));
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, LEAVE_DEADLINE_MS).unref());
    await Promise.race([taken, deadline]);
    this.cooked();
  }

  /** Gives the terminal back at once, from an exit or crash handler that cannot wait. */
  leaveNow(): void {
    if (!this.owned) return;
    this.owned = false;
    this.sink.pause();
    try {
      writeSync(STDOUT_FD, LEAVE);
    } catch {
      // Nobody reads the terminal any more; the launcher tries again.
    }
    this.cooked();
  }

  /** Gives the terminal away while `work` runs, then takes it again and repaints. Just runs it if not taken yet. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    if (!this.owned) return work();
    await this.leave();
    try {
      return await work();
    } finally {
      this.enter();
      const { columns, rows } = this.size();
      this.sink.resize(columns, rows);
      this.sink.resume();
    }
  }

  /** Bytes that are not part of a frame, such as a clipboard request; they go between frames. */
  sendControl(bytes: string): void {
    if (this.owned) this.send(bytes, () => {});
  }

  private cooked(): void {
    try {
      this.stdin.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
  }

  private size(): { columns: number; rows: number } {
    const { columns, rows } = this.stdout;
    return columns > 0 && rows > 0 ? { columns, rows } : FALLBACK;
  }

  private send(bytes: string, done: () => void): void {
    this.stdout.write(bytes, done);
  }

  private readonly onResize = (): void => {
    clearTimeout(this.resizeTimer);
    this.resizeTimer = setTimeout(() => {
      const { columns, rows } = this.size();
      this.sink.resize(columns, rows);
    }, RESIZE_SETTLE_MS);
  };
}

/**
 * Node writes to a terminal synchronously by default: with a reader that stops reading, the whole event loop
 * would stand still. Node offers no public switch for it.
 */
function unblock(stdout: WriteStream): void {
  const handle = (stdout as unknown as { _handle?: StreamHandle })._handle;
  handle?.setBlocking?.(false);
}
