/** Which kubeconfig files there are, and how they merge: kubectl's rules. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './errors.ts';
import { isRecord, type Raw, record, string } from './raw.ts';

/** Where Kubernetes puts the login of a pod's service account. */
export const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const MAX_FILE_BYTES = 4 << 20;

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A named entry as written. */
export interface Entry {
  readonly value: Raw;
  /** The file it is from, which relative paths in it start at. */
  readonly file: string;
}

export interface Merged {
  readonly files: readonly string[];
  readonly clusters: Map<string, Entry>;
  readonly users: Map<string, Entry>;
  readonly contexts: Map<string, Entry>;
  currentContext: string | undefined;
}

/** The files merged as kubectl merges them: the first to define a name wins. Undefined: use the service account. */
export function loadFiles(path: string | undefined, env: Env): Merged | undefined {
  const files = path !== undefined ? [path] : existingFiles(env);
  if (files.length === 0) {
    if (env.KUBERNETES_SERVICE_HOST && existsSync(join(SERVICE_ACCOUNT, 'token'))) return undefined;
    const tried = env.KUBECONFIG ? `KUBECONFIG=${env.KUBECONFIG}` : '~/.kube/config (KUBECONFIG is not set)';
    throw new ConfigError(`no kubeconfig found: tried ${tried}`, {
      fix: 'name one with --kubeconfig FILE or KUBECONFIG, or look around first with --demo',
    });
  }
  const merged: Merged = {
    files,
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
    currentContext: undefined,
  };
  for (const file of files) mergeFile(merged, resolve(file));
  return merged;
}

/** Files of the KUBECONFIG list that do not exist are skipped, as kubectl does. */
function existingFiles(env: Env): string[] {
  const candidates = env.KUBECONFIG
    ? env.KUBECONFIG.split(delimiter).filter(Boolean)
    : [join(env.HOME || homedir(), '.kube', 'config')];
  return candidates.filter((file) => existsSync(file));
}

function mergeFile(merged: Merged, file: string): void {
  const document = parseFile(file);
  merged.currentContext ??= string(document['current-context']);
  mergeNamed(merged.clusters, document.clusters, 'cluster', file);
  mergeNamed(merged.users, document.users, 'user', file);
  mergeNamed(merged.contexts, document.contexts, 'context', file);
}

function mergeNamed(into: Map<string, Entry>, entries: unknown, field: string, file: string): void {
  if (entries === undefined || entries === null) return;
  if (!Array.isArray(entries)) {
    throw new ConfigError(`${field}s in ${file} is not a list`, {
      where: file,
      fix: 'compare with the output of: kubectl config view',
    });
  }
  for (const [index, entry] of entries.entries()) {
    const name = string(record(entry).name);
    if (name === undefined)
      throw new ConfigError(`${field}s[${index}] in ${file} has no name`, { where: file });
    if (!into.has(name)) into.set(name, { value: record(record(entry)[field]), file });
  }
}

function parseFile(file: string): Raw {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    throw new ConfigError(`${file}:${line} is not valid YAML: ${error.message}`, {
      where: `${file}:${line}`,
      fix: 'mend that line, or name another file with --kubeconfig',
    });
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const kind = isRecord(value) ? (string(value.kind) ?? 'Config') : undefined;
  if (isRecord(value) && kind === 'Config') return value;
  const found = value === null ? 'empty' : kind === undefined ? 'no mapping' : `a ${kind}`;
  throw new ConfigError(`${file} is no kubeconfig: it is ${found}`, {
    where: file,
    fix: 'name another file with --kubeconfig',
  });
}

function readText(file: string): string {
  try {
    const text = readFileSync(file);
    if (text.length <= MAX_FILE_BYTES) return text.toString('utf8');
  } catch (error) {
    const code = error instanceof Error ? String(Reflect.get(error, 'code')) : '';
    const why =
      { ENOENT: 'it does not exist', EACCES: 'permission denied', EISDIR: 'it is a directory' }[code] ?? code;
    throw new ConfigError(`cannot read kubeconfig ${file}: ${why}`, {
      where: file,
      fix: 'check --kubeconfig and KUBECONFIG',
    });
  }
  throw new ConfigError(`${file} is too large for a kubeconfig (over 4 MiB)`, { where: file });
}
