import type { LeaseInfo, Meta, NamespaceInfo, NodeInfo, Taint } from '../../../domain/kinds.ts';
import { parseQuantity } from '../../../domain/quantity.ts';
import type { Interner } from '../intern.ts';
import { extended, isRecord, list, present, record, time } from '../raw.ts';
import { conditionsOf, metaOf, nameOf, type Projection, resourcesOf, word } from './meta.ts';

const ROLE = 'node-role.kubernetes.io/';

export function projectNode(intern: Interner): Projection<NodeInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const status = record(raw.status);
    const info = record(status.nodeInfo);
    const address = list(status.addresses)
      .map(record)
      .find((each) => each.type === 'InternalIP');
    return extended<NodeInfo, Meta>(meta, {
      unschedulable: spec.unschedulable === true,
      roles: rolesOf(meta.labels),
      taints: list(spec.taints)
        .filter(isRecord)
        .map((taint) =>
          present<Taint>({
            key: nameOf(taint.key) ?? '',
            value: nameOf(taint.value),
            effect: nameOf(taint.effect) ?? '',
            since: time(taint.timeAdded),
          }),
        ),
      conditions: conditionsOf(status.conditions, intern),
      allocatable: capacityOf(status.allocatable),
      capacity: capacityOf(status.capacity),
      internalIP: nameOf(address?.address),
      kubeletVersion: word(info.kubeletVersion, intern) ?? '',
      osImage: word(info.osImage, intern) ?? '',
      kernelVersion: word(info.kernelVersion, intern) ?? '',
      containerRuntime: word(info.containerRuntimeVersion, intern) ?? '',
      bootID: nameOf(info.bootID) ?? '',
    });
  };
}

/** As kubectl: labels `node-role.kubernetes.io/<role>`, and the older `kubernetes.io/role`. */
function rolesOf(labels: Readonly<Record<string, string>>): string[] {
  const roles = Object.keys(labels).filter((key) => key.startsWith(ROLE) && key.length > ROLE.length);
  const old = labels['kubernetes.io/role'];
  return [...new Set([...roles.map((key) => key.slice(ROLE.length)), ...(old ? [old] : [])])].sort();
}

function capacityOf(value: unknown): NodeInfo['capacity'] {
  const resources = record(value);
  return present<NodeInfo['capacity']>({
    ...resourcesOf(value),
    pods: parseQuantity(resources.pods),
    ephemeralStorage: parseQuantity(resources['ephemeral-storage']),
  });
}

export function projectNamespace(intern: Interner): Projection<NamespaceInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    const status = record(raw.status);
    return (
      meta &&
      extended<NamespaceInfo, Meta>(meta, {
        phase: word(status.phase, intern) ?? 'Unknown',
        conditions: conditionsOf(status.conditions, intern),
      })
    );
  };
}

export function projectLease(intern: Interner): Projection<LeaseInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    return meta && extended<LeaseInfo, Meta>(meta, { renewTime: time(record(raw.spec).renewTime) });
  };
}
