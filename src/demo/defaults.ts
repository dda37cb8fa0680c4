import { type Fields, fields, isFields, list, text } from './json.ts';
import type { KubeObject } from './object.ts';
import { type ResourceDef, resourceKey } from './resources.ts';

type Defaulter = (spec: Fields, object: KubeObject) => Fields;

const POD_SPEC: Fields = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  enableServiceLinks: true,
  securityContext: {},
};

const CONTAINER: Fields = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  resources: {},
};

const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };

/** Fills the defaults that clients rely on, spec by spec; a field that is set keeps its value. */
const DEFAULTERS: Readonly<Record<string, Defaulter>> = {
  pods: admittedPodSpec,
  services: serviceSpec,
  replicationcontrollers: templated({ replicas: 1 }),
  'deployments.apps': templated({
    replicas: 1,
    strategy: ROLLING,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  }),
  'replicasets.apps': templated({ replicas: 1 }),
  'statefulsets.apps': templated({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  }),
  'daemonsets.apps': templated({
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  }),
  'jobs.batch': jobSpec,
  'cronjobs.batch': (spec) => ({
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    ...spec,
  }),
  persistentvolumeclaims: (spec) => ({ volumeMode: 'Filesystem', ...spec }),
  persistentvolumes: (spec) => ({
    volumeMode: 'Filesystem',
    persistentVolumeReclaimPolicy: 'Retain',
    ...spec,
  }),
};

/** The object with the defaults of its kind. */
export function withDefaults(def: ResourceDef, object: KubeObject): KubeObject {
  if (def.resource === 'namespaces' && !isFields(object.status)) {
    return { ...object, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
  }
  if (resourceKey(def) === 'services' && object.status === undefined) {
    return withDefaults(def, { ...object, status: { loadBalancer: {} } });
  }
  const defaulter = DEFAULTERS[resourceKey(def)];
  return defaulter && isFields(object.spec) ? { ...object, spec: defaulter(object.spec, object) } : object;
}

function templated(defaults: Fields): Defaulter {
  return (spec) => {
    const complete = fill(defaults, spec);
    const template = fields(spec.template);
    if (!isFields(template.spec)) return complete;
    return { ...complete, template: { ...template, spec: podSpec(template.spec) } };
  };
}

const fillJob = templated({ parallelism: 1, completions: 1, backoffLimit: 6, suspend: false });

function serviceSpec(given: Fields): Fields {
  const spec = fill({ type: 'ClusterIP', sessionAffinity: 'None' }, given);
  const ports = list(spec.ports).map((each) => {
    const port = fields(each);
    return fill({ protocol: 'TCP', targetPort: port.port }, port);
  });
  const withPorts = ports.length > 0 ? { ...spec, ports } : spec;
  if (spec.type === 'ExternalName') return withPorts;
  const isExternal = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  return fill(
    {
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ...(isExternal && { externalTrafficPolicy: 'Cluster' }),
      ...(spec.type === 'LoadBalancer' && { allocateLoadBalancerNodePorts: true }),
    },
    withPorts,
  );
}

/** A job selects its pods by its own uid unless the writer chose a selector. */
function jobSpec(spec: Fields, job: KubeObject): Fields {
  const complete = fillJob(spec, job);
  const { name, uid } = job.metadata;
  if (complete.selector !== undefined || uid === undefined) return complete;
  const selected = { 'batch.kubernetes.io/controller-uid': uid };
  const labels = {
    ...selected,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = fields(complete.template);
  const metadata = fields(template.metadata);
  return {
    ...complete,
    selector: { matchLabels: selected },
    template: { ...template, metadata: { ...metadata, labels: { ...fields(metadata.labels), ...labels } } },
  };
}

/** How long a pod stays on a node that is gone. */
const NODE_PATIENCE_SECONDS = 300;

const NODE_TOLERATIONS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: NODE_PATIENCE_SECONDS,
}));

/** Values of the priority classes that every cluster has. */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  '': 0,
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** What admission writes into every pod, besides the defaults. */
function admittedPodSpec(given: Fields): Fields {
  const spec = podSpec(given);
  const own = list(spec.tolerations);
  const missing = NODE_TOLERATIONS.filter((each) => !own.some((toleration) => covers(toleration, each)));
  const priority = SYSTEM_PRIORITIES[text(spec.priorityClassName)];
  const admitted = fill(
    {
      serviceAccountName: 'default',
      preemptionPolicy: 'PreemptLowerPriority',
      ...(priority !== undefined && { priority }),
    },
    spec,
  );
  if (missing.length === 0) return admitted;
  return { ...admitted, tolerations: own.length === 0 ? NODE_TOLERATIONS : [...own, ...missing] };
}

function covers(toleration: unknown, { key, effect }: { key: string; effect: string }): boolean {
  const { key: ownKey = '', effect: ownEffect = '' } = fields(toleration);
  return (ownKey === '' || ownKey === key) && (ownEffect === '' || ownEffect === effect);
}

function podSpec(spec: Fields): Fields {
  const { containers, initContainers } = spec;
  return fill(POD_SPEC, {
    ...spec,
    ...(Array.isArray(containers) && { containers: containersOf(containers) }),
    ...(Array.isArray(initContainers) && { initContainers: containersOf(initContainers) }),
  });
}

/** Filled container lists by the given ones, so that pods of one template keep sharing theirs in memory. */
const filledContainers = new WeakMap<readonly unknown[], readonly unknown[]>();

function containersOf(given: readonly unknown[]): readonly unknown[] {
  const known = filledContainers.get(given);
  if (known) return known;
  const filled = given.map(container);
  const result = filled.every((each, index) => each === given[index]) ? given : filled;
  filledContainers.set(given, result);
  return result;
}

function container(value: unknown): Fields {
  const given = fields(value);
  const image = typeof given.image === 'string' ? given.image : '';
  const floating = image.endsWith(':latest') || !/[:@][^/]*$/.test(image);
  return fill({ ...CONTAINER, imagePullPolicy: floating ? 'Always' : 'IfNotPresent' }, given);
}

/** The given fields, with a default where one is absent. */
function fill(defaults: Fields, given: Fields): Fields {
  return Object.keys(defaults).every((key) => given[key] !== undefined) ? given : { ...defaults, ...given };
}
