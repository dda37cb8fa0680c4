import type { EventInfo, Meta } from '../../../domain/kinds.ts';
import type { Interner } from '../intern.ts';
import { extended, number, present, record, time } from '../raw.ts';
import { message, metaOf, nameOf, type Projection, word } from './meta.ts';

/** Event of `v1` or of `events.k8s.io/v1`: the same objects under other field names. */
export function projectEvent(intern: Interner): Projection<EventInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    if (meta === undefined) return undefined;
    const series = record(raw.series);
    const regarding = record(raw.involvedObject ?? raw.regarding);
    const source = record(raw.source ?? raw.deprecatedSource);
    const first = time(raw.firstTimestamp ?? raw.deprecatedFirstTimestamp);
    const last = time(raw.lastTimestamp ?? raw.deprecatedLastTimestamp);
    const at = time(raw.eventTime);
    return extended<EventInfo, Meta>(meta, {
      type: word(raw.type, intern) ?? 'Normal',
      reason: word(raw.reason, intern) ?? '',
      message: message(raw.message ?? raw.note) ?? '',
      count: number(series.count) ?? (number(raw.count ?? raw.deprecatedCount) || 1),
      firstAt: first ?? at ?? meta.createdAt,
      lastAt: time(series.lastObservedTime) ?? last ?? at ?? meta.createdAt ?? 0,
      component:
        word(source.component, intern) ?? word(raw.reportingComponent ?? raw.reportingController, intern),
      regarding: present<EventInfo['regarding']>({
        kind: word(regarding.kind, intern) ?? '',
        namespace: word(regarding.namespace, intern),
        name: nameOf(regarding.name) ?? '',
        uid: nameOf(regarding.uid),
      }),
    });
  };
}
