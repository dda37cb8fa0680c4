import { EventEmitter } from 'node:events';
import { frameDiff } from './diff.ts';

/** Writes bytes to the terminal and reports when the terminal has taken them. */
export type TerminalWrite = (bytes: string, done: () => void) => void;

const BEGIN_SYNC = '\x1b[?2026h';
const END_SYNC = '\x1b[?2026l';

/**
 * Stands in front of the terminal as Ink's `stdout`. Ink hands over whole frames; the sink sends the cells that
 * differ from what the terminal has, with at most one write in flight. While a write is stuck (Ctrl-S, a dead
 * link) newer frames replace each other, so neither memory nor the event loop suffers and the terminal catches
 * up in one step.
 */
export class FrameSink extends EventEmitter {
  /** Ink must not send terminal modes of its own: the terminal owner does. */
  readonly isTTY = false;
  readonly writable = true;
  columns: number;
  rows: number;
  private readonly send: TerminalWrite;
  /** What the terminal shows; undefined when that is unknown. */
  private delivered: readonly string[] | undefined;
  private waiting: readonly string[] | undefined;
  private busy = false;
  private paused = false;

  constructor(send: TerminalWrite, columns: number, rows: number) {
    super();
    this.send = send;
    this.columns = columns;
    this.rows = rows;
  }

  /** Takes one frame from Ink: rows separated by newlines. */
  write(frame: string): boolean {
    this.waiting = frame.split('\n');
    this.flush();
    return true;
  }

  /** Tells Ink of a new size; the terminal may have reflowed, so its content counts as unknown. */
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.delivered = undefined;
    this.emit('resize');
  }

  /** Draws everything anew, for example after another program wrote to the terminal. */
  repaint(): void {
    this.waiting ??= this.delivered;
    this.delivered = undefined;
    this.flush();
  }

  /** Holds back all output while the terminal belongs to somebody else. */
  pause(): void {
    this.paused = true;
  }

  /** Ends a pause with a complete repaint. */
  resume(): void {
    this.paused = false;
    this.repaint();
  }

  private flush(): void {
    if (this.busy || this.paused || this.waiting === undefined) return;
    const frame = this.waiting;
    const bytes = frameDiff(this.delivered, frame);
    this.waiting = undefined;
    this.delivered = frame;
    if (bytes === '') return;
    this.busy = true;
    this.send(BEGIN_SYNC + bytes + END_SYNC, () => {
      this.busy = false;
      this.flush();
    });
  }
}
