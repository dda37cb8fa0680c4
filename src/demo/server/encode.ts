import { presented } from '../events.ts';
import type { KubeObject } from '../object.ts';
import { apiVersionOf, isCustom, type ResourceDef } from '../resources.ts';
import { cellsOf, columnDefinitions } from '../tables/index.ts';
import type { Representation } from './negotiate.ts';

/** How objects of one request are written. */
export interface Encoding {
  readonly def: ResourceDef;
  readonly representation: Representation;
  /** What a Table row holds beside its cells. */
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

const bodies = new WeakMap<KubeObject, string>();
const metadataBodies = new WeakMap<KubeObject, string>();

/** `"metadata":{…},"spec":{…}}` of an object, made once: its JSON without kind, apiVersion and opening brace. */
function bodyOf(object: KubeObject): string {
  const known = bodies.get(object);
  if (known !== undefined) return known;
  const { apiVersion: _version, kind: _kind, ...rest } = object;
  const body = JSON.stringify(rest).slice(1);
  bodies.set(object, body);
  return body;
}

function metadataBodyOf(object: KubeObject): string {
  const known = metadataBodies.get(object);
  if (known !== undefined) return known;
  const body = `"metadata":${JSON.stringify(object.metadata)}}`;
  metadataBodies.set(object, body);
  return body;
}

/** kind and apiVersion of what an encoding writes. */
function typeMeta(encoding: Encoding, list: boolean): { kind: string; apiVersion: string } {
  const suffix = list ? 'List' : '';
  switch (encoding.representation) {
    case 'table':
      return { kind: 'Table', apiVersion: 'meta.k8s.io/v1' };
    case 'metadata':
      return { kind: `PartialObjectMetadata${suffix}`, apiVersion: 'meta.k8s.io/v1' };
    default:
      return { kind: `${encoding.def.kind}${suffix}`, apiVersion: apiVersionOf(encoding.def) };
  }
}

function opening({ kind, apiVersion }: { kind: string; apiVersion: string }): string {
  return `{"kind":"${kind}","apiVersion":"${apiVersion}",`;
}

/** One object as the reply to a single read, or in a watch event; a Table has its columns unless `bare`. */
export function encodeObject(encoding: Encoding, stored: KubeObject, now: number, bare = false): string {
  const object = presented(encoding.def, stored);
  const head = opening(typeMeta(encoding, false));
  if (encoding.representation === 'metadata') return head + metadataBodyOf(object);
  if (encoding.representation === 'object') return head + bodyOf(object);
  const columns = bare ? '' : `"columnDefinitions":${JSON.stringify(columnDefinitions(encoding.def))},`;
  const version = JSON.stringify({ resourceVersion: object.metadata.resourceVersion });
  return `${head}"metadata":${version},${columns}"rows":[${encodeRow(encoding, stored, now)}]}`;
}

/** The metadata of a list. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** A list, in pieces small enough to stream. */
export function* encodeList(
  encoding: Encoding,
  meta: ListMeta,
  objects: Iterable<KubeObject>,
  now: number,
): Generator<string> {
  const isTable = encoding.representation === 'table';
  yield `${opening(typeMeta(encoding, true))}"metadata":${JSON.stringify(meta)},`;
  if (isTable) yield `"columnDefinitions":${JSON.stringify(columnDefinitions(encoding.def))},`;
  yield isTable ? '"rows":[' : '"items":[';
  let separator = '';
  for (const object of objects) {
    yield separator + encodeItem(encoding, object, now);
    separator = ',';
  }
  yield ']}\n';
}

/** Items of a list of a built-in kind carry no kind and apiVersion; those of custom resources and metadata do. */
function encodeItem(encoding: Encoding, stored: KubeObject, now: number): string {
  const object = presented(encoding.def, stored);
  switch (encoding.representation) {
    case 'table':
      return encodeRow(encoding, stored, now);
    case 'metadata':
      return opening(typeMeta(encoding, false)) + metadataBodyOf(object);
    default:
      return (isCustom(encoding.def) ? opening(typeMeta(encoding, false)) : '{') + bodyOf(object);
  }
}

/** Cells are made from the stored shape, which the columns know. */
function encodeRow(encoding: Encoding, stored: KubeObject, now: number): string {
  const cells = JSON.stringify(cellsOf(encoding.def, stored, now));
  return `{"cells":${cells},"object":${rowObject(encoding, presented(encoding.def, stored))}}`;
}

function rowObject(encoding: Encoding, object: KubeObject): string {
  switch (encoding.includeObject) {
    case 'None':
      return 'null';
    case 'Object':
      return opening(typeMeta({ ...encoding, representation: 'object' }, false)) + bodyOf(object);
    default:
      return opening(typeMeta({ ...encoding, representation: 'metadata' }, false)) + metadataBodyOf(object);
  }
}

/** A bookmark event: everything up to the version has been sent. */
export function encodeBookmark(
  encoding: Encoding,
  resourceVersion: string,
  initialEventsEnd: boolean,
): string {
  const metadata = {
    resourceVersion,
    creationTimestamp: null,
    ...(initialEventsEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
  };
  const object =
    encoding.representation === 'table'
      ? { ...typeMeta(encoding, false), metadata: { resourceVersion }, columnDefinitions: [], rows: [] }
      : { ...typeMeta(encoding, false), metadata };
  return encodeEvent('BOOKMARK', JSON.stringify(object));
}

/** One line of a watch stream. */
export function encodeEvent(type: string, objectJson: string): string {
  return `{"type":"${type}","object":${objectJson}}\n`;
}
