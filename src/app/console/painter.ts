/** Redraws caused by data are at most this often; keys redraw at once. */
const DATA_FRAME_MS = 250;

/** Ages and clocks move on without new data. */
const TICK_MS = 1000;

/**
 * Decides when a frame is drawn: at once for keys, at most four times a second for data, once a second for ages.
 * `draw` is expected to be cheap when nothing visible changed.
 */
export class Painter {
  private readonly draw: () => void;
  private readonly ticker: NodeJS.Timeout;
  private pending: NodeJS.Timeout | undefined;
  private drawnAt = Number.NEGATIVE_INFINITY;

  constructor(draw: () => void) {
    this.draw = draw;
    this.ticker = setInterval(() => this.dataChanged(), TICK_MS);
  }

  /** Draws now. */
  now(): void {
    clearTimeout(this.pending);
    this.pending = undefined;
    this.drawnAt = performance.now();
    this.draw();
  }

  /** Draws soon, together with whatever else changes until then. */
  dataChanged(): void {
    if (this.pending !== undefined) return;
    const wait = Math.max(0, this.drawnAt + DATA_FRAME_MS - performance.now());
    this.pending = setTimeout(() => this.now(), wait);
  }

  stop(): void {
    clearInterval(this.ticker);
    clearTimeout(this.pending);
  }
}
