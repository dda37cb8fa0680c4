import { ApiError } from './errors.ts';
import { equal, type Fields, isFields, list, text } from './json.ts';
import { isMergingSet, mergeKeyOf } from './mergekeys.ts';

/** JSON merge patch (RFC 7386): null removes a field, arrays are replaced. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Fields = { ...(isFields(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Kubernetes strategic merge patch: lists of named things merge by their key; `$patch` and its kin are honoured. */
export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const { $patch: directive, $retainKeys: retained, ...changes } = patch;
  if (directive === 'replace') return changes;
  if (directive === 'delete') return undefined;
  const result: Fields = { ...(isFields(target) ? target : {}) };
  // The wanted order speaks of the merged list, so it is applied after the merge.
  const [orders, rest] = partition(Object.entries(changes), ([key]) => key.startsWith('$setElementOrder/'));
  for (const [key, value] of [...rest, ...orders]) applyStrategicField(result, key, value);
  if (Array.isArray(retained)) {
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  }
  return result;
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function applyStrategicField(result: Fields, key: string, value: unknown): void {
  const [directive, field] = key.startsWith('$') ? key.split('/', 2) : [];
  if (directive === '$deleteFromPrimitiveList' && field) {
    const unwanted = list(value);
    result[field] = list(result[field]).filter((each) => !unwanted.includes(each));
  } else if (directive === '$setElementOrder' && field) {
    result[field] = inOrder(field, list(result[field]), list(value));
  } else if (value === null) {
    delete result[key];
  } else {
    const merged = Array.isArray(value)
      ? mergeList(key, list(result[key]), value)
      : strategicMergePatch(result[key], value);
    if (merged === undefined) delete result[key];
    else result[key] = merged;
  }
}

function mergeList(name: string, current: readonly unknown[], patch: readonly unknown[]): unknown[] {
  if (isMergingSet(name)) return [...new Set([...current, ...patch])];
  const key = mergeKeyOf(name, [...current, ...patch]);
  const elements = patch.filter((each) => !isFields(each) || each.$patch !== 'replace');
  if (key === undefined || elements.length < patch.length) return elements;
  const result = [...current];
  for (const element of elements) {
    if (!isFields(element)) continue;
    const index = result.findIndex((each) => isFields(each) && equal(each[key], element[key]));
    if (element.$patch === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) {
      result[index] = strategicMergePatch(result[index], element);
    } else {
      result.push(strategicMergePatch({}, element));
    }
  }
  return result;
}

/** Elements in the wanted order; those it does not name come last, in the order they have. */
function inOrder(name: string, elements: readonly unknown[], order: readonly unknown[]): unknown[] {
  const key = mergeKeyOf(name, elements);
  const identity = (each: unknown) => (key !== undefined && isFields(each) ? each[key] : each);
  const wanted = order.map(identity);
  const rank = (each: unknown) => {
    const index = wanted.findIndex((id) => equal(id, identity(each)));
    return index < 0 ? wanted.length : index;
  };
  return [...elements].sort((a, b) => rank(a) - rank(b));
}

/** JSON patch (RFC 6902). Throws 422 when an operation cannot be done or a test fails. */
export function jsonPatch(target: unknown, operations: readonly unknown[]): unknown {
  return operations.reduce<unknown>((document, operation) => {
    if (!isFields(operation)) throw rejected('a JSON patch operation must be an object');
    return applyOperation(document, operation);
  }, target);
}

function applyOperation(document: unknown, operation: Fields): unknown {
  const path = pointer(text(operation.path));
  switch (operation.op) {
    case 'add':
      return setAt(document, path, operation.value, 'add');
    case 'replace':
      readAt(document, path);
      return setAt(document, path, operation.value, 'replace');
    case 'remove':
      return removeAt(document, path);
    case 'copy':
      return setAt(document, path, readAt(document, pointer(text(operation.from))), 'add');
    case 'move': {
      const from = pointer(text(operation.from));
      return setAt(removeAt(document, from), path, readAt(document, from), 'add');
    }
    case 'test':
      if (equal(readAt(document, path), operation.value)) return document;
      throw rejected(`testing value ${text(operation.path)} failed`);
    default:
      throw rejected(`Unexpected kind: ${String(operation.op)}`);
  }
}

function pointer(path: string): string[] {
  if (path === '') return [];
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function readAt(document: unknown, path: readonly string[]): unknown {
  let current = document;
  for (const key of path) {
    const next = Array.isArray(current) ? current[Number(key)] : isFields(current) ? current[key] : undefined;
    if (next === undefined) throw missing(path);
    current = next;
  }
  return current;
}

function setAt(document: unknown, path: readonly string[], value: unknown, mode: 'add' | 'replace'): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(document)) {
    const copy = [...document];
    const index = key === '-' ? copy.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > copy.length) throw missing(path);
    if (rest.length > 0) copy[index] = setAt(copy[index], rest, value, mode);
    else copy.splice(index, mode === 'add' ? 0 : 1, value);
    return copy;
  }
  if (!isFields(document)) throw missing(path);
  return { ...document, [key]: rest.length > 0 ? setAt(document[key], rest, value, mode) : value };
}

function removeAt(document: unknown, path: readonly string[]): unknown {
  readAt(document, path);
  const [key = '', ...rest] = path;
  if (Array.isArray(document)) {
    const copy = [...document];
    if (rest.length > 0) copy[Number(key)] = removeAt(copy[Number(key)], rest);
    else copy.splice(Number(key), 1);
    return copy;
  }
  const copy: Fields = { ...(isFields(document) ? document : {}) };
  if (rest.length > 0) copy[key] = removeAt(copy[key], rest);
  else delete copy[key];
  return copy;
}

function missing(path: readonly string[]): ApiError {
  return rejected(`path "/${path.join('/')}" does not exist in the object: missing path`);
}

/** The API server keeps the reason to itself; it stays in the error for whoever debugs the homelab. */
function rejected(why: string): ApiError {
  const message = 'the server rejected our request due to an error in our request';
  const error = new ApiError(422, 'Invalid', message, {});
  error.cause = why;
  return error;
}
