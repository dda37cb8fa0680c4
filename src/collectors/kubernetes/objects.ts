/** Reads of single objects, on demand: YAML, description, events. All lines are sanitised. */
import { stringify } from 'yaml';
import type { ObjectRef } from '../../domain/finding.ts';
import type { EventInfo } from '../../domain/kinds.ts';
import { clean } from '../../domain/text.ts';
import { describeObject } from './describe.ts';
import { objectPath, resourceOf } from './discovery.ts';
import { KubeError } from './errors.ts';
import type { KubeHttp } from './http.ts';
import { Interner } from './intern.ts';
import { projectEvent } from './projections/event.ts';
import { isRecord, list, type Raw, record } from './raw.ts';

const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MAX_LINE = 16_384;

/** Reads one object, fresh. Of a Secret only the metadata is asked for and accepted. Throws KubeError. */
export async function getObject(http: KubeHttp, ref: ObjectRef, signal?: AbortSignal): Promise<Raw> {
  const path = objectPath(await resourceOf(http, ref.kind), ref.namespace, ref.name);
  const secret = ref.kind === 'Secret';
  const { data } = await http.json(path, {
    urgent: true,
    ...(secret && { accept: METADATA_ONLY }),
    ...(signal && { signal }),
  });
  if (secret) return secretMetadata(data, http.access.target.server);
  if (data.kind === ref.kind) return data;
  throw new KubeError(
    'protocol',
    `${http.access.target.server}${path} answers with ${String(data.kind)} instead of ${ref.kind}`,
  );
}

/** Neither values nor the annotation in which kubectl keeps a copy of them. */
function secretMetadata(data: Raw, server: string): Raw {
  if (data.kind !== 'PartialObjectMetadata') {
    throw new KubeError('protocol', `${server} would send the values of the Secret; they are not read`);
  }
  const metadata = record(data.metadata);
  const { [LAST_APPLIED]: _, ...annotations } = record(metadata.annotations);
  return { apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, annotations } };
}

/** Events about one object, newest first. Throws KubeError. */
export async function readEvents(
  http: KubeHttp,
  ref: ObjectRef,
  signal?: AbortSignal,
): Promise<readonly EventInfo[]> {
  const path = ref.namespace
    ? `/api/v1/namespaces/${encodeURIComponent(ref.namespace)}/events`
    : '/api/v1/events';
  const fieldSelector = `involvedObject.kind=${ref.kind},involvedObject.name=${ref.name}`;
  const query = { fieldSelector, limit: 500 };
  const { data } = await http.json(path, { urgent: true, query, ...(signal && { signal }) });
  const project = projectEvent(new Interner());
  const events = list(data.items)
    .filter(isRecord)
    .flatMap((raw) => project(raw) ?? []);
  return events.sort((a, b) => b.lastAt - a.lastAt);
}

/** The object as `kubectl get -o yaml` prints it, without managedFields. */
export function toYaml(raw: Raw): readonly string[] {
  const { apiVersion, kind, ...rest } = raw;
  const { managedFields: _, ...metadata } = record(raw.metadata);
  // YAML 1.1 is what kubectl reads: its times, `on` and `yes` must be quoted to stay strings.
  const options = { lineWidth: 0, aliasDuplicateObjects: false, schema: 'yaml-1.1' } as const;
  const text = stringify({ apiVersion, kind, ...rest, metadata }, options);
  const note = raw.kind === 'Secret' ? ['# The values of Secrets are never read.'] : [];
  return [...note, ...text.trimEnd().split('\n')].map((line) => clean(line, MAX_LINE));
}

/** What the text viewer shows of an object. Throws KubeError. */
export async function readLines(
  http: KubeHttp,
  kind: 'yaml' | 'describe',
  ref: ObjectRef,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const now = Date.now();
  if (kind === 'yaml') return toYaml(await getObject(http, ref, signal));
  const [raw, events] = await Promise.all([
    getObject(http, ref, signal),
    readEvents(http, ref, signal).catch((error: unknown) =>
      error instanceof KubeError ? error : Promise.reject(error),
    ),
  ]);
  return describeObject(raw, events, now);
}
