import { ApiError, badRequest } from '../errors.ts';
import type { ResourceRequest } from './context.ts';

/** A truthy query parameter: present and neither 'false' nor '0'. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}

/** A whole number in the query. Throws 400 when it is none. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^\d+$/.test(value)) {
    throw badRequest(`strconv.ParseInt: parsing "${value}": invalid syntax (query parameter ${name})`);
  }
  return Number(value);
}

/** Whether the request shall change nothing. Throws 400 for any other value than All. */
export function isDryRun(query: URLSearchParams, body?: unknown): boolean {
  const values = [...query.getAll('dryRun'), ...(Array.isArray(body) ? body.map(String) : [])];
  const wrong = values.find((value) => value !== 'All' && value !== '');
  if (wrong !== undefined) {
    throw invalidOptions('CreateOptions', `dryRun: Unsupported value: "${wrong}": supported values: "All"`);
  }
  return values.includes('All');
}

/** 422 for a query that makes no sense. */
function invalidOptions(kind: string, message: string): ApiError {
  const field = message.split(':', 1)[0] ?? '';
  return new ApiError(422, 'Invalid', `${kind}.meta.k8s.io "" is invalid: ${message}`, {
    group: 'meta.k8s.io',
    kind,
    causes: [{ reason: 'FieldValueForbidden', message: message.slice(field.length + 2), field }],
  });
}

/** Checks the version rules of a list. */
export function checkListOptions(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const version = query.get('resourceVersion') ?? '';
  if (query.has('sendInitialEvents')) {
    throw invalidOptions(
      'ListOptions',
      'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    );
  }
  if (match === '') return;
  const forbid = (why: string) => invalidOptions('ListOptions', `resourceVersionMatch: Forbidden: ${why}`);
  if (version === '') throw forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (query.get('continue')) {
    throw forbid('resourceVersionMatch is forbidden when continue is provided');
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalidOptions(
      'ListOptions',
      `resourceVersionMatch: Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
    );
  }
  if (match === 'Exact' && version === '0') {
    throw forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
}

/** Checks the version rules of a watch; returns whether it asks for the streaming list. */
export function checkWatchOptions(query: URLSearchParams): boolean {
  const match = query.get('resourceVersionMatch') ?? '';
  const forbid = (why: string) => invalidOptions('ListOptions', `resourceVersionMatch: Forbidden: ${why}`);
  if (!query.has('sendInitialEvents')) {
    if (match !== '') {
      throw forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    }
    return false;
  }
  if (match === '') {
    throw forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (match !== 'NotOlderThan') {
    throw invalidOptions(
      'ListOptions',
      `resourceVersionMatch: Unsupported value: "${match}": supported values: "NotOlderThan"`,
    );
  }
  return flag(query, 'sendInitialEvents');
}

/** The resourceVersion of a request as a number; undefined when it asks for no particular one. Throws 400. */
export function requestedVersion(query: URLSearchParams): number | undefined {
  const value = query.get('resourceVersion') ?? '';
  if (value === '' || value === '0') return undefined;
  if (!/^\d+$/.test(value)) {
    throw badRequest(
      `Invalid value: "${value}": strconv.ParseUint: parsing "${value}": invalid syntax (resourceVersion)`,
    );
  }
  return Number(value);
}

/** Whether a GET of a collection is a watch. */
export function isWatch(request: ResourceRequest): boolean {
  return flag(request.query, 'watch');
}
