import type { Condition, ContainerSpec, Meta, OwnerRef, Resources } from '../../../domain/kinds.ts';
import { parseQuantity } from '../../../domain/quantity.ts';
import { clean } from '../../../domain/text.ts';
import type { Interner } from '../intern.ts';
import { isRecord, list, number, present, type Raw, record, string, time } from '../raw.ts';

const MAX_LABELS = 64;
const MAX_LABEL_LENGTH = 256;
const MAX_NAME_LENGTH = 256;
/** Long enough for "0/100 nodes are available: …" with all its clauses. */
const MAX_MESSAGE_LENGTH = 2048;

/** Cuts a raw object to the fields the domain reads; undefined when it is not the object it should be. */
export type Projection<T> = (raw: Raw) => T | undefined;

export function nameOf(value: unknown): string | undefined {
  const text = string(value);
  return text === undefined ? undefined : clean(text, MAX_NAME_LENGTH);
}

/** A word that many objects share: a reason, type, class, node name. */
export function word(value: unknown, intern: Interner): string | undefined {
  const text = string(value);
  return text === undefined ? undefined : intern.text(text, MAX_NAME_LENGTH);
}

export function message(value: unknown): string | undefined {
  const text = string(value);
  return text === undefined ? undefined : clean(text.trimEnd(), MAX_MESSAGE_LENGTH);
}

/** Common metadata, with those annotations only that a rule reads. Undefined without uid or name. */
export function metaOf(raw: Raw, intern: Interner, annotations: readonly string[] = []): Meta | undefined {
  const metadata = record(raw.metadata);
  const name = nameOf(metadata.name);
  const uid = nameOf(metadata.uid);
  if (name === undefined || uid === undefined) return undefined;
  const finalizers = list(metadata.finalizers).map((each) => intern.text(String(each), MAX_NAME_LENGTH));
  return present<Meta>({
    uid,
    name,
    namespace: word(metadata.namespace, intern) ?? '',
    resourceVersion: string(metadata.resourceVersion) ?? '',
    createdAt: time(metadata.creationTimestamp),
    deletedAt: time(metadata.deletionTimestamp),
    graceSeconds: number(metadata.deletionGracePeriodSeconds),
    generation: number(metadata.generation),
    owner: ownerOf(metadata.ownerReferences, intern),
    finalizers: finalizers.length > 0 ? intern.value(finalizers) : undefined,
    labels: labelMap(metadata.labels, intern),
    annotations: chosen(record(metadata.annotations), annotations),
  });
}

function ownerOf(references: unknown, intern: Interner): OwnerRef | undefined {
  const owner = list(references)
    .map(record)
    .find((each) => each.controller === true);
  if (owner === undefined) return undefined;
  return intern.value({
    apiVersion: clean(String(owner.apiVersion ?? ''), MAX_NAME_LENGTH),
    kind: clean(String(owner.kind ?? ''), MAX_NAME_LENGTH),
    name: clean(String(owner.name ?? ''), MAX_NAME_LENGTH),
    uid: clean(String(owner.uid ?? ''), MAX_NAME_LENGTH),
  });
}

/** A map of labels or of a selector, bounded; shared between equal ones. */
export function labelMap(value: unknown, intern: Interner): Readonly<Record<string, string>> {
  const entries = Object.entries(record(value)).slice(0, MAX_LABELS);
  return intern.value(
    Object.fromEntries(
      entries.map(([key, text]) => [
        intern.text(key, MAX_LABEL_LENGTH),
        intern.text(String(text), MAX_LABEL_LENGTH),
      ]),
    ),
  );
}

function chosen(all: Raw, names: readonly string[]): Record<string, string> | undefined {
  const found = names.flatMap((name) =>
    typeof all[name] === 'string' ? [[name, clean(all[name], MAX_LABEL_LENGTH)]] : [],
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

export function conditionsOf(value: unknown, intern: Interner): Condition[] {
  return list(value)
    .filter(isRecord)
    .map((each) =>
      present<Condition>({
        type: word(each.type, intern) ?? '',
        status: word(each.status, intern) ?? 'Unknown',
        reason: word(each.reason, intern),
        message: message(each.message),
        since: time(each.lastTransitionTime),
        heartbeat: time(each.lastHeartbeatTime ?? each.lastUpdateTime),
      }),
    );
}

/** `{cpu, memory}` of a resource list. */
export function resourcesOf(value: unknown): Resources {
  const resources = record(value);
  return present<Resources>({ cpu: parseQuantity(resources.cpu), memory: parseQuantity(resources.memory) });
}

/** The same, undefined when neither is set. */
export function resourcesIfAny(value: unknown): Resources | undefined {
  const resources = resourcesOf(value);
  return resources.cpu === undefined && resources.memory === undefined ? undefined : resources;
}

/** Containers as specified; requests default to limits, as the API server defaults them in pods. */
export function containersOf(value: unknown, intern: Interner): readonly ContainerSpec[] {
  return intern.value(
    list(value)
      .filter(isRecord)
      .map((each) => {
        const resources = record(each.resources);
        const limits = resourcesOf(resources.limits);
        return present<ContainerSpec>({
          name: clean(String(each.name ?? ''), MAX_NAME_LENGTH),
          image: clean(String(each.image ?? ''), 512),
          requests: { ...limits, ...resourcesOf(resources.requests) },
          limits,
          sidecar: each.restartPolicy === 'Always' || undefined,
          hasLivenessProbe: isRecord(each.livenessProbe) || undefined,
          hasReadinessProbe: isRecord(each.readinessProbe) || undefined,
        });
      }),
  );
}
