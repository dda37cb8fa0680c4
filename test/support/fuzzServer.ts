/** An API server of pods that changes and misbehaves at random, knows the truth, and judges the client. */
import type { ServerResponse } from 'node:http';
import { bookmark, event, type FaultServer, pod, type Seen, status, text } from './faultServer.ts';

/** Deterministic random numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Stored {
  readonly name: string;
  readonly uid: string;
  readonly rv: string;
}

interface Change {
  readonly version: number;
  readonly line: string;
}

interface Continued {
  readonly version: number;
  readonly rest: readonly Stored[];
}

/** Small, so that lists have several pages. */
const PAGE = 3;
const FAULTS = [
  'none',
  'none',
  'none',
  '500',
  '429',
  '401',
  '403',
  '404',
  'reset',
  'hang',
  'html',
  'cut',
  'tooLarge',
] as const;
type Fault = (typeof FAULTS)[number];

/** One line for each object, in order: two equal states have equal text. */
export function stateOf(
  objects: Iterable<{ name: string; uid: string; rv?: string; resourceVersion?: string }>,
): string {
  return [...objects]
    .map(({ name, uid, rv, resourceVersion }) => `${name} ${uid} ${rv ?? resourceVersion}`)
    .sort()
    .join('\n');
}

export class FuzzServer {
  /** What the client did wrong. */
  readonly violations: string[] = [];
  /** When each request came (epoch ms of the test's clock). */
  readonly requestedAt: number[] = [];
  /** All states there ever were. */
  readonly history = new Set<string>();
  private readonly server: FaultServer;
  private readonly random: () => number;
  private readonly now: () => number;
  private readonly streaming: boolean;
  private readonly objects = new Map<string, Stored>();
  private readonly changes: Change[] = [];
  private readonly continued = new Map<string, Continued>();
  private readonly watchers = new Set<ServerResponse>();
  private version = 100;
  private compacted = 100;
  private activeLists = 0;
  private fault: Fault = 'none';
  private plagued: Fault | undefined;
  /** Why the client may list: it has no valid version. Empty since it has shown, by watching, that it has one. */
  private mayList = 'it has just begun';

  constructor(server: FaultServer, options: { random: () => number; now: () => number; streaming: boolean }) {
    this.server = server;
    this.random = options.random;
    this.now = options.now;
    this.streaming = options.streaming;
    for (let i = 0; i < 8; i += 1) this.change();
    server.others.set('/api/v1/pods', (response, seen) => this.answer(response, seen));
  }

  get truth(): string {
    return stateOf(this.objects.values());
  }

