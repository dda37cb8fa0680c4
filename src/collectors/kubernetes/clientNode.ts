/**
 * The bridge to @kubernetes/client-node, for what it does best: WebSockets (exec, attach, port-forward) and its typed
 * API. It is loaded when first used: it costs some 300 ms, which the first frame must not wait for.
 */
import type { KubeConfig } from '@kubernetes/client-node';
import type { KubeAccess } from './kubeconfig.ts';
import { proxyFor } from './proxy.ts';

/**
 * A KubeConfig for the cluster, user and context that we have read and checked. It logs in as we do, request by
 * request: files read again, one plugin run for all, OpenID Connect, all of impersonation (of several groups, its
 * REST calls send one joined name, which no rule matches; its WebSockets send all). It keeps its connections, so make
 * a new one for each job. Throws ConfigError.
 */
export async function kubeConfigOf({ target, cluster, credentials }: KubeAccess): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.addAuthenticator({
    isAuthProvider: () => true,
    async applyAuthentication(_, options) {
      const { headers, tls } = await credentials.current();
      Object.assign(options, tls, { headers: { ...options.headers, ...headers } });
    },
  });
  const { context, server, user, namespace, insecure } = target;
  const proxy = proxyFor(cluster, process.env);
  config.loadFromOptions({
    clusters: [
      {
        name: context,
        server,
        // It refuses servers without TLS unless told so.
        skipTLSVerify: insecure,
        ...(cluster.tlsServerName && { tlsServerName: cluster.tlsServerName }),
        ...(proxy && { proxyUrl: proxy.href }),
      },
    ],
    users: [{ name: user }],
    contexts: [{ name: context, cluster: context, user, namespace }],
    currentContext: context,
  });
  return config;
}
