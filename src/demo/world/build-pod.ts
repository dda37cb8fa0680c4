import type { KubeObject, ManagedFieldsEntry, OwnerReference } from '../object.ts';
import type { Draft, PodTemplate, Toleration } from './objects.ts';
import { qosClass } from './quantity.ts';

export const NOT_READY_TAINT = 'node.kubernetes.io/not-ready';
export const UNREACHABLE_TAINT = 'node.kubernetes.io/unreachable';

/** Field ownership of a pod, in the coarse form that is enough to see who wrote what. */
const POD_FIELDS: ManagedFieldsEntry['fieldsV1'] = {
  'f:metadata': { 'f:generateName': {}, 'f:labels': { '.': {} }, 'f:ownerReferences': { '.': {} } },
  'f:spec': { 'f:containers': {}, 'f:restartPolicy': {}, 'f:terminationGracePeriodSeconds': {} },
};

/** One managedFields entry. */
export function managedBy(
  manager: string,
  apiVersion: string,
  time: string,
  fieldsV1: ManagedFieldsEntry['fieldsV1'],
  operation: ManagedFieldsEntry['operation'] = 'Update',
): ManagedFieldsEntry {
  return { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1 };
}

/** Reference to the controlling owner. */
export function ownedBy(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** What a controller adds to its template. */
export interface PodExtras {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** A new pod of a workload, as its controller asks the API server for it. */
export function podFromTemplate(
  owner: KubeObject,
  template: PodTemplate,
  time: string,
  extras: PodExtras = {},
): Draft {
  const { spec } = template;
  const tolerations = [...(spec.tolerations ?? []), ...(extras.tolerations ?? [])];
  const labels = { ...template.metadata?.labels, ...extras.labels };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(extras.name === undefined ? { generateName: `${owner.metadata.name}-` } : { name: extras.name }),
      namespace: owner.metadata.namespace ?? 'default',
      labels,
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ownerReferences: [ownedBy(owner)],
      managedFields: [managedBy('kube-controller-manager', 'v1', time, POD_FIELDS)],
    },
    spec: { ...spec, ...(tolerations.length > 0 && { tolerations }), ...extras.spec },
    status: { phase: 'Pending', qosClass: qosClass(spec) },
  };
}
