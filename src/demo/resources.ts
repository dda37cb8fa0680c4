/** One resource the embedded API server offers. */
export interface ResourceDef {
  /** API group, '' for core. */
  readonly group: string;
  readonly version: string;
  /** Plural name, as in the URL. */
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories?: readonly string[];
  /** Such as 'status', 'scale', 'log', 'eviction'. */
  readonly subresources: readonly string[];
  /** Present when the resource offers fewer verbs than a stored one. */
  readonly verbs?: readonly string[];
  /** Key of the resource whose objects this one shows in another shape (events.k8s.io shows core events). */
  readonly viewOf?: string;
}

/** Verbs of a resource that is kept in the store. */
export const STORED_VERBS: readonly string[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

interface RowOptions {
  readonly cluster?: boolean;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
  readonly sub?: readonly string[];
  readonly verbs?: readonly string[];
  readonly viewOf?: string;
}

/** One row of the table; `groupVersion` as in apiVersion. */
function row(groupVersion: string, resource: string, kind: string, options: RowOptions = {}): ResourceDef {
  const [first = '', second] = groupVersion.split('/');
  return {
    group: second === undefined ? '' : first,
    version: second ?? first,
    resource,
    kind,
    singular: kind.toLowerCase(),
    namespaced: !options.cluster,
    shortNames: options.short ?? [],
    subresources: options.sub ?? [],
    ...(options.categories && { categories: options.categories }),
    ...(options.verbs && { verbs: options.verbs }),
    ...(options.viewOf && { viewOf: options.viewOf }),
  };
}

const ALL = ['all'];
const STATUS = ['status'];
const SCALABLE = ['scale', 'status'];
const CREATE_ONLY = ['create'];
const READ_ONLY = ['get', 'list'];

/** Every resource served. Adding one is one row; the order decides which group a bare plural means. */
export const RESOURCES: readonly ResourceDef[] = [
  row('v1', 'configmaps', 'ConfigMap', { short: ['cm'] }),
  row('v1', 'endpoints', 'Endpoints', { short: ['ep'] }),
  row('v1', 'events', 'Event', { short: ['ev'] }),
  row('v1', 'limitranges', 'LimitRange', { short: ['limits'] }),
  row('v1', 'namespaces', 'Namespace', {
    cluster: true,
    short: ['ns'],
    sub: STATUS,
    verbs: STORED_VERBS.filter((verb) => verb !== 'deletecollection'),
  }),
  row('v1', 'nodes', 'Node', { cluster: true, short: ['no'], sub: STATUS }),
  row('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', { short: ['pvc'], sub: STATUS }),
  row('v1', 'persistentvolumes', 'PersistentVolume', { cluster: true, short: ['pv'], sub: STATUS }),
  row('v1', 'pods', 'Pod', { short: ['po'], categories: ALL, sub: ['eviction', 'log', 'status'] }),
  row('v1', 'podtemplates', 'PodTemplate'),
  row('v1', 'replicationcontrollers', 'ReplicationController', {
    short: ['rc'],
    categories: ALL,
    sub: SCALABLE,
  }),
  row('v1', 'resourcequotas', 'ResourceQuota', { short: ['quota'], sub: STATUS }),
  row('v1', 'secrets', 'Secret'),
  row('v1', 'serviceaccounts', 'ServiceAccount', { short: ['sa'] }),
  row('v1', 'services', 'Service', { short: ['svc'], categories: ALL, sub: STATUS }),

  row('apps/v1', 'controllerrevisions', 'ControllerRevision'),
  row('apps/v1', 'daemonsets', 'DaemonSet', { short: ['ds'], categories: ALL, sub: STATUS }),
  row('apps/v1', 'deployments', 'Deployment', { short: ['deploy'], categories: ALL, sub: SCALABLE }),
  row('apps/v1', 'replicasets', 'ReplicaSet', { short: ['rs'], categories: ALL, sub: SCALABLE }),
  row('apps/v1', 'statefulsets', 'StatefulSet', { short: ['sts'], categories: ALL, sub: SCALABLE }),

  row('events.k8s.io/v1', 'events', 'Event', { short: ['ev'], viewOf: 'events' }),

  row('authentication.k8s.io/v1', 'selfsubjectreviews', 'SelfSubjectReview', {
    cluster: true,
    verbs: CREATE_ONLY,
  }),
  row('authorization.k8s.io/v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    cluster: true,
    verbs: CREATE_ONLY,
  }),
  row('authorization.k8s.io/v1', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', {
    cluster: true,
    verbs: CREATE_ONLY,
  }),

  row('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    short: ['hpa'],
    categories: ALL,
    sub: STATUS,
  }),
  row('batch/v1', 'cronjobs', 'CronJob', { short: ['cj'], categories: ALL, sub: STATUS }),
  row('batch/v1', 'jobs', 'Job', { categories: ALL, sub: STATUS }),
  row('coordination.k8s.io/v1', 'leases', 'Lease'),
  row('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  row('networking.k8s.io/v1', 'ingressclasses', 'IngressClass', { cluster: true }),
  row('networking.k8s.io/v1', 'ingresses', 'Ingress', { short: ['ing'], sub: STATUS }),
  row('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', { short: ['netpol'] }),
  row('node.k8s.io/v1', 'runtimeclasses', 'RuntimeClass', { cluster: true }),
  row('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', { short: ['pdb'], sub: STATUS }),
  row('rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding', { cluster: true }),
  row('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', { cluster: true }),
  row('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding'),
  row('rbac.authorization.k8s.io/v1', 'roles', 'Role'),
  row('scheduling.k8s.io/v1', 'priorityclasses', 'PriorityClass', { cluster: true, short: ['pc'] }),
  row('storage.k8s.io/v1', 'storageclasses', 'StorageClass', { cluster: true, short: ['sc'] }),

  row('metrics.k8s.io/v1beta1', 'nodes', 'NodeMetrics', { cluster: true, verbs: READ_ONLY }),
  row('metrics.k8s.io/v1beta1', 'pods', 'PodMetrics', { verbs: READ_ONLY }),
];

/** Name of a resource with its group, as error messages and the store use it: 'pods', 'deployments.apps'. */
export function resourceKey(def: ResourceDef): string {
  return def.group === '' ? def.resource : `${def.resource}.${def.group}`;
}

/** apiVersion of the objects of a resource. */
export function apiVersionOf(def: ResourceDef): string {
  return def.group === '' ? def.version : `${def.group}/${def.version}`;
}

/** Whether objects of this resource are kept in the store: those that can be watched, except views. */
export function isStored(def: ResourceDef): boolean {
  return def.viewOf === undefined && (def.verbs ?? STORED_VERBS).includes('watch');
}

/** Key under which the store keeps the objects that a resource shows. */
export function storeKey(def: ResourceDef): string {
  return def.viewOf ?? resourceKey(def);
}

/** Whether a resource is a custom one: its list items name their kind, and strategic merge patches are refused. */
export function isCustom(def: ResourceDef): boolean {
  return def.group.includes('.') && !def.group.endsWith('.k8s.io');
}
