import { type Clock, sleep } from './clock.ts';

/** The life of everything that reads again and again: started once, waits that can be cut short, stopped for good. */
export abstract class Loop {
  protected readonly clock: Clock;
  private readonly stopping = new AbortController();
  private wake = new AbortController();
  private running: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends a wait, if one is on: tries again now. */
  retryNow(): void {
    this.wake.abort();
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake.abort();
    await this.running;
  }

  /** Reads and pauses until `stopped`. Never rejects. */
  protected abstract run(): Promise<void>;

  protected get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Aborted by `stop`: for all that is under way. */
  protected get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Waits, until `retryNow` or `stop` at most. */
  protected async pause(ms: number): Promise<void> {
    if (this.wake.signal.aborted && !this.stopped) this.wake = new AbortController();
    await sleep(this.clock, ms, this.wake.signal);
  }
}
