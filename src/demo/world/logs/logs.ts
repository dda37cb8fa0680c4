import type { KubeObject } from '../../object.ts';
import type { PodLog, PodLogOptions } from '../../server/index.ts';
import type { Cluster } from '../cluster.ts';
import type { Pod } from '../objects.ts';
import { hashOf } from '../random.ts';
import { type Scene, voiceOf } from './voices.ts';

const MAX_LINES = 2_000;

/** One run of a container. */
interface Run {
  readonly from: number;
  /** When it ended; undefined while it runs. */
  readonly to: number | undefined;
  readonly failed: boolean;
}

interface Line {
  readonly at: number;
  readonly text: string;
}

/**
 * The log of a container: a function of its identity and of time alone, so that nothing needs to be kept and
 * the same moment always shows the same lines.
 */
export function podLog(
  cluster: Cluster,
  object: KubeObject,
  container: string,
  options: PodLogOptions,
): PodLog {
  const pod = object as Pod;
  const run = runOf(pod, container, options.previous);
  if (!run) return { lines: [] };
  const writer = new Writer(pod, container, run);
  const print = ({ at, text }: Line) =>
    options.timestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ${text}` : text;
  const now = cluster.clock.now();
  const since = options.sinceSeconds === undefined ? 0 : now - options.sinceSeconds * 1000;
  const lines = writer.until(run.to ?? now, options.tailLines ?? MAX_LINES).filter(({ at }) => at >= since);
  return {
    lines: lines.map(print),
    ...(run.to === undefined && {
      follow: (push: (line: string) => void) => follow(cluster, pod, writer, (line) => push(print(line))),
    }),
  };
}

/** Pushes each coming line when its time has come, until stopped or until the run is over. */
function follow(cluster: Cluster, pod: Pod, writer: Writer, push: (line: Line) => void): () => void {
  let index = writer.indexAt(cluster.clock.now()) + 1;
  let cancel = () => {};
  const next = () => {
    const line = writer.line(index);
    cancel = cluster.clock.setTimeout(() => {
      const current = cluster.pod(pod.metadata.namespace ?? '', pod.metadata.name);
      if (!current || current.metadata.uid !== pod.metadata.uid || !writer.isRunOf(current)) return;
      push(line);
      index += 1;
      next();
    }, line.at - cluster.clock.now());
  };
  next();
  return () => cancel();
}

function runOf(pod: Pod, container: string, previous: boolean): Run | undefined {
  const all = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  const status = all.find(({ name }) => name === container);
  const state = previous ? status?.lastState : status?.state;
  if (state?.running) return { from: Date.parse(state.running.startedAt), to: undefined, failed: false };
  const ended = state?.terminated ?? (previous ? undefined : status?.lastState.terminated);
  if (!ended) return undefined;
  return {
    from: Date.parse(ended.startedAt ?? ''),
    to: Date.parse(ended.finishedAt ?? ''),
    failed: ended.exitCode !== 0,
  };
}

/** Writes the lines of one run; line `i` comes at about `i` times the program's usual interval. */
class Writer {
  private readonly pod: Pod;
  private readonly container: string;
  private readonly run: Run;
  private readonly every: number;

  constructor(pod: Pod, container: string, run: Run) {
    this.pod = pod;
    this.container = container;
    this.run = run;
    this.every = voiceOf(container).every;
  }

  /** The last `count` lines up to a moment, oldest first. */
  until(end: number, count: number): Line[] {
    const words = this.run.failed ? this.lastWords(end) : [];
    const last = this.indexAt(end);
    const wanted = Math.min(count, MAX_LINES);
    const lines: Line[] = [];
    for (let index = Math.max(0, last - wanted + 1); index <= last; index += 1) lines.push(this.line(index));
    const all = [...lines, ...words];
    return all.slice(Math.max(0, all.length - wanted));
  }

  /** Index of the newest line at a moment; -1 before the first. */
  indexAt(time: number): number {
    let index = Math.floor((time - this.run.from) / this.every);
    while (index >= 0 && this.line(index).at > time) index -= 1;
    return index;
  }

  line(index: number): Line {
    const hash = hashOf(`${this.pod.metadata.uid}/${this.container}/${index}`);
    const at = this.run.from + Math.floor((index + (hash % 900) / 1000) * this.every);
    const { lines } = voiceOf(this.container);
    const say = lines[hash % lines.length];
    return { at, text: say?.(this.scene(at, hash)) ?? '' };
  }

  /** Whether the container is still in the run that this writer writes for. */
  isRunOf(pod: Pod): boolean {
    const now = runOf(pod, this.container, false);
    return now?.to === undefined && now?.from === this.run.from;
  }

  private lastWords(end: number): Line[] {
    const words = voiceOf(this.container).lastWords(
      this.scene(end, hashOf(`${this.pod.metadata.uid}/${end}`)),
    );
    return words.map((text) => ({ at: end, text }));
  }

  private scene(at: number, n: number): Scene {
    const { name, namespace = '' } = this.pod.metadata;
    return { pod: name, namespace, container: this.container, at, n };
  }
}
