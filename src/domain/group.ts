/** From settled drafts to ranked findings: consequences are folded under their cause. */
import type { Draft } from './checks/draft.ts';
import type { Finding } from './finding.ts';
import { severityRank, worst } from './severity.ts';

/** How much harm a trouble usually does, to order findings of one severity; all others weigh 10. */
const WEIGHT: Readonly<Record<string, number>> = {
  API_UNREACHABLE: 100,
  NODE_NOT_READY: 95,
  PVC_LOST: 90,
  POD_NODE_DOWN: 88,
  WORKLOAD_ROLLOUT_FAILED: 85,
  WORKLOAD_UNAVAILABLE: 80,
  NODE_PRESSURE: 78,
  POD_CRASH_LOOP: 75,
  POD_OOM_KILLED: 70,
  POD_IMAGE_PULL: 65,
  POD_CONTAINER_CONFIG: 64,
  POD_UNSCHEDULABLE: 60,
  POD_NOT_READY: 55,
  POD_PENDING: 50,
  PVC_PENDING: 50,
  SERVICE_NO_ENDPOINTS: 45,
  POD_STUCK_TERMINATING: 40,
  POD_RESTARTING: 35,
  CRONJOB_FAILED: 30,
  JOB_FAILED: 30,
  NODE_CORDONED: 20,
  POD_LEFTOVER: 5,
  COVERAGE_INCOMPLETE: 1,
};

/** Severity first, then how much it brings down, then the usual harm, then the newest, then the id. */
export function byRank(a: Finding, b: Finding): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    b.consequences.length - a.consequences.length ||
    (WEIGHT[b.code] ?? 10) - (WEIGHT[a.code] ?? 10) ||
    (b.since ?? 0) - (a.since ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** Root findings, worst first. A cause is at least as severe as what it causes. */
export function groupFindings(drafts: readonly Draft[]): readonly Finding[] {
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const parents = new Map<string, string>();
  for (const draft of drafts) {
    const parent = draft.causedBy.find((id) => byId.has(id) && !leadsTo(parents, id, draft.id));
    if (parent !== undefined) parents.set(draft.id, parent);
  }
  const children = Map.groupBy(drafts, ({ id }) => parents.get(id) ?? '');
  const build = (draft: Draft): Finding =>
    finish(draft, (children.get(draft.id) ?? []).map(build).sort(byRank));
  return (children.get('') ?? []).map(build).sort(byRank);
}

/** True if going up from `from` one comes to `target`: folding there would make a circle. */
function leadsTo(parents: ReadonlyMap<string, string>, from: string, target: string): boolean {
  for (let id: string | undefined = from; id !== undefined; id = parents.get(id))
    if (id === target) return true;
  return false;
}

const MAX_EFFECTS = 2;

function finish(draft: Draft, consequences: readonly Finding[]): Finding {
  const { causedBy: _causedBy, holdMs: _holdMs, ...own } = draft;
  const severity = worst([own.severity, ...consequences.map((finding) => finding.severity)]);
  const effect = own.effect ?? effectOf(consequences);
  return {
    ...own,
    severity: severity === 'ok' ? own.severity : severity,
    ...(effect !== undefined && { effect }),
    consequences,
  };
}

function effectOf(consequences: readonly Finding[]): string | undefined {
  if (consequences.length === 0) return undefined;
  const told = consequences.slice(0, MAX_EFFECTS).map(({ title }) => title);
  const rest = consequences.length - told.length;
  return [...told, ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
}
