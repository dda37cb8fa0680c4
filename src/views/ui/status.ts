import { duration } from '../../domain/format.ts';
import type { CollectError, Snapshot } from '../../domain/snapshot.ts';
import { SOURCE_NAMES, type SourceName } from '../../domain/state.ts';
import type { Line, ScreenModel } from '../model.ts';
import { severityGlyph } from './glyphs.ts';
import { line, lineCells, seg, spread } from './line.ts';
import { liveAge } from './notice.ts';

/** Polled beside the watches, so it has an age of its own. */
const METRICS: readonly SourceName[] = ['nodeUsage', 'podUsage'];

/** The row above the keys: toast on the left, on the right ages of the sources as far as it leaves room. */
export function statusRow(model: ScreenModel, width: number): Line {
  const message = toast(model);
  return spread(message, line(ages(model, Math.max(0, width - lineCells(message) - 2)), ' '), width);
}

function toast(model: ScreenModel): Line {
  const { toast: message } = model.ui;
  if (message !== undefined && message.until > model.now) {
    const severity = message.error ? 'critical' : 'ok';
    return line(' ', seg(severityGlyph(severity), severity), ` ${message.text}`);
  }
  const { connection } = model;
  if (connection.status !== 'lost') return [];
  const retry = retryText(connection.error, model.now);
  return line(
    ' ',
    seg(severityGlyph('warning'), 'warning'),
    ` API lost ${duration(model.now - connection.since)}${retry}`,
  );
}

/** `, retry in 8s`, or that it is being tried; empty when no try is planned. */
export function retryText({ nextTryAt }: Pick<CollectError, 'nextTryAt'>, now: number): string {
  if (nextTryAt === undefined) return '';
  return nextTryAt - now < 1000 ? ', trying' : `, retry in ${duration(nextTryAt - now)}`;
}

/** `k8s 1s  metrics 9s  events ✗`: the watches together, then whatever is not as it should be by name. */
function ages(model: ScreenModel, room: number): Line {
  const watches = SOURCE_NAMES.filter((name) => !METRICS.includes(name));
  const parts = [
    watchAge(model, watches),
    metricsAge(model),
    ...watches.flatMap((name) => trouble(name, model)),
  ];
  const result: Line[] = [];
  let used = 0;
  for (const part of parts) {
    const size = lineCells(part) + 2;
    if (part.length === 0 || used + size > room) continue;
    result.push(part);
    used += size;
  }
  return result.flatMap((part, index) => (index === 0 ? part : [seg('  '), ...part]));
}

function watchAge(model: ScreenModel, names: readonly SourceName[]): Line {
  const seen = names.flatMap((name) => observedAt(model.state[name]));
  if (seen.length === 0)
    return [seg(model.connection.status === 'lost' ? 'k8s ✗' : 'k8s starting…', 'muted')];
  const newest = Math.max(...seen);
  return model.connection.status === 'lost'
    ? [seg(`k8s ? ${duration(model.now - newest)}`, 'warning')]
    : [seg(`k8s ${liveAge(newest, model.now)}`, 'muted')];
}

function observedAt(snapshot: Snapshot<unknown>): number[] {
  return snapshot.status === 'live' || snapshot.status === 'stale' ? [snapshot.observedAt] : [];
}

function metricsAge(model: ScreenModel): Line {
  const { nodeUsage } = model.state;
  switch (nodeUsage.status) {
    case 'live':
      return model.connection.status === 'lost'
        ? [seg(`metrics ? ${duration(model.now - nodeUsage.observedAt)}`, 'warning')]
        : [seg(`metrics ${liveAge(nodeUsage.observedAt, model.now)}`, 'muted')];
    case 'stale':
      return [seg(`metrics ? ${duration(model.now - nodeUsage.observedAt)}`, 'warning')];
    case 'failed':
      return [seg('metrics ✗', 'critical')];
    default:
      return [];
  }
}

/** While the connection is up, a single watch that is not live is named. */
function trouble(name: SourceName, model: ScreenModel): readonly Line[] {
  const snapshot = model.state[name];
  if (model.connection.status === 'lost') return [];
  if (snapshot.status === 'failed') return [[seg(`${name} ✗`, 'critical')]];
  if (snapshot.status !== 'stale') return [];
  return [[seg(`${name} ? ${duration(model.now - snapshot.observedAt)}`, 'warning')]];
}