  /** One random change of the cluster, of the network or of what is told about it. */
  step(): void {
    const actions = [
      () => this.change(),
      () => this.change(),
      () => this.change(),
      () => this.bookmarks(),
      () => this.compact(),
      () => this.server.breakAll(),
      () => this.eachWatcher((response) => response.end()),
      () => this.toWatchers('{"type": garbage\n', 'an undecodable event'),
      () => this.toWatchers(this.changes.at(-1)?.line ?? ''),
      () => this.toWatchers(event('ERROR', { kind: 'Status', code: 500, message: 'x' })),
      () => this.toWatchers(event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }), '410'),
      () => this.misbehave(),
      () => this.misbehave(),
    ];
    actions[Math.floor(this.random() * actions.length)]?.();
  }

  /** Breaks what is open and misbehaves in one way; called again and again, for a while. */
  plague(): void {
    if (this.plagued === undefined) {
      this.misbehave();
      this.plagued = this.fault;
    }
    this.fault = this.plagued;
    this.server.breakAll();
  }

  /** Behaves from now on. */
  heal(): void {
    this.fault = 'none';
  }

  /** What a healthy server sends once a minute. */
  bookmarks(): void {
    this.toWatchers(bookmark(String(this.version)));
  }

  private misbehave(): void {
    this.fault = FAULTS[Math.floor(this.random() * FAULTS.length)] ?? 'none';
  }

  private change(): void {
    this.version += 1 + Math.floor(this.random() * 3);
    const rv = String(this.version);
    const name = `pod-${Math.floor(this.random() * 12)}`;
    const before = this.objects.get(name);
    const deleted = before !== undefined && this.random() < 0.4;
    const object: Stored = { name, uid: before?.uid ?? `uid-${rv}`, rv };
    if (deleted) this.objects.delete(name);
    else this.objects.set(name, object);
    const line = event(deleted ? 'DELETED' : before ? 'MODIFIED' : 'ADDED', pod(object));
    this.changes.push({ version: this.version, line });
    this.history.add(this.truth);
    this.toWatchers(line);
  }

  private compact(): void {
    this.compacted = this.version;
    this.changes.length = 0;
    this.continued.clear();
  }

  private toWatchers(line: string, mayList = ''): void {
    this.eachWatcher((response) => {
      response.write(line);
      if (mayList) this.mayList = mayList;
    });
  }

  private eachWatcher(run: (response: ServerResponse) => void): void {
    for (const response of this.watchers) if (!response.writableEnded) run(response);
  }

  private answer(response: ServerResponse, seen: Seen): void {
    this.requestedAt.push(this.now());
    const watch = seen.query.has('watch');
    if (watch && !seen.query.has('sendInitialEvents')) this.mayList = '';
    else if (!this.mayList && !seen.query.has('continue'))
      this.violations.push(`a list without need: ${seen.query}`);
    if (!watch) this.listed(response);
    if (this.fault !== 'none' && this.misbehaves(response, seen, this.fault)) return;
    if (watch) this.watch(response, seen);
    else this.list(response, seen);
  }

  private listed(response: ServerResponse): void {
    if (this.activeLists > 0) this.violations.push('two lists at once');
    this.activeLists += 1;
    response.once('close', () => {
      this.activeLists -= 1;
    });
  }

  /** True when that was the answer. */
  private misbehaves(response: ServerResponse, seen: Seen, fault: Exclude<Fault, 'none'>): boolean {
    const refusals: Record<typeof fault, () => void> = {
      '500': () => status(500, 'InternalError')(response, seen),
      '429': () => status(429, 'TooManyRequests', 'slow down', { 'Retry-After': '3' })(response, seen),
      '401': () => status(401, 'Unauthorized')(response, seen),
      '403': () => status(403, 'Forbidden')(response, seen),
      '404': () => status(404, 'NotFound')(response, seen),
      html: () => text('<html>log in</html>')(response, seen),
      tooLarge: () =>
        status(
          504,
          'Timeout',
          'Too large resource version: 1, current: 0',
          {},
          {
            causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          },
        )(response, seen),
      reset: () => response.socket?.resetAndDestroy(),
      hang: () => {},
      cut: () => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write('{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[{"kind":"Pod","me');
        setImmediate(() => response.destroy());
      },
    };
    refusals[fault]();
    // These say that there is nothing to watch, or nothing yet.
    if (['403', '404', 'tooLarge'].includes(fault)) this.mayList = fault;
    // A server that is silent or refuses goes on for a while, by the steps; a broken line is one event.
    if (fault === 'reset' || fault === 'cut') this.fault = 'none';
    return true;
  }

  private list(response: ServerResponse, seen: Seen): void {
    const token = seen.query.get('continue');
    // The cluster changes between two pages, and sometimes what came before is forgotten.
    if (token !== null && this.random() < 0.3) this.change();
    if (token !== null && this.random() < 0.1) this.compact();
    const from = token === null ? undefined : this.continued.get(token);
    if (token !== null && from === undefined) {
      status(410, 'Expired')(response, seen);
      return;
    }
    const { version, rest } = from ?? { version: this.version, rest: [...this.objects.values()] };
    const page = seen.query.has('limit') ? PAGE : rest.length;
    const next = rest.length > page ? `${version}-${rest.length - page}` : undefined;
    if (next) this.continued.set(next, { version, rest: rest.slice(page) });
    const metadata = { resourceVersion: String(version), ...(next && { continue: next }) };
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ kind: 'PodList', metadata, items: rest.slice(0, page).map(pod) }));
  }

  private watch(response: ServerResponse, seen: Seen): void {
    const initial = seen.query.has('sendInitialEvents');
    if (initial && !this.streaming) {
      status(422, 'Invalid', 'sendInitialEvents is forbidden')(response, seen);
      return;
    }
    const from = Number(seen.query.get('resourceVersion') ?? 0);
    if (!initial && from < this.compacted) {
      this.mayList = '410';
      status(410, 'Expired')(response, seen);
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    if (initial) {
      for (const object of this.objects.values()) response.write(event('ADDED', pod(object)));
      response.write(bookmark(String(this.version), { 'k8s.io/initial-events-end': 'true' }));
    }
    for (const { version, line } of this.changes) if (!initial && version > from) response.write(line);
    this.watchers.add(response);
    response.once('close', () => this.watchers.delete(response));
  }
}
