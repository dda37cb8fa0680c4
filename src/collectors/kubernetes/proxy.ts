/** Which proxy leads to a server, by kubectl's rules, and the connection through it. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, isIPv6, type Socket } from 'node:net';
import { ConfigError, KubeError } from './errors.ts';
import type { ClusterConfig } from './kubeconfig.ts';
import type { Env } from './kubeconfigFiles.ts';
import { connectSocks } from './socks.ts';

/** The proxy must have let us through within this time. */
const DEADLINE_MS = 10_000;

/** `proxy-url` of the cluster, else what HTTPS_PROXY or HTTP_PROXY and NO_PROXY say. Throws ConfigError. */
export function proxyFor(
  { server, proxyUrl }: Pick<ClusterConfig, 'server' | 'proxyUrl'>,
  env: Env,
): URL | undefined {
  if (proxyUrl !== undefined) return proxyOf(proxyUrl, `proxy-url of the cluster ${server}`);
  const target = new URL(server);
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (!proxy || isDirect(target, env.NO_PROXY || env.no_proxy || '')) return undefined;
  return proxyOf(proxy.includes('://') ? proxy : `http://${proxy}`, name);
}

/** A connection to host:port (no TLS yet) through the proxy, which resolves the name. Throws KubeError. */
export async function connectThrough(proxy: URL, host: string, port: number): Promise<Socket> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const connect = proxy.protocol.startsWith('socks') ? connectSocks : connectTunnel;
  try {
    return await connect(proxy, host, port, signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const why = signal.aborted ? `no answer within ${DEADLINE_MS / 1000} s` : message;
    throw new KubeError('unreachable', `the proxy ${proxy.host} gave no way to ${host}:${port}: ${why}`, {
      where: proxy.host,
      fix: 'check that the proxy (e.g. ssh -D) runs, proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY',
    });
  }
}

/** HTTP CONNECT (RFC 9110 section 9.3.6), also for servers without TLS. */
function connectTunnel(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const secure = proxy.protocol === 'https:';
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (secure ? 443 : 80),
      path: authority,
      agent: false,
      signal,
      headers: {
        Host: authority,
        ...(proxy.username && { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
      },
    });
    request.once('connect', (response, socket, head) => {
      if (response.statusCode === 200) {
        socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      reject(new Error(`it answers ${response.statusCode} ${response.statusMessage ?? ''}`.trim()));
    });
    request.once('error', reject);
    request.end();
  });
}

function proxyOf(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^(https?|socks5h?):$/.test(url.protocol)) return url;
  // The address may hold a password, so it is not repeated.
  throw new ConfigError(`${what} is no http, https or socks5 URL`, {
    where: what,
    fix: 'it should look like socks5://127.0.0.1:1080',
  });
}

/** Loopback is never reached through a proxy of the environment, nor is what NO_PROXY names. */
function isDirect({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true;
  const effectivePort = port || (protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(',')
    .map((rule) => rule.trim().toLowerCase())
    .some((rule) => rule !== '' && matches(rule, host, effectivePort));
}

/** One rule of NO_PROXY: `*`, an address, a network, a name with all below it, `.name` only what is below it. */
function matches(rule: string, host: string, port: string): boolean {
  if (rule === '*') return true;
  const [, network = '', bits] = /^([^/]+)\/(\d+)$/.exec(rule) ?? [];
  if (isIP(network)) return inNetwork(host, network, Number(bits));
  const [, bracketed, plain = '', rulePort] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(rule) ?? [];
  const name = bracketed ?? (isIPv6(rule) ? rule : plain.replace(/^\*/, ''));
  if (name === '' || (rulePort !== undefined && rulePort !== port)) return false;
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || (!isIP(host) && host.endsWith(`.${name}`));
}

function inNetwork(host: string, network: string, bits: number): boolean {
  const family = isIP(host);
  if (family === 0 || family !== isIP(network) || bits > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 6 ? 'ipv6' : 'ipv4');
  return list.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
