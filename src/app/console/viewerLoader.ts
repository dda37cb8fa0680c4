import type { ObjectRef } from '../../domain/finding.ts';
import type { ViewerContent } from '../../views/model.ts';
import { collectErrorOf, type LiveSession } from '../session.ts';
import { LineBuffer } from './lineBuffer.ts';

const LOG_LINES = 20_000;
const LOG_CHARACTERS = 8 * 1024 * 1024;
const LOG_TAIL = 1_000;

/** Fetches what the text viewer shows. One thing at a time: starting another ends the one before. */
export class ViewerLoader {
  private readonly show: (content: ViewerContent | undefined) => void;
  private current: AbortController | undefined;

  constructor(show: (content: ViewerContent | undefined) => void) {
    this.show = show;
  }

  /** Reads an object once as YAML or description. */
  async load(session: LiveSession, kind: 'yaml' | 'describe', ref: ObjectRef): Promise<void> {
    const signal = this.begin();
    try {
      const lines = await session.read(kind, ref, signal);
      if (!signal.aborted) this.show({ status: 'ready', lines });
    } catch (error) {
      if (!signal.aborted) this.show({ status: 'failed', lines: [], error: collectErrorOf(error) });
    }
  }

  /** Follows the log of one container into a bounded buffer. */
  async logs(session: LiveSession, ref: ObjectRef, container: string, previous: boolean): Promise<void> {
    const signal = this.begin();
    const buffer = new LineBuffer(LOG_LINES, LOG_CHARACTERS);
    const update = (note: string): void => {
      if (signal.aborted) return;
      this.show({ status: 'ready', lines: buffer.lines, dropped: buffer.dropped, note });
    };
    try {
      const request = { container, previous, follow: !previous, tailLines: LOG_TAIL };
      await session.logs(
        ref,
        request,
        (lines) => {
          buffer.push(lines);
          update(previous ? '' : 'following');
        },
        signal,
      );
      update(previous ? 'previous run' : 'stream ended');
    } catch (error) {
      if (signal.aborted) return;
      const failure = collectErrorOf(error);
      if (buffer.lines.length > 0) update(`stream broke: ${failure.message}`);
      else this.show({ status: 'failed', lines: [], error: failure });
    }
  }

  /** Ends whatever is being read. */
  close(): void {
    this.current?.abort();
    this.current = undefined;
    this.show(undefined);
  }

  private begin(): AbortSignal {
    this.current?.abort();
    this.current = new AbortController();
    this.show({ status: 'loading', lines: [] });
    return this.current.signal;
  }
}
