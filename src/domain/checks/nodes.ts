/** Findings about nodes. */
import { eventText } from '../events.ts';
import type { Evidence, ObjectRef } from '../finding.ts';
import { relative } from '../format.ts';
import type { LeaseInfo, NodeInfo } from '../kinds.ts';
import { heartbeatAt, judgeNode, type NodeCode, type NodeIssue } from '../nodes.ts';
import { refTo } from '../owners.ts';
import { dataOf } from '../snapshot.ts';
import type { ClusterState } from '../state.ts';
import type { Check, CheckContext } from './context.ts';
import { type Draft, draft } from './draft.ts';

const HOUR = 3_600_000;
/** A reboot is told for an hour. */
const REBOOT_TOLD_MS = HOUR;

/** What the verdict on a node is made from. */
export type NodeContext = Pick<CheckContext, 'state' | 'now' | 'pods' | 'heartbeats'>;

/** Everything wrong with one node, worst first. */
export function nodeIssues(context: NodeContext, node: NodeInfo): readonly NodeIssue[] {
  const { state, now, pods, heartbeats } = context;
  const facts = {
    lease: leaseOf(state, node),
    renewalSeenAt: heartbeats.lastSeen(node.name),
    leasesArrivedAt: heartbeats.arrivedAt,
    requested: dataOf(state.pods) === undefined ? undefined : pods.demandOn(node.name).requested,
  };
  const issues = judgeNode(node, facts, now);
  // With a stale list every heartbeat is old.
  return state.nodes.status === 'live' ? issues : issues.filter(({ code }) => code !== 'NODE_HEARTBEAT_LATE');
}

/** The lease of a node, if leases are current: an old copy would make every heartbeat look late. */
export function leaseOf(state: ClusterState, node: NodeInfo): LeaseInfo | undefined {
  return state.leases.status === 'live' ? state.leases.data.get(`kube-node-lease/${node.name}`) : undefined;
}

/** Findings about single nodes and about all nodes together. */
export const checkNodes: Check = (context) => {
  const nodes = dataOf(context.state.nodes);
  if (nodes === undefined) return [];
  const all = [...nodes.values()];
  return [...all.flatMap((node) => nodeFindings(context, node)), ...mixedVersions(all)];
};

function nodeFindings(context: CheckContext, node: NodeInfo): Draft[] {
  const byCode = Map.groupBy(nodeIssues(context, node), ({ code }) => code);
  return [...[...byCode.values()].flatMap((same) => finding(context, node, same)), ...reboot(context, node)];
}

function finding(context: CheckContext, node: NodeInfo, issues: readonly NodeIssue[]): Draft[] {
  const [issue] = issues;
  if (issue === undefined) return [];
  const { code } = issue;
  const subject = refTo('Node', node);
  const notes = issues.map(({ note }) => note).join(', ');
  return [
    draft({
      code,
      severity: issue.severity,
      area: 'nodes',
      subject,
      title: `node ${node.name}: ${notes}`,
      since: issue.since,
      cause: issue.cause,
      // What a lost node takes with it are findings of their own.
      effect: code === 'NODE_CORDONED' ? 'no new pods are placed on it' : undefined,
      evidence: nodeEvidence(context, node, subject, issues),
      advice: ADVICE[code],
      remediations: code === 'NODE_CORDONED' ? ['uncordon'] : [],
    }),
  ];
}

const ADVICE: Readonly<Record<NodeCode, readonly string[]>> = {
  NODE_NOT_READY: [
    'check power, network and the kubelet of the node',
    'its pods are replaced after about 5 minutes',
  ],
  NODE_PRESSURE: ['find what uses the resource on this node; pods will be evicted from it'],
  NODE_HEARTBEAT_LATE: ['check the load of the node and its way to the API server'],
  NODE_CLOCK_WRONG: ['check its time synchronisation (NTP): certificates, etcd and Ceph rely on it'],
  NODE_CORDONED: ['uncordon it when the work on it is done'],
  NODE_OVERCOMMITTED: [
    'lower requests or move pods: static pods and shrunken nodes get there without the scheduler',
  ],
};

function nodeEvidence(
  context: CheckContext,
  node: NodeInfo,
  subject: ObjectRef,
  issues: readonly NodeIssue[],
): Evidence[] {
  const facts = issues.map(({ note, cause, since, severity }) => ({
    ...(since !== undefined && { at: since }),
    text: cause ? `${note}: ${cause}` : note,
    severity,
  }));
  const heartbeat = heartbeatAt(node, leaseOf(context.state, node));
  const sign =
    heartbeat === undefined
      ? []
      : [
          {
            at: heartbeat,
            text: `last heartbeat ${relative(Math.min(heartbeat, context.now), context.now)}`,
          },
        ];
  const taints = node.taints
    .filter(({ effect }) => effect === 'NoExecute')
    .map(({ key, since }) => ({
      ...(since !== undefined && { at: since }),
      text: `taint ${key}: pods are removed`,
    }));
  const events = context.events.of(subject).slice(0, 2);
  return [
    ...facts,
    ...sign,
    ...taints,
    ...events.map((event) => ({ at: event.lastAt, text: eventText(event) })),
  ];
}

/** Told by another boot id, or by the event with which the kubelet comes back. */
function reboot(context: CheckContext, node: NodeInfo): Draft[] {
  const subject = refTo('Node', node);
  const event = context.events.of(subject).find(({ reason }) => reason === 'Rebooted');
  const at = Math.max(event?.lastAt ?? 0, context.reboots.lastOf(node.name) ?? 0);
  if (context.now - at > REBOOT_TOLD_MS) return [];
  return [
    draft({
      code: 'NODE_REBOOTED',
      severity: 'info',
      area: 'nodes',
      subject,
      title: `node ${node.name} rebooted ${relative(at, context.now)}`,
      since: at,
      evidence: event
        ? [{ at: event.lastAt, text: eventText(event) }]
        : [{ at, text: `boot id is now ${node.bootID}` }],
    }),
  ];
}

function mixedVersions(nodes: readonly NodeInfo[]): Draft[] {
  const registered = nodes.filter(({ kubeletVersion }) => kubeletVersion !== '');
  const byVersion = Map.groupBy(registered, ({ kubeletVersion }) => kubeletVersion);
  if (byVersion.size < 2) return [];
  const versions = [...byVersion.keys()].sort();
  return [
    draft({
      code: 'NODES_MIXED_VERSIONS',
      severity: 'info',
      area: 'nodes',
      subject: { kind: 'Console', name: 'kubelet-versions' },
      scope: 'nodes',
      title: `nodes run ${byVersion.size} kubelet versions: ${versions.join(', ')}`,
      evidence: versions.map((version) => ({
        text: `${version}: ${byVersion
          .get(version)
          ?.map(({ name }) => name)
          .join(', ')}`,
      })),
      advice: ['finish the upgrade'],
    }),
  ];
}
