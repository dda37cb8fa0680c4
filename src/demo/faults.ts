/** Ways to make the embedded API server misbehave. The object may be changed while the server runs. */
export interface Faults {
  /** Every Nth request fails with `failWith`; 1 fails all. */
  failEvery?: number;
  failWith?: 401 | 429 | 500 | 503;
  /** Sent as Retry-After with 429 and 503. */
  retryAfterSeconds?: number;
  /** Every Nth request gets its connection reset instead of a reply. */
  resetEvery?: number;
  /** Every reply waits this long. */
  delayMs?: number;
  /** Watches end after this time. */
  closeWatchesAfterMs?: number;
  /** Every reply is an HTML page with status 200, as from a captive portal. */
  html?: boolean;
  /** Requests refused with 403; all verbs when none is named. */
  forbidden?: readonly ForbiddenRule[];
}

/** What the user may not do: `resource` as in 'secrets' or 'deployments.apps'. */
export interface ForbiddenRule {
  readonly resource: string;
  readonly verbs?: readonly string[];
}

/** Whether a rule forbids a verb on a resource. */
export function isForbidden(faults: Faults, resource: string, verb: string): boolean {
  return (faults.forbidden ?? []).some(
    (rule) => rule.resource === resource && (rule.verbs === undefined || rule.verbs.includes(verb)),
  );
}
