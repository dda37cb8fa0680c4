/** Clusters and users of kubeconfigs: from what is written to what is meant. Throws ConfigError. */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from './errors.ts';
import type { ClusterConfig, ExecConfig, OidcConfig, UserConfig } from './kubeconfig.ts';
import type { Entry } from './kubeconfigFiles.ts';
import { isRecord, list, type Raw, record, string } from './raw.ts';

export function clusterConfig({ value, file }: Entry, name: string): ClusterConfig {
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

export function userConfig({ value, file }: Entry, name: string): UserConfig {
  const where = `user "${name}" in ${file}`;
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
    ...optional(
      'oidc',
      isRecord(value['auth-provider']) ? oidcConfig(value['auth-provider'], file, where) : undefined,
    ),
  };
}

/** OpenID Connect is the one provider that kubectl still has; the others ran a program named in the file. */
function oidcConfig(provider: Raw, file: string, where: string): OidcConfig {
  const name = string(provider.name) ?? '';
  if (name !== 'oidc') {
    throw new ConfigError(`${where} uses auth-provider "${name}", which kubectl dropped in 1.26`, {
      where: file,
      fix: 'use an exec plugin instead, e.g. gke-gcloud-auth-plugin or kubelogin',
    });
  }
  const config = record(provider.config);
  const needed = (field: string): string => {
    const text = string(config[field]);
    if (text !== undefined) return text;
    throw new ConfigError(`auth-provider oidc of ${where} has no ${field}`, {
      where: file,
      fix: 'fetch a fresh kubeconfig',
    });
  };
  const issuer = needed('idp-issuer-url');
  if (!URL.canParse(issuer)) {
    throw new ConfigError(`idp-issuer-url "${issuer}" of ${where} is no URL`, {
      where: file,
      fix: 'it should look like https://login.example.org/realms/home',
    });
  }
  const caData = 'idp-certificate-authority-data';
  return {
    issuer,
    clientId: needed('client-id'),
    ...optional('clientSecret', string(config['client-secret'])),
    ...optional('idToken', string(config['id-token'])),
    ...optional('refreshToken', string(config['refresh-token'])),
    ...optional('caFile', path(config['idp-certificate-authority'], file)),
    ...optional('caData', pem(config[caData], caData, where)),
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
