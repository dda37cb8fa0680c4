import { ApiError } from '../errors.ts';

/** The shape a client wants its objects in. */
export type Representation = 'object' | 'table' | 'metadata';

/** One media type of an Accept header. */
interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function parseAccept(header: string): MediaType[] {
  return header.split(',').map((clause) => {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    const pairs = parameters.map((each) => each.split('=', 2) as [string, string]);
    return { type: type.toLowerCase(), parameters: new Map(pairs) };
  });
}

/** The first shape in the Accept header that the server can send. Throws 406 when there is none. */
export function negotiate(accept: string | undefined): Representation {
  for (const { type, parameters } of parseAccept(accept || '*/*')) {
    if (!isJson(type)) continue;
    const as = parameters.get('as');
    if (as === undefined) return 'object';
    if (parameters.get('g') !== 'meta.k8s.io') continue;
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'metadata';
  }
  throw new ApiError(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
}

/** Whether the first acceptable media type is the aggregated discovery of version 2. */
export function wantsAggregatedDiscovery(accept: string | undefined): boolean {
  return parseAccept(accept ?? '').some(
    ({ parameters }) => parameters.get('as') === 'APIGroupDiscoveryList' && parameters.get('v') === 'v2',
  );
}

function isJson(type: string): boolean {
  return type === 'application/json' || type === 'application/*' || type === '*/*';
}
