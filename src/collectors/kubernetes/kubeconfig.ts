/**
 * kubeconfig files by kubectl's rules: which files, how they merge, relative paths, in-cluster. Our own reading,
 * because client-node's KubeConfig drops tokenFile, impersonation groups and plugin details, fails on a name that is
 * in two files of KUBECONFIG, and cannot say which line is wrong.
 */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { clean } from '../../domain/text.ts';
import { Credentials } from './credentials.ts';
import { ConfigError } from './errors.ts';
import { clusterConfig, userConfig } from './kubeconfigEntries.ts';
import { type Entry, type Env, loadFiles, SERVICE_ACCOUNT } from './kubeconfigFiles.ts';
import { string } from './raw.ts';

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

/** `auth-provider: {name: oidc}`. */
export interface OidcConfig {
  /** Base URL of the provider. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly idToken?: string;
  readonly refreshToken?: string;
  /** Whom to trust for the provider's certificate; Node's own authorities when absent. */
  readonly caFile?: string;
  /** PEM. */
  readonly caData?: string;
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
  readonly oidc?: OidcConfig;
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
  readonly env?: Env;
}

/** Reads and checks the configuration of one context. Throws ConfigError: one line that says what, where and the fix. */
export function loadKubeconfig(options: KubeconfigOptions = {}): KubeAccess {
  const merged = loadFiles(options.path, options.env ?? process.env);
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

const ANONYMOUS: UserConfig = { impersonation: {} };

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

function inCluster(env: Env): KubeAccess {
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

/** For messages: the first names, so that the line stays readable. */
function named(names: readonly string[]): string {
  if (names.length === 0) return '(none)';
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
