/** The part of `doctor` that looks at the cluster: connection, clock, sources, permissions. */
import { WATCHED } from '../../collectors/kubernetes/sources.ts';
import { duration } from '../../domain/format.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { type ClusterState, SOURCE_NAMES, type SourceName } from '../../domain/state.ts';
import type { Session } from '../../views/model.ts';
import { ok, type Result, warning } from './result.ts';

/** Ages look wrong beyond this difference between the clocks. */
const MAX_SKEW_MS = 30_000;
const METRICS = 'metrics.k8s.io';

/** Whom we talk to and how it answered. `answerMs`: from start to the first answer. */
export function examineConnection(
  target: Session,
  server: ClusterState['server'],
  answerMs: number,
): Result[] {
  const whom = [
    ok('context', target.context),
    ok('user', target.user || 'anonymous'),
    target.insecure && !isLoopback(target.server)
      ? warning(
          'server',
          `${target.server}: its identity is not verified`,
          'give the kubeconfig a certificate-authority instead of insecure-skip-tls-verify or http',
        )
      : ok('server', target.server),
  ];
  if (server.status !== 'live') return [...whom, sourceResult('server', server)];
  const { version, clockSkewMs } = server.data;
  return [...whom, ok('answer', `Kubernetes ${version} after ${answerMs} ms`), examineClock(clockSkewMs)];
}

/** Nobody sits between us and our own machine. */
function isLoopback(server: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(URL.parse(server)?.hostname ?? '');
}

function examineClock(skewMs: number): Result {
  if (Math.abs(skewMs) < 1_000) return ok('clock', "the server's clock agrees with this one");
  const amount = duration(Math.abs(skewMs));
  const detail = `the server's clock is ${amount} ${skewMs < 0 ? 'behind' : 'ahead of'} this one`;
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return ok('clock', detail);
  return warning('clock', detail, 'synchronise both with NTP; ages are corrected for it meanwhile');
}

/** One line for each source but the server itself. */
export function examineSources(state: ClusterState): Result[] {
  return SOURCE_NAMES.filter((name) => name !== 'server').map((name) => sourceResult(name, state[name]));
}

function sourceResult(name: SourceName, snapshot: Snapshot<unknown>): Result {
  switch (snapshot.status) {
    case 'live':
      return ok(name, amountOf(snapshot.data));
    case 'absent':
      return { severity: 'info', what: name, detail: `not installed: ${snapshot.reason}` };
    case 'pending':
      return {
        severity: 'critical',
        what: name,
        detail: 'no answer in time',
        fix: 'try again with a larger --timeout',
      };
    case 'stale':
    case 'failed': {
      const { message, fix } = snapshot.error;
      return { severity: 'critical', what: name, detail: message, ...(fix && { fix }) };
    }
  }
}

/** Collections and maps both have a size. */
function amountOf(data: unknown): string {
  const size: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'size') : undefined;
  return typeof size === 'number' ? `readable, ${size} found` : 'readable';
}

interface Permission {
  /** '' is the core group. */
  readonly group: string;
  readonly resource: string;
}

/** What one must be allowed to read for each source but the server itself. */
const PERMISSIONS = new Map<SourceName, Permission>([
  ...Object.entries(WATCHED).map(([name, { path }]) => [name as SourceName, permissionOf(path)] as const),
  ['nodeUsage', { group: METRICS, resource: 'nodes' }],
  ['podUsage', { group: METRICS, resource: 'pods' }],
]);

/** `/api/v1/pods`, `/apis/apps/v1/deployments`, `/apis/GROUP/VERSION/namespaces/NAME/RESOURCE`. */
function permissionOf(path: string): Permission {
  const [, root, group = ''] = path.split('/');
  return { group: root === 'api' ? '' : group, resource: path.slice(path.lastIndexOf('/') + 1) };
}

/** YAML of a ClusterRole that grants what was forbidden; undefined when nothing was. */
export function missingRole(state: ClusterState): string | undefined {
  const forbidden = [...PERMISSIONS].filter(([name]) => isForbidden(state[name])).map(([, need]) => need);
  if (forbidden.length === 0) return undefined;
  const rules = [...Map.groupBy(forbidden, ({ group }) => group)].flatMap(([group, needs]) => [
    `  - apiGroups: ["${group}"]`,
    `    resources: [${needs.map(({ resource }) => resource).join(', ')}]`,
    // Metrics cannot be watched.
    `    verbs: [get, list${group === METRICS ? '' : ', watch'}]`,
  ]);
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    'metadata:',
    '  name: homelab-top-missing',
    'rules:',
    ...rules,
    '',
  ].join('\n');
}

function isForbidden(snapshot: Snapshot<unknown>): boolean {
  return 'error' in snapshot && snapshot.error.kind === 'forbidden';
}
