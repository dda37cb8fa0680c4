import { type ResourceDef, resourceKey } from './resources.ts';

/** One detail of a refused request. */
export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

/** The `details` of a Kubernetes Status. */
interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** The Status object that the API server answers a failed request with. */
interface StatusObject {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** A request that the API server refuses, with the code, reason and wording of the real one. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
    this.details = details;
    this.retryAfterSeconds = details?.retryAfterSeconds;
  }

  /** The error as the body of a reply. */
  toStatus(): StatusObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details && { details: this.details }),
      code: this.status,
    };
  }
}

function detailsOf(def: ResourceDef, name: string): StatusDetails {
  return { name, ...(def.group !== '' && { group: def.group }), kind: def.resource };
}

/** 404 for one object. */
export function notFound(def: ResourceDef, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${resourceKey(def)} "${name}" not found`, detailsOf(def, name));
}

/** 409 for a name that is taken. */
export function alreadyExists(def: ResourceDef, name: string): ApiError {
  const message = `${resourceKey(def)} "${name}" already exists`;
  return new ApiError(409, 'AlreadyExists', message, detailsOf(def, name));
}

/** 409 for a write that would overwrite something else than its author saw. */
export function conflict(def: ResourceDef, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${resourceKey(def)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, detailsOf(def, name));
}

/** 422 for an object that breaks the rules of its kind; each cause names a field. */
export function invalid(def: ResourceDef, name: string, causes: readonly StatusCause[]): ApiError {
  const [first, ...rest] = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const all = rest.length > 0 ? `[${[first, ...rest].join(', ')}]` : (first ?? '');
  const kind = def.group === '' ? def.kind : `${def.kind}.${def.group}`;
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${all}`, {
    name,
    ...(def.group !== '' && { group: def.group }),
    kind: def.kind,
    causes,
  });
}

/** 400 for a request that cannot be understood. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

/** 410 for a version or continue token that is no longer kept. */
export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

/** 504 for a version from the future: the client has seen another server or another life of this one. */
export function tooLargeResourceVersion(requested: number, current: number): ApiError {
  const message = `Too large resource version: ${requested}, current: ${current}`;
  return new ApiError(504, 'Timeout', `Timeout: ${message}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
