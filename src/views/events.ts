/** The events that the panes and texts tell: about one object and what it owns, or the newest warnings of all. */
import type { Collection } from '../domain/collection.ts';
import type { ObjectRef } from '../domain/finding.ts';
import type { EventInfo } from '../domain/kinds.ts';
import { dataOf } from '../domain/snapshot.ts';
import { podsOf } from './interaction/objects.ts';
import type { ScreenModel } from './model.ts';

/** Events about an object, its pods and what stands between them (ReplicaSets, Jobs), newest first. */
export const eventsAbout = remembering(
  (model, { kind, namespace = '', name, uid = '' }: ObjectRef) => [
    model.state.pods.status,
    dataOf(model.state.pods)?.version,
    [kind, namespace, name, uid].join('/'),
  ],
  (events, model, ref) => {
    const family = new Map(familyOf(model, ref).map((member) => [objectKey(member), member.uid]));
    return newestFirst(
      [...events.values()].filter(({ regarding }) => {
        const key = objectKey(regarding);
        const uid = family.get(key);
        // Kubelets report node events with the node's name in place of its uid.
        const sameUid = !uid || !regarding.uid || regarding.uid === uid || regarding.kind === 'Node';
        return family.has(key) && sameUid;
      }),
    );
  },
);

/** A warning, and how many other objects it was given to in the same words. */
export interface Warning {
  readonly event: EventInfo;
  readonly others: number;
}

/** Warnings of the whole cluster, or of the chosen namespace, newest first: each object and reason once. */
export const warnings = remembering(
  (model) => [model.ui.namespace],
  (events, { ui }): readonly Warning[] => {
    const newest = new Map<string, EventInfo>();
    for (const event of events.values()) {
      const { regarding, reason } = event;
      if (event.type !== 'Warning' || isEcho(event)) continue;
      if (ui.namespace !== '' && regarding.namespace !== ui.namespace) continue;
      const key = `${reason}/${objectKey(regarding)}`;
      const known = newest.get(key);
      if (known === undefined || known.lastAt < event.lastAt) newest.set(key, event);
    }
    const alike = Map.groupBy(
      newestFirst([...newest.values()]),
      ({ reason, message }) => `${reason}/${message}`,
    );
    return [...alike.values()].flatMap(([event, ...rest]) =>
      event === undefined ? [] : [{ event, others: rest.length }],
    );
  },
);

/** The kubelet repeats the bare state of a container beside the event that explains it. */
export function isEcho({ message }: EventInfo): boolean {
  return /^Error: \w+$/.test(message);
}

/** `BackOff ×311`. */
export function reasonOf({ reason, count }: EventInfo): string {
  return count > 1 ? `${reason} ×${count}` : reason;
}

function newestFirst(events: EventInfo[]): readonly EventInfo[] {
  return events.sort((a, b) => b.lastAt - a.lastAt);
}

function familyOf(model: ScreenModel, ref: ObjectRef): readonly ObjectRef[] {
  if (ref.kind === 'Pod' || ref.kind === 'Node') return [ref];
  const pods = podsOf(model, ref);
  const between = pods.flatMap((pod) => {
    const chain = model.judge.ownersOf(pod);
    return chain.slice(
      0,
      Math.max(
        0,
        chain.findIndex(({ kind, name }) => kind === ref.kind && name === ref.name),
      ),
    );
  });
  return [
    ref,
    ...between,
    ...pods.map(({ namespace, name, uid }) => ({ kind: 'Pod', namespace, name, uid })),
  ];
}

/** Events about cluster-scoped objects are kept in a namespace but name none. */
function objectKey({ kind, namespace = '', name }: ObjectRef): string {
  return `${kind}/${namespace}/${name}`;
}

/** Keeps the last answer while its key is the same: a frame is drawn far more often than events come. */
function remembering<Rest extends readonly unknown[], Found>(
  keyOf: (model: ScreenModel, ...rest: Rest) => readonly unknown[],
  find: (events: Collection<EventInfo>, model: ScreenModel, ...rest: Rest) => readonly Found[],
): (model: ScreenModel, ...rest: Rest) => readonly Found[] {
  let last: { readonly key: readonly unknown[]; readonly found: readonly Found[] } | undefined;
  return (model, ...rest) => {
    const events = dataOf(model.state.events);
    if (events === undefined) return [];
    const key = [events, events.version, ...keyOf(model, ...rest)];
    const isSame = last?.key.length === key.length && last.key.every((value, index) => value === key[index]);
    if (last === undefined || !isSame) last = { key, found: find(events, model, ...rest) };
    return last.found;
  };
}
