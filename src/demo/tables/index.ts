import type { KubeObject } from '../object.ts';
import { type ResourceDef, resourceKey } from '../resources.ts';
import {
  BINDING_COLUMNS,
  EVENT_COLUMNS,
  LEASE_COLUMNS,
  NAMESPACE_COLUMNS,
  NODE_COLUMNS,
  PRIORITYCLASS_COLUMNS,
  RESOURCEQUOTA_COLUMNS,
  RUNTIMECLASS_COLUMNS,
} from './cluster.ts';
import { POD_COLUMNS } from './pods.ts';
import {
  CONFIGMAP_COLUMNS,
  ENDPOINTS_COLUMNS,
  ENDPOINTSLICE_COLUMNS,
  INGRESS_COLUMNS,
  INGRESSCLASS_COLUMNS,
  NETWORKPOLICY_COLUMNS,
  SECRET_COLUMNS,
  SERVICE_COLUMNS,
  SERVICEACCOUNT_COLUMNS,
} from './services.ts';
import { PV_COLUMNS, PVC_COLUMNS, STORAGECLASS_COLUMNS } from './storage.ts';
import { type Cell, type Column, CREATED_AT, GENERIC, NAME } from './table.ts';
import * as workloads from './workloads.ts';

/** Columns by resource; what is not here shows name and age. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  configmaps: CONFIGMAP_COLUMNS,
  endpoints: ENDPOINTS_COLUMNS,
  events: EVENT_COLUMNS,
  'events.events.k8s.io': EVENT_COLUMNS,
  limitranges: [NAME, CREATED_AT],
  namespaces: NAMESPACE_COLUMNS,
  nodes: NODE_COLUMNS,
  persistentvolumeclaims: PVC_COLUMNS,
  persistentvolumes: PV_COLUMNS,
  pods: POD_COLUMNS,
  podtemplates: workloads.PODTEMPLATE_COLUMNS,
  replicationcontrollers: workloads.REPLICATIONCONTROLLER_COLUMNS,
  resourcequotas: RESOURCEQUOTA_COLUMNS,
  secrets: SECRET_COLUMNS,
  serviceaccounts: SERVICEACCOUNT_COLUMNS,
  services: SERVICE_COLUMNS,
  'controllerrevisions.apps': workloads.CONTROLLERREVISION_COLUMNS,
  'daemonsets.apps': workloads.DAEMONSET_COLUMNS,
  'deployments.apps': workloads.DEPLOYMENT_COLUMNS,
  'replicasets.apps': workloads.REPLICASET_COLUMNS,
  'statefulsets.apps': workloads.STATEFULSET_COLUMNS,
  'horizontalpodautoscalers.autoscaling': workloads.HPA_COLUMNS,
  'cronjobs.batch': workloads.CRONJOB_COLUMNS,
  'jobs.batch': workloads.JOB_COLUMNS,
  'leases.coordination.k8s.io': LEASE_COLUMNS,
  'endpointslices.discovery.k8s.io': ENDPOINTSLICE_COLUMNS,
  'ingressclasses.networking.k8s.io': INGRESSCLASS_COLUMNS,
  'ingresses.networking.k8s.io': INGRESS_COLUMNS,
  'networkpolicies.networking.k8s.io': NETWORKPOLICY_COLUMNS,
  'runtimeclasses.node.k8s.io': RUNTIMECLASS_COLUMNS,
  'poddisruptionbudgets.policy': workloads.PDB_COLUMNS,
  'clusterrolebindings.rbac.authorization.k8s.io': BINDING_COLUMNS,
  'clusterroles.rbac.authorization.k8s.io': [NAME, CREATED_AT],
  'rolebindings.rbac.authorization.k8s.io': BINDING_COLUMNS,
  'roles.rbac.authorization.k8s.io': [NAME, CREATED_AT],
  'priorityclasses.scheduling.k8s.io': PRIORITYCLASS_COLUMNS,
  'storageclasses.storage.k8s.io': STORAGECLASS_COLUMNS,
};

/** The columns of a resource. */
function columnsOf(def: ResourceDef): readonly Column[] {
  return COLUMNS[resourceKey(def)] ?? GENERIC;
}

/** The cells of an object in the columns of its resource. */
export function cellsOf(def: ResourceDef, object: KubeObject, now: number): Cell[] {
  return columnsOf(def).map((each) => each.cell(object, now));
}

/** `columnDefinitions` of a Table of the resource. */
export function columnDefinitions(def: ResourceDef): object[] {
  return columnsOf(def).map(({ name, type, format, priority }) => ({
    name,
    type,
    format,
    description: '',
    priority,
  }));
}
