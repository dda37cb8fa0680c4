import type { Clock } from '../clock.ts';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fn: () => void;
  cancelled: boolean;
}

/**
 * A clock that first replays history (`runUntil`, `jump`) and is then attached to a base clock. Scenarios use it
 * to let the controllers live through the past before anybody connects, so that what is shown is consistent.
 * All timers share one heap and, once attached, one timer of the base clock.
 */
export class WarpClock implements Clock {
  private readonly onFailure: (error: unknown) => void;
  private current: number;
  private base: Clock | undefined;
  private readonly heap: Timer[] = [];
  private counter = 0;
  private cancelBase: (() => void) | undefined;
  private armedFor = Number.POSITIVE_INFINITY;

  /** `onFailure` is told of errors that timers throw; the other timers go on. */
  constructor(start: number, onFailure: (error: unknown) => void) {
    this.current = start;
    this.onFailure = onFailure;
  }

  now(): number {
    return this.base ? this.base.now() : this.current;
  }

  setTimeout(fn: () => void, ms: number): () => void {
    const timer: Timer = {
      due: this.now() + Math.max(0, ms),
      order: this.counter++,
      fn,
      cancelled: false,
    };
    push(this.heap, timer);
    this.arm();
    return () => {
      timer.cancelled = true;
    };
  }

  /** Runs everything that is due up to `time`, then stands at `time`. Only before `attach`. */
  runUntil(time: number): void {
    for (let next = this.peek(); next && next.due <= time; next = this.peek()) {
      pop(this.heap);
      this.current = Math.max(this.current, next.due);
      this.run(next);
    }
    this.current = Math.max(this.current, time);
  }

  /** Moves to `time` without running anything; timers that became due run late. Only before `attach`. */
  jump(time: number): void {
    this.current = Math.max(this.current, time);
  }

  /** From now on time is the base clock's. */
  attach(base: Clock): void {
    this.base = base;
    this.arm();
  }

  /** Forgets all timers. */
  stop(): void {
    this.cancelBase?.();
    this.cancelBase = undefined;
    this.heap.length = 0;
  }

  private run(timer: Timer): void {
    try {
      timer.fn();
    } catch (error) {
      this.onFailure(error);
    }
  }

  private peek(): Timer | undefined {
    while (this.heap[0]?.cancelled) pop(this.heap);
    return this.heap[0];
  }

  private arm(): void {
    const next = this.peek();
    if (!this.base || !next || (this.cancelBase && this.armedFor <= next.due)) return;
    this.cancelBase?.();
    this.armedFor = next.due;
    this.cancelBase = this.base.setTimeout(() => this.fire(), Math.max(0, next.due - this.base.now()));
  }

  private fire(): void {
    this.cancelBase = undefined;
    const now = this.now();
    for (let next = this.peek(); next && next.due <= now; next = this.peek()) {
      pop(this.heap);
      this.run(next);
    }
    this.arm();
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  let index = heap.push(timer) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !before(timer, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    if (left === undefined) break;
    const right = heap[2 * index + 2];
    const useRight = right !== undefined && before(right, left);
    const child = useRight ? right : left;
    if (!before(child, last)) break;
    heap[index] = child;
    index = 2 * index + (useRight ? 2 : 1);
  }
  heap[index] = last;
}
