import type { KubeObject } from './object.ts';
import type { ResourceDef } from './resources.ts';

/** An event of core/v1 in the shape of events.k8s.io/v1. */
function toEventsV1(event: KubeObject): KubeObject {
  const {
    involvedObject,
    message,
    source,
    firstTimestamp,
    lastTimestamp,
    count,
    reportingComponent,
    ...rest
  } = event;
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    regarding: involvedObject,
    note: message,
    reportingController: reportingComponent ?? '',
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  };
}

/** The reverse of {@link toEventsV1}. */
function fromEventsV1(event: KubeObject): KubeObject {
  const {
    regarding,
    note,
    reportingController,
    deprecatedSource,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedCount,
    ...rest
  } = event;
  return {
    ...rest,
    apiVersion: 'v1',
    involvedObject: regarding,
    message: note,
    reportingComponent: reportingController ?? '',
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    count: deprecatedCount,
  };
}

const converted = new WeakMap<KubeObject, KubeObject>();

/** A stored object in the shape of the resource it is asked through. */
export function presented(def: ResourceDef, object: KubeObject): KubeObject {
  if (def.viewOf === undefined) return object;
  const known = converted.get(object) ?? toEventsV1(object);
  converted.set(object, known);
  return known;
}

/** An object sent through a resource in the shape it is stored in. */
export function stored(def: ResourceDef, object: KubeObject): KubeObject {
  return def.viewOf === undefined ? object : fromEventsV1(object);
}
