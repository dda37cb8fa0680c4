import { dig, fields, list, num, text } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { AGE, ageOf, type Column, column, integer, joined, NAME, orNone, wide } from './table.ts';

const ROLE_PREFIX = 'node-role.kubernetes.io/';

/** Ready or NotReady (also when unknown), Unknown only without the condition; cordoned nodes say so. */
function nodeStatus(node: KubeObject): string {
  const ready = list(dig(node, 'status', 'conditions')).find((each) => dig(each, 'type') === 'Ready');
  const state = ready === undefined ? 'Unknown' : dig(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return dig(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

function nodeRoles(node: KubeObject): string {
  const labels = node.metadata.labels ?? {};
  const roles = Object.keys(labels)
    .filter((label) => label.startsWith(ROLE_PREFIX))
    .map((label) => label.slice(ROLE_PREFIX.length));
  const plain = labels['kubernetes.io/role'];
  return joined([...new Set(plain ? [...roles, plain] : roles)].filter(Boolean).sort());
}

function nodeAddress(type: string): (node: KubeObject) => string {
  return (node) => {
    const found = list(dig(node, 'status', 'addresses')).find((each) => dig(each, 'type') === type);
    return orNone(dig(found, 'address'));
  };
}

function nodeInfo(field: string): (node: KubeObject) => string {
  return (node) => text(dig(node, 'status', 'nodeInfo', field)) || '<unknown>';
}

/** Columns of Nodes. */
export const NODE_COLUMNS: readonly Column[] = [
  NAME,
  column('Status', nodeStatus),
  column('Roles', nodeRoles),
  AGE,
  column('Version', (node) => text(dig(node, 'status', 'nodeInfo', 'kubeletVersion'))),
  wide(column('Internal-IP', nodeAddress('InternalIP'))),
  wide(column('External-IP', nodeAddress('ExternalIP'))),
  wide(column('OS-Image', nodeInfo('osImage'))),
  wide(column('Kernel-Version', nodeInfo('kernelVersion'))),
  wide(column('Container-Runtime', nodeInfo('containerRuntimeVersion'))),
];

/** Columns of Namespaces. */
export const NAMESPACE_COLUMNS: readonly Column[] = [
  NAME,
  column('Status', (object) => text(dig(object, 'status', 'phase'))),
  AGE,
];

function eventSource(event: KubeObject): string {
  const component = text(dig(event, 'source', 'component')) || text(event.reportingComponent);
  const host = text(dig(event, 'source', 'host')) || text(event.reportingInstance);
  return host === '' ? component : `${component}, ${host}`;
}

function lastSeen(event: KubeObject, now: number): string {
  const series = dig(event, 'series', 'lastObservedTime');
  return ageOf(series ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp, now);
}

/** Columns of Events. */
export const EVENT_COLUMNS: readonly Column[] = [
  column('Last Seen', lastSeen),
  column('Type', (event) => text(event.type)),
  column('Reason', (event) => text(event.reason)),
  column('Object', (event) => {
    const involved = fields(event.involvedObject);
    return `${text(involved.kind).toLowerCase()}/${text(involved.name)}`;
  }),
  wide(column('Subobject', (event) => text(dig(event, 'involvedObject', 'fieldPath')))),
  wide(column('Source', eventSource)),
  column('Message', (event) => text(event.message).trim()),
  wide(column('First Seen', (event, now) => ageOf(event.firstTimestamp ?? event.eventTime, now))),
  wide(integer('Count', (event) => num(dig(event, 'series', 'count')) || num(event.count) || 1)),
  wide(NAME),
];

/** Columns of Leases. */
export const LEASE_COLUMNS: readonly Column[] = [
  NAME,
  column('Holder', (object) => text(dig(object, 'spec', 'holderIdentity'))),
  AGE,
];

/** Columns of RuntimeClasses. */
export const RUNTIMECLASS_COLUMNS: readonly Column[] = [
  NAME,
  column('Handler', (object) => text(object.handler)),
  AGE,
];

/** Columns of PriorityClasses. */
export const PRIORITYCLASS_COLUMNS: readonly Column[] = [
  NAME,
  integer('Value', (object) => num(object.value)),
  { ...column('Global-Default', (object) => object.globalDefault === true), type: 'boolean' },
  AGE,
  column('PreemptionPolicy', (object) => text(object.preemptionPolicy) || 'PreemptLowerPriority'),
];

function subjects(kind: string): (object: KubeObject) => string {
  return (object) =>
    list(object.subjects)
      .filter((each) => dig(each, 'kind') === kind)
      .map((each) => {
        const namespace = text(dig(each, 'namespace'));
        return `${namespace === '' ? '' : `${namespace}/`}${text(dig(each, 'name'))}`;
      })
      .join(', ');
}

/** Columns of RoleBindings and ClusterRoleBindings. */
export const BINDING_COLUMNS: readonly Column[] = [
  NAME,
  column(
    'Role',
    (object) => `${text(dig(object, 'roleRef', 'kind'))}/${text(dig(object, 'roleRef', 'name'))}`,
  ),
  AGE,
  wide(column('Users', subjects('User'))),
  wide(column('Groups', subjects('Group'))),
  wide(column('ServiceAccounts', subjects('ServiceAccount'))),
];

function quota(prefix: 'requests' | 'limits'): (object: KubeObject) => string {
  return (object) => {
    const used = fields(dig(object, 'status', 'used'));
    return Object.entries(fields(dig(object, 'status', 'hard')))
      .filter(([name]) => name.startsWith('limits') === (prefix === 'limits'))
      .map(([name, hard]) => `${name}: ${text(used[name])}/${text(hard)}`)
      .sort()
      .join(', ');
  };
}

/** Columns of ResourceQuotas. */
export const RESOURCEQUOTA_COLUMNS: readonly Column[] = [
  NAME,
  column('Request', quota('requests')),
  column('Limit', quota('limits')),
  AGE,
];
