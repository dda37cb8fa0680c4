import type { KubeObject, ManagedFieldsEntry } from '../object.ts';
import { managedBy } from './build-pod.ts';
import type { App, ClaimSpec } from './catalog/app.ts';
import { type Cluster, R } from './cluster.ts';
import type { Draft, Labels } from './objects.ts';
import { hashOf, Random } from './random.ts';

const WORKLOAD_FIELDS: ManagedFieldsEntry['fieldsV1'] = {
  'f:metadata': { 'f:labels': {} },
  'f:spec': { 'f:replicas': {}, 'f:selector': {}, 'f:template': {} },
};

const KINDS = {
  Deployment: { resource: R.deployments, apiVersion: 'apps/v1' },
  StatefulSet: { resource: R.statefulSets, apiVersion: 'apps/v1' },
  DaemonSet: { resource: R.daemonSets, apiVersion: 'apps/v1' },
  Job: { resource: R.jobs, apiVersion: 'batch/v1' },
  CronJob: { resource: R.cronJobs, apiVersion: 'batch/v1' },
} as const;

/** Creates what Flux (or an operator) applies for an app; the controllers do the rest. */
export function installApp(cluster: Cluster, app: App): void {
  ensureNamespace(cluster, app.namespace);
  const { namespace, name } = app;
  const meta = { namespace, labels: labelsOf(app) };
  cluster.create(R.serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { ...meta, name },
  });
  if (app.kind !== 'StatefulSet') for (const claim of app.claims ?? []) createClaim(cluster, app, claim);
  if (app.port !== undefined) createService(cluster, app, app.port);
  if (app.budget) {
    const { name: budgetName = name, ...spec } = app.budget;
    createBudget(cluster, namespace, budgetName, { ...spec, selector: { matchLabels: selectorOf(app) } });
  }
  createWorkload(cluster, app);
}

/** Creates a namespace that is not there yet. */
export function ensureNamespace(cluster: Cluster, name: string): void {
  if (cluster.store.get(R.namespaces, '', name)) return;
  const labels = { 'kubernetes.io/metadata.name': name, 'pod-security.kubernetes.io/enforce': 'privileged' };
  cluster.create(R.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

/** Creates a PodDisruptionBudget. */
export function createBudget(cluster: Cluster, namespace: string, name: string, spec: object): void {
  cluster.create(R.budgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec,
  });
}

function selectorOf({ name }: App): Labels {
  return { 'app.kubernetes.io/name': name };
}

function labelsOf(app: App): Labels {
  if (app.owner) return { ...selectorOf(app), ...app.labels };
  if (app.release === undefined) {
    return {
      ...selectorOf(app),
      'kustomize.toolkit.fluxcd.io/name': `apps-${app.namespace}`,
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    };
  }
  return {
    ...selectorOf(app),
    'app.kubernetes.io/instance': app.release,
    'app.kubernetes.io/managed-by': 'Helm',
    'helm.toolkit.fluxcd.io/name': app.release,
    'helm.toolkit.fluxcd.io/namespace': app.namespace,
  };
}

function managerOf(app: App): string {
  if (app.owner) return app.namespace === 'rook-ceph' ? 'rook' : 'PrometheusOperator';
  return app.release === undefined ? 'kustomize-controller' : 'helm-controller';
}

function claimSpec({ size, storageClass = 'ceph-block' }: ClaimSpec): object {
  const mode = storageClass === 'ceph-filesystem' ? 'ReadWriteMany' : 'ReadWriteOnce';
  return { accessModes: [mode], storageClassName: storageClass, resources: { requests: { storage: size } } };
}

function createClaim(cluster: Cluster, app: App, claim: ClaimSpec): void {
  cluster.create(R.claims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claim.name, namespace: app.namespace, labels: labelsOf(app) },
    spec: claimSpec(claim),
    status: { phase: 'Pending' },
  });
}

function createService(cluster: Cluster, app: App, port: number): void {
  const isIngress = app.name.startsWith('ingress-nginx');
  const ingress = [{ ip: `192.168.10.${200 + (hashOf(`${app.namespace}/${app.name}`) % 20)}` }];
  cluster.create(R.services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app.name, namespace: app.namespace, labels: labelsOf(app) },
    spec: {
      type: isIngress ? 'LoadBalancer' : 'ClusterIP',
      ...(app.clusterIP !== undefined && { clusterIP: app.clusterIP }),
      selector: selectorOf(app),
      ports: [
        {
          name: 'http',
          port,
          targetPort: app.containers[0]?.ports?.[0]?.containerPort ?? port,
          protocol: 'TCP',
        },
      ],
    },
    status: { loadBalancer: isIngress ? { ingress } : {} },
  });
}

function podTemplate(app: App): object {
  const isBatch = app.kind === 'Job' || app.kind === 'CronJob';
  const claims = app.kind === 'StatefulSet' ? [] : (app.claims ?? []);
  const mounts = (app.claims ?? []).map(({ name }) => ({ name, mountPath: `/var/lib/${name}` }));
  const containers = app.containers.map((each, index) =>
    index === 0 && mounts.length > 0 ? { ...each, volumeMounts: mounts } : each,
  );
  return {
    metadata: { labels: { ...selectorOf(app), ...app.labels } },
    spec: {
      serviceAccountName: app.name,
      restartPolicy: isBatch ? 'Never' : 'Always',
      ...(app.init && { initContainers: app.init }),
      containers,
      ...(claims.length > 0 && {
        volumes: claims.map(({ name }) => ({ name, persistentVolumeClaim: { claimName: name } })),
      }),
      ...(app.node !== undefined && { nodeSelector: { 'kubernetes.io/hostname': app.node } }),
      ...(app.hostNetwork && { hostNetwork: true }),
      ...(app.priorityClass !== undefined && { priorityClassName: app.priorityClass }),
    },
  };
}

function workloadSpec(app: App): object {
  const template = podTemplate(app);
  if (app.kind === 'Job') return { backoffLimit: 2, template };
  if (app.kind === 'CronJob') {
    return {
      schedule: app.schedule,
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { backoffLimit: 2, template } },
    };
  }
  const selector = { matchLabels: selectorOf(app) };
  if (app.kind === 'DaemonSet') return { selector, template };
  const replicas = app.replicas ?? 1;
  if (app.kind === 'StatefulSet') {
    const volumeClaimTemplates = (app.claims ?? []).map((claim) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim.name },
      spec: claimSpec(claim),
    }));
    return { replicas, selector, serviceName: app.name, template, volumeClaimTemplates };
  }
  // A volume that only one node may hold cannot be handed over while the old pod runs.
  const recreate = (app.claims ?? []).length > 0 && { strategy: { type: 'Recreate' } };
  return { replicas, selector, template, ...recreate };
}

function createWorkload(cluster: Cluster, app: App): KubeObject {
  const { resource, apiVersion } = KINDS[app.kind];
  const { owner } = app;
  const draft: Draft = {
    apiVersion,
    kind: app.kind,
    metadata: {
      name: app.name,
      namespace: app.namespace,
      labels: labelsOf(app),
      ...(app.release !== undefined && {
        annotations: {
          'meta.helm.sh/release-name': app.release,
          'meta.helm.sh/release-namespace': app.namespace,
        },
      }),
      ...(owner && {
        ownerReferences: [
          {
            ...owner,
            uid: new Random(hashOf(`${owner.kind}/${owner.name}`)).uuid(),
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      }),
      managedFields: [managedBy(managerOf(app), apiVersion, cluster.time(), WORKLOAD_FIELDS, 'Apply')],
    },
    spec: workloadSpec(app),
  };
  return cluster.create(resource, draft);
}
