/**
 * kubeconfig files by kubectl's rules: which files, how they merge, relative paths, in-cluster. Our own reading,
 * because client-node's KubeConfig drops tokenFile, impersonation groups and plugin details, fails on a name that is
 * in two files of KUBECONFIG, and cannot say which line is wrong.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { clean } from '../../domain/text.ts';
import { Credentials } from './credentials.ts';
import { ConfigError } from './errors.ts';
import { isRecord, list, type Raw, record, string } from './raw.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const MAX_FILE_BYTES = 4 << 20;

/** What we talk to and as whom, safe to show. */
export interface KubeTarget {
  readonly context: string;
  /** All contexts of the files read, in their order. */
  readonly contexts: readonly string[];
  /** Base URL without trailing slash. */
  readonly server: string;
  readonly user: string;
  /** Namespace of the context, `default` when it names none. */
  readonly namespace: string;
  /** The server's certificate is not verified, or there is none. */
  readonly insecure: boolean;
  /** A program that is run to log in. */
  readonly execPlugin?: { readonly command: string; readonly args: readonly string[] };
}

export interface ClusterConfig {
  readonly server: string;
  readonly caFile?: string;
  /** PEM. */
  readonly caData?: string;
  readonly skipVerify: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  /** `extensions[client.authentication.k8s.io/exec]`, handed to exec plugins. */
  readonly execConfig?: unknown;
}

export interface ExecConfig {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interactive: 'Never' | 'IfAvailable' | 'Always';
  readonly provideClusterInfo: boolean;
  readonly installHint?: string;
}

export interface UserConfig {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly certFile?: string;
  readonly certData?: string;
  readonly keyFile?: string;
  readonly keyData?: string;
  readonly exec?: ExecConfig;
  /** `Impersonate-…` headers. */
  readonly impersonation: Readonly<Record<string, string | readonly string[]>>;
}

/** Everything needed to talk to one cluster. */
export interface KubeAccess {
  readonly target: KubeTarget;
  readonly cluster: ClusterConfig;
  readonly credentials: Credentials;
}

export interface KubeconfigOptions {
  /** --kubeconfig; else the KUBECONFIG list, ~/.kube/config, the service account of the pod we run in. */
  readonly path?: string;
  /** --context; else current-context. */
  readonly context?: string;
  /** For tests. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

interface Entry {
  readonly value: Raw;
  /** The file it is from, which relative paths in it start at. */
  readonly file: string;
}

interface Merged {
  readonly files: readonly string[];
  readonly clusters: Map<string, Entry>;
  readonly users: Map<string, Entry>;
  readonly contexts: Map<string, Entry>;
  currentContext: string | undefined;
}

/** Reads and checks the configuration of one context. Throws ConfigError: one line that says what, where and the fix. */
export function loadKubeconfig(options: KubeconfigOptions = {}): KubeAccess {
  const merged = loadFiles(options);
  if (merged === undefined) return inCluster(options.env ?? process.env);
  const where = merged.files.join(delimiter);
  const contexts = [...merged.contexts.keys()];
  const name = options.context ?? merged.currentContext;
  if (!name) {
    throw new ConfigError(`no current-context is set in ${where}`, {
      where,
      fix: `choose one with --context: ${named(contexts)}`,
    });
  }
  const context = merged.contexts.get(name);
  if (!context) {
    throw new ConfigError(`no context "${name}" in ${where}`, {
      where,
      fix: `known contexts: ${named(contexts)}`,
    });
  }
  const clusterName = string(context.value.cluster) ?? '';
  const userName = string(context.value.user) ?? '';
  const cluster = clusterConfig(
    referenced(merged.clusters, 'cluster', clusterName, name, where),
    clusterName,
  );
  const user = userName
    ? userConfig(referenced(merged.users, 'user', userName, name, where), userName)
    : ANONYMOUS;
  const target = {
    context: clean(name, 256),
    contexts: contexts.map((each) => clean(each, 256)),
    server: cluster.server,
    user: clean(userName, 256),
    namespace: string(context.value.namespace) ?? 'default',
    insecure: cluster.skipVerify || cluster.server.startsWith('http:'),
    ...(user.exec && { execPlugin: { command: user.exec.command, args: user.exec.args } }),
  };
  return { target, cluster, credentials: new Credentials(user, cluster, target.user) };
}

/** Names of all contexts and the current one, even when the current one is broken. Throws ConfigError. */
export function listContexts(options: KubeconfigOptions = {}): {
  readonly contexts: readonly string[];
  readonly current?: string;
} {
  const merged = loadFiles(options);
  if (merged === undefined) return { contexts: ['in-cluster'], current: 'in-cluster' };
  const current = merged.currentContext;
  return {
    contexts: [...merged.contexts.keys()].map((name) => clean(name, 256)),
    ...(current && { current: clean(current, 256) }),
  };
}

const ANONYMOUS: UserConfig = { impersonation: {} };

