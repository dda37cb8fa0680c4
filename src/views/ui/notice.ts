import { duration } from '../../domain/format.ts';
import type { Severity } from '../../domain/severity.ts';
import type { CollectError, Snapshot } from '../../domain/snapshot.ts';
import type { Line, ScreenModel } from '../model.ts';
import { GLYPH, severityGlyph, severityToken } from './glyphs.ts';
import { cutEnd, line, seg, wrap } from './line.ts';

/** The state of a source in words for the right end of a rule: `live 1s`, `? stale 6m 12s`, `✗ forbidden`. */
export function freshness(snapshot: Snapshot<unknown>, model: ScreenModel): Line {
  switch (snapshot.status) {
    case 'pending':
      return [seg(`starting…${elapsed(model)}${loaded(snapshot.loaded)}`, 'muted')];
    case 'live':
      return [seg(liveAge(snapshot.observedAt, model.now), 'muted')];
    case 'stale':
      return [seg(`? stale ${duration(model.now - snapshot.observedAt)}`, 'warning')];
    case 'failed':
      return [seg(`${severityGlyph('critical')} ${snapshot.error.kind}`, 'critical')];
    case 'absent':
      return [seg('not installed', 'muted')];
  }
}

/**
 * A quiet watch hears from the server about once a minute, so up to this age a datum is as fresh as it can be.
 * Counting these seconds would only redraw a screen on which nothing happens.
 */
const FRESH_MS = 90_000;

/** `live`, with the age once it is more than a healthy source ever has. */
export function liveAge(observedAt: number, now: number): string {
  const age = now - observedAt;
  return age < FRESH_MS ? 'live' : `live ${duration(age)}`;
}

function elapsed(model: ScreenModel): string {
  return model.connection.status === 'connecting' ? ` ${duration(model.now - model.connection.since)}` : '';
}

function loaded(count: number | undefined): string {
  return count === undefined || count === 0 ? '' : ` ${count} read`;
}

/** The worst of several snapshots, by how little it tells. */
export function leastKnown(
  snapshots: readonly [Snapshot<unknown>, ...Snapshot<unknown>[]],
): Snapshot<unknown> {
  const order = ['absent', 'live', 'pending', 'stale', 'failed'];
  return snapshots.reduce((a, b) => (order.indexOf(b.status) > order.indexOf(a.status) ? b : a));
}

/** True when there is data to list (live or stale). */
export function hasData(snapshot: Snapshot<unknown>): boolean {
  return snapshot.status === 'live' || snapshot.status === 'stale';
}

/**
 * What a pane shows instead of rows while there is no data: what is being read, why it failed and what to do,
 * or that there is nothing to read. `what` completes "reading …" ("pods").
 */
export function notice(snapshot: Snapshot<unknown>, what: string, model: ScreenModel, width: number): Line[] {
  switch (snapshot.status) {
    case 'pending':
      return [line(` ${GLYPH.spinner} reading ${what}`)];
    case 'failed':
      return problem(snapshot.error, model, width);
    case 'absent':
      return paragraph('info', `${snapshot.reason}; this panel stays out of the score`, width);
    default:
      return [];
  }
}

/** A failure in full: message, what is missed by it, the way to mend it, and the next try. */
export function problem(error: CollectError, model: ScreenModel, width: number): Line[] {
  const lines = paragraph('critical', `${error.kind}: ${error.message}`, width);
  const add = (label: string, text: string | undefined) => {
    if (text !== undefined) lines.push(...hanging(`   ${label} `, text, width));
  };
  add('what you miss:', error.missing);
  add('fix:', error.fix);
  add('next try', nextTry(error, model));
  return lines;
}

/** `in 28s (attempt 4)`; undefined when no try is planned. */
function nextTry(error: CollectError, model: ScreenModel): string | undefined {
  if (error.nextTryAt === undefined) return undefined;
  const attempt = error.attempt === undefined ? '' : ` (attempt ${error.attempt})`;
  return `in ${duration(Math.max(0, error.nextTryAt - model.now))}${attempt}`;
}

/** A sentence behind a severity glyph, wrapped. */
export function paragraph(severity: Severity, text: string, width: number): Line[] {
  return wrap(text, width - 3).map((part, index) =>
    index === 0
      ? line(' ', seg(severityGlyph(severity), severityToken(severity)), ` ${part}`)
      : line(`   ${part}`),
  );
}

/** A labelled text whose further lines are indented under its first word; the label is muted. */
export function hanging(label: string, text: string, width: number): Line[] {
  const indent = label.length;
  if (width - indent < 12) return [line(seg(label, 'muted'), cutEnd(text, width - indent))];
  return wrap(text, width - indent).map((part, index) =>
    index === 0 ? line(seg(label, 'muted'), part) : line(' '.repeat(indent) + part),
  );
}
