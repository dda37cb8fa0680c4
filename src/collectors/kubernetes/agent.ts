import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsMaterial } from './credentials.ts';
import type { ClusterConfig } from './kubeconfig.ts';
import { connectThrough, proxyFor } from './proxy.ts';

const KEEP: AgentOptions = { keepAlive: true, keepAliveMsecs: 15_000, scheduling: 'lifo' };

/** The connections of one cluster: TLS as configured, through its proxy if it has one. Throws ConfigError. */
export function createAgent(cluster: ClusterConfig, tls: TlsMaterial): HttpAgent {
  const secure = cluster.server.startsWith('https:');
  const options = {
    ...tls,
    rejectUnauthorized: !cluster.skipVerify,
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
  };
  const agent = secure ? new HttpsAgent({ ...KEEP, ...options }) : new HttpAgent(KEEP);
  const proxy = proxyFor(cluster, process.env);
  if (proxy === undefined) return agent;
  agent.createConnection = (target, done) => {
    const host = String(target.host);
    // An address is checked against the certificate, but is no name to ask for (RFC 6066).
    const servername = isIP(host) ? '' : host;
    connectThrough(proxy, host, Number(target.port)).then(
      (socket) => done?.(null, secure ? connectTls({ servername, ...options, host, socket }) : socket),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}
