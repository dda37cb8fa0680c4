import type { CollectError, CollectErrorKind } from '../../domain/snapshot.ts';
import { clean } from '../../domain/text.ts';

const MESSAGE_LENGTH = 400;

/** What is known of a failure beside its message. */
export interface ErrorDetails {
  /** HTTP status code. */
  readonly status?: number;
  /** `reason` of a Kubernetes Status, e.g. Expired. */
  readonly reason?: string;
  /** How long the server asked us to wait. */
  readonly retryAfterMs?: number;
  /** What the user can do about it. */
  readonly fix?: string;
  /** The file, address or program the trouble is about. */
  readonly where?: string;
  /** True when the connection was open but silent for too long. */
  readonly silent?: boolean;
}

/**
 * A failed read of the Kubernetes API. The message is one sanitised line and is made of our own words, the address
 * and the server's Status message: never of headers or bodies, which may hold secrets.
 */
export class KubeError extends Error {
  readonly kind: CollectErrorKind;
  readonly status?: number;
  readonly reason?: string;
  readonly retryAfterMs?: number;
  readonly fix?: string;
  readonly where?: string;
  readonly silent?: boolean;

  constructor(kind: CollectErrorKind, message: string, details: ErrorDetails = {}) {
    super(clean(message, MESSAGE_LENGTH));
    this.name = 'KubeError';
    this.kind = kind;
    Object.assign(this, details);
    if (details.fix !== undefined) this.fix = clean(details.fix, MESSAGE_LENGTH);
  }
}

/** Trouble with a kubeconfig or what it names; nothing was sent to any server. */
export class ConfigError extends KubeError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('config', message, details);
    this.name = 'ConfigError';
  }
}

/** Any thrown value as a KubeError; what we did not foresee is our own bug, and says so. */
export function kubeError(error: unknown): KubeError {
  if (error instanceof KubeError) return error;
  return new KubeError(
    'internal',
    `internal error: ${error instanceof Error ? error.message : String(error)}`,
  );
}

/** The error as a snapshot carries it. */
export function collectError(
  error: KubeError,
  more: Pick<CollectError, 'missing' | 'attempt' | 'since' | 'nextTryAt'> = {},
): CollectError {
  return { kind: error.kind, message: error.message, ...(error.fix && { fix: error.fix }), ...more };
}

interface Explained {
  readonly kind: CollectErrorKind;
  readonly message: (server: string, host: string) => string;
  readonly fix: string;
}

const UNTRUSTED: Explained = {
  kind: 'tls',
  message: (server) => `certificate of ${server} is signed by an unknown authority`,
  fix: 'check certificate-authority-data in the kubeconfig; after a CA rotation fetch a new kubeconfig',
};
const UNREACHABLE: Explained = {
  kind: 'unreachable',
  message: (server) => `no route to ${server}`,
  fix: 'check the network or VPN, and that the machine is up',
};
const CLOSED: Explained = {
  kind: 'unreachable',
  message: (server) => `connection to ${server} broke off`,
  fix: 'the API server may be restarting; it is tried again',
};
const RESOLVE: Explained = {
  kind: 'unreachable',
  message: (_, host) => `cannot resolve host ${host}`,
  fix: 'check DNS or VPN, and the server address in the kubeconfig',
};
const NOT_HTTP: Explained = {
  kind: 'protocol',
  message: (server) => `${server} does not answer in HTTP`,
  fix: 'check scheme and port of the server in the kubeconfig (https://, usually 6443)',
};

/** Node's error codes (libuv, OpenSSL, llhttp) in words. */
const EXPLAINED: Readonly<Record<string, Explained>> = {
  ECONNREFUSED: {
    kind: 'unreachable',
    message: (server) => `connection refused by ${server}`,
    fix: 'check that the API server runs and that the kubeconfig has its right address and port',
  },
  ENOTFOUND: RESOLVE,
  EAI_AGAIN: RESOLVE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  ECONNRESET: CLOSED,
  ECONNABORTED: CLOSED,
  EPIPE: CLOSED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: {
    kind: 'tls',
    message: (server) => `certificate of ${server} has expired`,
    fix: 'renew the API server certificate (kubeadm certs renew, k3s and Talos renew on restart)',
  },
  CERT_NOT_YET_VALID: {
    kind: 'tls',
    message: (server) => `certificate of ${server} is not valid yet`,
    fix: 'check the clocks of this machine and of the API server',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'tls',
    message: (server, host) => `certificate of ${server} is not for ${host}`,
    fix: 'use a name from the certificate, or set tls-server-name in the kubeconfig',
  },
  EPROTO: {
    kind: 'tls',
    message: (server) => `TLS handshake with ${server} failed`,
    fix: 'check scheme and port of the server in the kubeconfig, and the client certificate',
  },
};

/** A failed connection or broken transfer, explained by its code. `server` is the URL without path. */
export function networkError(error: unknown, server: string): KubeError {
  if (error instanceof KubeError) return error;
  const code = codeOf(error);
  const explained = EXPLAINED[code] ?? (code.startsWith('HPE_') ? NOT_HTTP : undefined);
  const details = { where: server };
  if (explained) {
    const message = explained.message(server, new URL(server).hostname);
    return new KubeError(explained.kind, message, { ...details, fix: explained.fix });
  }
  const text = error instanceof Error ? error.message : String(error);
  const kind = code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') ? 'tls' : 'unreachable';
  return new KubeError(kind, `connection to ${server} failed: ${text}`, details);
}

/** The code of an error, or of the first of its causes (happy eyeballs wraps one error for each address). */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string') return code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}
