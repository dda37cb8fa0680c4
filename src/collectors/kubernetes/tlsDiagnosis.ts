import { connect } from 'node:tls';
import type { KubeAccess } from './kubeconfig.ts';

const DEADLINE_MS = 3_000;

/**
 * Dates of the server certificate after a failed verification, e.g. "valid 2025-01-01 to 2026-01-01". The failed
 * handshake does not give them, so a second one is made that accepts any certificate and sends nothing.
 */
export function expiredServerCertificate({ cluster, target }: KubeAccess): Promise<string | undefined> {
  const { hostname, port } = new URL(target.server);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      servername: cluster.tlsServerName ?? '',
      rejectUnauthorized: false,
    });
    const finish = (dates: string | undefined): void => {
      socket.destroy();
      resolve(dates);
    };
    socket.setTimeout(DEADLINE_MS, () => finish(undefined));
    socket.on('error', () => finish(undefined));
    socket.on('secureConnect', () => {
      const { valid_from, valid_to } = socket.getPeerCertificate();
      finish(`valid ${day(valid_from)} to ${day(valid_to)}`);
    });
  });
}

function day(date: string): string {
  const at = new Date(date);
  return Number.isNaN(at.getTime()) ? date : at.toISOString().slice(0, 10);
}