/** The files merged as kubectl merges them: the first to define a name wins. Undefined: use the service account. */
function loadFiles(options: KubeconfigOptions): Merged | undefined {
  const env = options.env ?? process.env;
  const files = options.path !== undefined ? [options.path] : existingFiles(env);
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
function existingFiles(env: NonNullable<KubeconfigOptions['env']>): string[] {
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

function referenced(
  entries: Map<string, Entry>,
  kind: string,
  name: string,
  context: string,
  where: string,
): Entry {
  const entry = entries.get(name);
  if (entry) return entry;
  const what = name ? `${kind} "${name}", which is not defined` : `no ${kind}`;
  throw new ConfigError(`context "${context}" names ${what} in ${where}`, {
    where,
    fix: `known ${kind}s: ${named([...entries.keys()])}`,
  });
}

function clusterConfig({ value, file }: Entry, name: string): ClusterConfig {
  const server = string(value.server);
  const where = `cluster "${name}" in ${file}`;
  if (!server)
    throw new ConfigError(`${where} has no server`, {
      where: file,
      fix: 'set its server, e.g. https://192.168.1.10:6443',
    });
  const caData = pem(value['certificate-authority-data'], 'certificate-authority-data', where);
  const tls =
    caData ??
    string(value['certificate-authority']) ??
    (value['insecure-skip-tls-verify'] === true || undefined);
  return {
    server: serverUrl(server, tls !== undefined, where),
    skipVerify: value['insecure-skip-tls-verify'] === true,
    ...optional('caFile', path(value['certificate-authority'], file)),
    ...optional('caData', caData),
    ...optional('tlsServerName', string(value['tls-server-name'])),
    ...optional('proxyUrl', string(value['proxy-url'])),
    ...optional('execConfig', execExtension(value.extensions)),
  };
}

/** Without a scheme it is http, or https when anything about TLS is configured (client-go DefaultServerURL). */
function serverUrl(server: string, tls: boolean, where: string): string {
  const text = server.includes('://') ? server : `${tls ? 'https' : 'http'}://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new ConfigError(`server "${server}" of ${where} is no URL`, {
      where,
      fix: 'it should look like https://192.168.1.10:6443',
    });
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function execExtension(extensions: unknown): unknown {
  return record(list(extensions).find((each) => record(each).name === 'client.authentication.k8s.io/exec'))
    .extension;
}

function userConfig({ value, file }: Entry, name: string): UserConfig {
  const where = `user "${name}" in ${file}`;
  if (isRecord(value['auth-provider'])) {
    throw new ConfigError(
      `${where} uses auth-provider "${string(value['auth-provider'].name) ?? ''}", which kubectl dropped in 1.26`,
      {
        where: file,
        fix: 'use an exec plugin instead, e.g. kubectl oidc-login',
      },
    );
  }
  return {
    impersonation: impersonation(value),
    ...optional('token', string(value.token)?.trim()),
    ...optional('tokenFile', path(value.tokenFile, file)),
    ...optional('username', string(value.username)),
    ...optional('password', string(value.password)),
    ...optional('certFile', path(value['client-certificate'], file)),
    ...optional('certData', pem(value['client-certificate-data'], 'client-certificate-data', where)),
    ...optional('keyFile', path(value['client-key'], file)),
    ...optional('keyData', pem(value['client-key-data'], 'client-key-data', where)),
    ...optional('exec', isRecord(value.exec) ? execConfig(value.exec, file, where) : undefined),
  };
}

function execConfig(value: Raw, file: string, where: string): ExecConfig {
  const command = string(value.command);
  if (!command) throw new ConfigError(`exec of ${where} has no command`, { where: file });
  const env = list(value.env).map(
    (each) => [string(record(each).name) ?? '', String(record(each).value ?? '')] as const,
  );
  const mode = string(value.interactiveMode);
  return {
    apiVersion: string(value.apiVersion) ?? 'client.authentication.k8s.io/v1',
    command: command.includes('/') ? join(isAbsolute(command) ? '' : dirname(file), command) : command,
    args: list(value.args).map(String),
    env: Object.fromEntries(env.filter(([key]) => key !== '')),
    interactive: mode === 'Never' || mode === 'Always' ? mode : 'IfAvailable',
    provideClusterInfo: value.provideClusterInfo === true,
    ...optional('installHint', string(value.installHint)?.trim()),
  };
}

function impersonation(value: Raw): UserConfig['impersonation'] {
  const extra = Object.entries(record(value['as-user-extra'])).map(
    ([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, list(values).map(String)] as const,
  );
  return {
    ...optional('Impersonate-User', string(value.as)),
    ...optional('Impersonate-Uid', string(value['as-uid'])),
    ...(Array.isArray(value['as-groups']) && { 'Impersonate-Group': value['as-groups'].map(String) }),
    ...Object.fromEntries(extra),
  };
}

function inCluster(env: NonNullable<KubeconfigOptions['env']>): KubeAccess {
  const host = env.KUBERNETES_SERVICE_HOST ?? '';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`;
  const cluster: ClusterConfig = { server, skipVerify: false, caFile: join(SERVICE_ACCOUNT, 'ca.crt') };
  const namespaceFile = join(SERVICE_ACCOUNT, 'namespace');
  const target: KubeTarget = {
    context: 'in-cluster',
    contexts: ['in-cluster'],
    server,
    user: 'service account',
    namespace: existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : 'default',
    insecure: false,
  };
  const user: UserConfig = { impersonation: {}, tokenFile: join(SERVICE_ACCOUNT, 'token') };
  return { target, cluster, credentials: new Credentials(user, cluster, target.user) };
}

function path(value: unknown, file: string): string | undefined {
  const text = string(value);
  return text === undefined ? undefined : resolve(dirname(file), text);
}

function pem(value: unknown, field: string, where: string): string | undefined {
  const encoded = string(value);
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('latin1');
  if (!text.includes('-----BEGIN')) {
    throw new ConfigError(`${field} of ${where} is no base64-encoded PEM`, {
      where,
      fix: 'fetch a fresh kubeconfig',
    });
  }
  return text;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

/** For messages: the first names, so that the line stays readable. */
function named(names: readonly string[]): string {
  if (names.length === 0) return '(none)';
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
