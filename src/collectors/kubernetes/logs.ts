/** Container logs as sanitised lines. */
import type { ObjectRef } from '../../domain/finding.ts';
import { clean } from '../../domain/text.ts';
import { objectPath, resourceOf } from './discovery.ts';
import type { KubeHttp } from './http.ts';

const MAX_LINE_BYTES = 16 << 10;
const NEWLINE = 0x0a;
const TAB_WIDTH = 8;
/** Colours (SGR) say nothing without a terminal that obeys them; every other sequence stays visible. */
const COLOURS = /\x1b\[[\d;:]*m/g;

export interface LogRequest {
  readonly container: string;
  /** The run before the last restart. */
  readonly previous?: boolean;
  readonly follow?: boolean;
  /** How many of the last lines to begin with. */
  readonly tailLines?: number;
}

/**
 * Streams the log of one container until it ends or `signal` aborts; `push` gets the lines of each chunk at once.
 * It does not reconnect, because what was missed meanwhile could not be told. Throws KubeError when it breaks.
 */
export async function streamLogs(
  http: KubeHttp,
  ref: ObjectRef,
  request: LogRequest,
  push: (lines: readonly string[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = `${objectPath(await resourceOf(http, 'Pod'), ref.namespace, ref.name)}/log`;
  const { container, previous, follow, tailLines } = request;
  const response = await http.open(path, {
    urgent: true,
    accept: '*/*',
    query: { container, previous: previous || undefined, follow: follow || undefined, tailLines },
    signal,
    // A healthy log may be silent for days; a dead connection shows by TCP keep-alive.
    ...(follow && { idleMs: Number.POSITIVE_INFINITY }),
  });
  const splitter = new LogSplitter();
  try {
    for await (const chunk of response.body) {
      const lines = splitter.feed(chunk);
      if (lines.length > 0 && !signal.aborted) push(lines);
    }
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  const rest = splitter.end();
  if (rest.length > 0 && !signal.aborted) push(rest);
}

/** Cuts log bytes into lines; of a line longer than 16 KiB the rest is dropped, and `…` says so. */
export class LogSplitter {
  private pieces: Buffer[] = [];
  private size = 0;
  private cut = false;

  feed(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.keep(chunk.subarray(start, end));
      lines.push(this.take());
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
    return lines;
  }

  /** What came after the last newline. */
  end(): string[] {
    return this.size > 0 ? [this.take()] : [];
  }

  private keep(bytes: Buffer): void {
    const room = MAX_LINE_BYTES - this.size;
    if (bytes.length > room) this.cut = true;
    const kept = bytes.subarray(0, Math.max(0, room));
    if (kept.length === 0) return;
    this.pieces.push(kept);
    this.size += kept.length;
  }

  private take(): string {
    const text = Buffer.concat(this.pieces).toString('utf8').replace(/\r$/, '').replace(COLOURS, '');
    const line = clean(withoutTabs(text), MAX_LINE_BYTES) + (this.cut ? '…' : '');
    this.pieces = [];
    this.size = 0;
    this.cut = false;
    return line;
  }
}

function withoutTabs(text: string): string {
  let result = '';
  for (const [index, part] of text.split('\t').entries()) {
    if (index > 0) result += ' '.repeat(TAB_WIDTH - (result.length % TAB_WIDTH));
    result += part;
  }
  return result;
}
