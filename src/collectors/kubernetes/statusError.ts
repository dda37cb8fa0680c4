import { KubeError } from './errors.ts';
import { type Raw, record, string } from './raw.ts';

const MAX_RETRY_AFTER_MS = 600_000;

/** An answer that is no success, as the HTTP layer saw it. */
export interface BadAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly body: string;
  readonly server: string;
  readonly path: string;
  readonly now: number;
}

/** What a bad answer means, in one line. 401 is not decided here: see `unauthorized` of the credentials. */
export function statusError(answer: BadAnswer): KubeError {
  const { status: code, server, path } = answer;
  const status = statusObject(answer);
  const reason = string(status.reason);
  const said =
    string(status.message) ?? (answer.contentType.startsWith('text/plain') ? answer.body.trim() : '');
  const retryAfterMs = retryAfter(answer.retryAfter, answer.now);
  const details = {
    status: code,
    where: server,
    ...(reason && { reason: tooLarge(status) ? 'ResourceVersionTooLarge' : reason }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  if (code === 403) return forbidden(said, path, details);
  if (code === 429) {
    return new KubeError('busy', `${server} is busy and asks us to wait`, {
      ...details,
      fix: 'nothing; it is tried again',
    });
  }
  if (code >= 500) {
    const from = isHtml(answer) ? 'a proxy in front of ' : '';
    const fix = 'look at the logs of the API server and of what is in front of it';
    return new KubeError('server', `${from}${server} answers ${code}${said && !from ? `: ${said}` : ''}`, {
      ...details,
      fix,
    });
  }
  if (code < 400 || isHtml(answer)) return notKubernetes(server, code < 400 ? 'a redirect' : 'a web page');
  return new KubeError('protocol', `${server} answers ${code} for ${path}${said && `: ${said}`}`, details);
}

/** An answer that came from something else than a Kubernetes API: a captive portal, a login page, a wrong port. */
export function notKubernetes(server: string, what: string): KubeError {
  return new KubeError('protocol', `${server} is no Kubernetes API: it answers with ${what}`, {
    where: server,
    fix: 'check the server address in the kubeconfig, proxies and captive portals',
  });
}

function forbidden(said: string, path: string, details: { status: number; where: string }): KubeError {
  const match =
    /User "(.+?)" cannot (\S+) resource "(.+?)" in API group "(.*?)"(?: in the namespace "(.+?)")?/.exec(
      said,
    );
  if (!match) {
    return new KubeError('forbidden', `no permission to read ${path}${said && `: ${said}`}`, {
      ...details,
      fix: 'ask for a role that allows it (RBAC)',
    });
  }
  const [, user, verb, resource, group, namespace] = match;
  const name = group ? `${resource}.${group}` : resource;
  const scope = namespace ? ` in namespace ${namespace}` : '';
  return new KubeError('forbidden', `no permission to ${verb} ${name}${scope}`, {
    ...details,
    fix: `give ${user} a role with verb ${verb} on ${name} (homelab-top doctor prints a ClusterRole with all that is missing)`,
  });
}

function statusObject(answer: BadAnswer): Raw {
  if (!answer.contentType.includes('json')) return {};
  try {
    const parsed = record(JSON.parse(answer.body));
    return parsed.kind === 'Status' ? parsed : {};
  } catch {
    return {};
  }
}

/** "Too large resource version" by its cause, or by its message in servers before 1.19. */
export function tooLarge(status: Raw): boolean {
  const causes = record(status.details).causes;
  const named =
    Array.isArray(causes) && causes.some((cause) => record(cause).reason === 'ResourceVersionTooLarge');
  return named || /^too large resource version/i.test(string(status.message) ?? '');
}

function isHtml({ contentType, body }: BadAnswer): boolean {
  return contentType.includes('html') || body.trimStart().startsWith('<');
}

/** Retry-After in seconds or as an HTTP date, bounded. */
function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms));
}
