import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTls } from 'node:tls';
import type { TlsMaterial } from './credentials.ts';
import { ConfigError } from './errors.ts';
import type { ClusterConfig } from './kubeconfig.ts';
import { connectSocks } from './socks.ts';

const KEEP: AgentOptions = { keepAlive: true, keepAliveMsecs: 15_000, scheduling: 'lifo' };

/** The connections of one cluster: TLS as configured, through its proxy if it has one. Throws ConfigError. */
export function createAgent(cluster: ClusterConfig, tls: TlsMaterial): HttpAgent {
  const secure = cluster.server.startsWith('https:');
  const options = {
    ...tls,
    rejectUnauthorized: !cluster.skipVerify,
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
  };
  const proxy = proxyOf(cluster);
  if (proxy?.protocol.startsWith('socks')) return socksAgent(proxy, secure, options);
  const proxyEnv = proxy
    ? { HTTP_PROXY: proxy.href, HTTPS_PROXY: proxy.href }
    : environmentProxy(cluster.server);
  if (!secure) return new HttpAgent({ ...KEEP, ...(proxyEnv && { proxyEnv }) });
  return new HttpsAgent({ ...KEEP, ...options, ...(proxyEnv && { proxyEnv }) });
}

/** kubectl obeys HTTPS_PROXY and NO_PROXY too, except for loopback servers. */
function environmentProxy(server: string): NodeJS.ProcessEnv | undefined {
  const { hostname } = new URL(server);
  return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]'
    ? undefined
    : process.env;
}

function proxyOf(cluster: ClusterConfig): URL | undefined {
  if (cluster.proxyUrl === undefined) return undefined;
  const url = URL.canParse(cluster.proxyUrl) ? new URL(cluster.proxyUrl) : undefined;
  if (url && /^(https?|socks5h?):$/.test(url.protocol)) return url;
  throw new ConfigError('proxy-url of the cluster is no http, https or socks5 URL', {
    where: cluster.server,
    fix: 'it should look like socks5://127.0.0.1:1080',
  });
}

function socksAgent(proxy: URL, secure: boolean, tls: TlsMaterial & { servername?: string }): HttpAgent {
  const agent = secure ? new HttpsAgent({ ...KEEP, ...tls }) : new HttpAgent(KEEP);
  agent.createConnection = (target, done) => {
    const host = String(target.host);
    connectSocks(proxy, host, Number(target.port)).then(
      (socket) =>
        done?.(null, secure ? connectTls({ ...tls, socket, servername: tls.servername ?? host }) : socket),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}
