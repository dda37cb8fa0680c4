/** Why a read failed, in terms of who must act. */
export type CollectErrorKind =
  | 'unreachable' // no connection: refused, reset, DNS, no route
  | 'timeout' // connected, but no answer within the deadline
  | 'tls' // certificate or handshake trouble
  | 'unauthorized' // 401: login expired or unknown user
  | 'forbidden' // 403: a permission is missing
  | 'busy' // 429 or overload; the server asked us to wait
  | 'protocol' // an answer that is not Kubernetes: HTML, wrong kind, broken JSON
  | 'config' // kubeconfig, flags, files
  | 'server' // 5xx
  | 'internal'; // our own bug, contained

/** One failed read: what happened, what the user misses by it, how to mend it, when it is tried again. */
export interface CollectError {
  readonly kind: CollectErrorKind;
  /** One sanitised line. */
  readonly message: string;
  /** What cannot be shown or judged because of this failure. */
  readonly missing?: string;
  /** What the user can do about it. */
  readonly fix?: string;
  /** Number of consecutive failures, from 1. */
  readonly attempt?: number;
  /** When the failure began (epoch ms). */
  readonly since?: number;
  /** When the next try is due (epoch ms). */
  readonly nextTryAt?: number;
}

/**
 * A reading of one source. Every view and rule handles all five states: `pending` nothing read yet
 * (`loaded` counts objects seen so far), `live` current, `stale` last known data with the reason it may be
 * old, `failed` never read, `absent` the API is not installed (which is no failure).
 */
export type Snapshot<T> =
  | { readonly status: 'pending'; readonly loaded?: number }
  | { readonly status: 'live'; readonly data: T; readonly observedAt: number }
  | { readonly status: 'stale'; readonly data: T; readonly observedAt: number; readonly error: CollectError }
  | { readonly status: 'failed'; readonly error: CollectError }
  | { readonly status: 'absent'; readonly reason: string };

/** The data of a snapshot that has any (live or stale), else undefined. */
export function dataOf<T>(snapshot: Snapshot<T>): T | undefined {
  return snapshot.status === 'live' || snapshot.status === 'stale' ? snapshot.data : undefined;
}
