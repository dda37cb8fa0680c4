import { ownedBy } from '../build-pod.ts';
import { fromKey, keyOf, R } from '../cluster.ts';
import type { Pod, Workload } from '../objects.ts';
import { isTerminal } from '../pod-index.ts';
import { type Change, QueueController, REACTION_MS } from './controller.ts';
import { deploymentStatus, progressDeadline } from './deployment-status.ts';
import { controlledBy, ownerOf } from './replicaset.ts';
import { isSameTemplate, templateHash } from './revisions.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH_LABEL = 'pod-template-hash';

/** Moves each Deployment's pods from old ReplicaSets to the one of its current template. */
export class DeploymentController extends QueueController {
  override observe({ resource, type, object }: Change): void {
    if (resource === R.deployments && type !== 'DELETED') this.queue.add(keyOf(object), REACTION_MS);
    const owner = resource === R.replicaSets ? object.metadata.ownerReferences?.[0] : undefined;
    if (owner?.kind === 'Deployment')
      this.queue.add(`${object.metadata.namespace}/${owner.name}`, REACTION_MS);
    if (resource === R.pods && type === 'DELETED') this.observeGone(object as Pod);
  }

  /** A Deployment that recreates its pods waits for the last old one to go. */
  private observeGone(pod: Pod): void {
    const { namespace = '' } = pod.metadata;
    const set = this.cluster.store.get(R.replicaSets, namespace, ownerOf(pod, 'ReplicaSet') ?? '');
    const owner = set?.metadata.ownerReferences?.[0];
    if (owner?.kind === 'Deployment') this.queue.add(`${namespace}/${owner.name}`, REACTION_MS);
  }

  protected override reconcile(key: string): void {
    const deployment = this.cluster.store.get(R.deployments, ...fromKey(key)) as Workload | undefined;
    if (!deployment || deployment.metadata.deletionTimestamp !== undefined) return;
    const paused = deployment.spec.paused === true;
    const owned = controlledBy(this.list(deployment), deployment);
    const { template } = deployment.spec;
    const current = owned.find(({ spec }) => isSameTemplate(spec.template, template, HASH_LABEL));
    const newest = current ?? (paused ? undefined : this.createReplicaSet(deployment, owned));
    if (newest) {
      this.keepRevision(deployment, newest, owned);
      this.roll(
        deployment,
        newest,
        owned.filter((set) => set !== current),
      );
    }
    this.prune(deployment, newest);
    this.report(key, newest);
  }

  private list(deployment: Workload): Workload[] {
    return this.cluster.store.list(R.replicaSets, deployment.metadata.namespace ?? '') as Workload[];
  }

  private createReplicaSet(deployment: Workload, owned: readonly Workload[]): Workload {
    const { spec, metadata } = deployment;
    const hash = templateHash(spec.template);
    const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
    const draft = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace ?? 'default',
        labels,
        annotations: {
          ...metadata.annotations,
          [REVISION]: String(latestRevision(owned) + 1),
          'deployment.kubernetes.io/desired-replicas': String(spec.replicas ?? 1),
          'deployment.kubernetes.io/max-replicas': String((spec.replicas ?? 1) + budget(deployment).surge),
        },
        ownerReferences: [ownedBy(deployment)],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
      status: { replicas: 0 },
    };
    return this.cluster.create(R.replicaSets, draft) as Workload;
  }

  /** The current ReplicaSet carries the highest revision (a roll-back raises an old one), the Deployment repeats it. */
  private keepRevision(deployment: Workload, newest: Workload, owned: readonly Workload[]): void {
    const highest = latestRevision(owned.filter(({ metadata }) => metadata.uid !== newest.metadata.uid));
    const own = Number(newest.metadata.annotations?.[REVISION] ?? 0);
    const revision = String(own > highest ? own : highest + 1);
    this.annotate(R.replicaSets, newest, revision);
    this.annotate(R.deployments, deployment, revision);
  }

  private annotate(resource: string, object: Workload, revision: string): void {
    const stored = this.cluster.store.get(resource, object.metadata.namespace ?? '', object.metadata.name);
    if (!stored || stored.metadata.annotations?.[REVISION] === revision) return;
    const annotations = { ...stored.metadata.annotations, [REVISION]: revision };
    this.cluster.store.update(resource, { ...stored, metadata: { ...stored.metadata, annotations } });
  }

  private roll(deployment: Workload, newest: Workload, old: readonly Workload[]): void {
    const desired = deployment.spec.replicas ?? 1;
    const active = old.filter(({ spec }) => (spec.replicas ?? 0) > 0);
    if (strategyOf(deployment) === 'Recreate') {
      for (const set of active) this.scale(deployment, set, 0);
      if (active.length === 0 && !old.some((set) => this.hasPods(set)))
        this.scale(deployment, newest, desired);
      return;
    }
    if (active.length === 0) {
      this.scale(deployment, newest, desired);
      return;
    }
    const { surge, unavailable } = budget(deployment);
    const own = newest.spec.replicas ?? 0;
    const total = own + sum(active, ({ spec }) => spec.replicas ?? 0);
    const wanted = Math.min(desired, own + Math.max(0, desired + surge - total));
    if (wanted !== own) this.scale(deployment, newest, wanted);
    this.shrink(deployment, newest, active, desired - unavailable, total);
  }

  /** Whether a pod of the set is still there, even if it is on its way out. */
  private hasPods(set: Workload): boolean {
    return [...this.cluster.pods.ownedBy(set.metadata.uid)].some((pod) => !isTerminal(pod));
  }

  /** Takes pods from old ReplicaSets, the unavailable ones first, as far as enough stay available. */
  private shrink(
    deployment: Workload,
    newest: Workload,
    active: readonly Workload[],
    minimum: number,
    total: number,
  ): void {
    const newMissing = (newest.spec.replicas ?? 0) - available(newest);
    let room = total - minimum - newMissing;
    // The sets' own counts lag behind: a pod that is being taken already still counts as available there.
    if (room <= 0) return;
    const left = new Map(active.map((set) => [set, set.spec.replicas ?? 0]));
    for (const [set, replicas] of left) {
      const take = Math.max(0, Math.min(room, replicas - available(set)));
      left.set(set, replicas - take);
      room -= take;
    }
    let spare = Math.min(room, available(newest) + sum(active, available) - minimum);
    for (const [set, replicas] of left) {
      const take = Math.max(0, Math.min(spare, replicas));
      spare -= take;
      if (replicas - take !== set.spec.replicas) this.scale(deployment, set, replicas - take);
    }
  }

  private scale(deployment: Workload, set: Workload, replicas: number): void {
    const { name, namespace = '' } = set.metadata;
    const stored = this.cluster.store.get(R.replicaSets, namespace, name) as Workload | undefined;
    const before = stored?.spec.replicas ?? 0;
    if (!stored || before === replicas) return;
    this.cluster.store.update(R.replicaSets, { ...stored, spec: { ...stored.spec, replicas } });
    this.cluster.events.record(deployment, {
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${replicas > before ? 'up' : 'down'} replica set ${name} from ${before} to ${replicas}`,
      component: 'deployment-controller',
    });
  }

  /** Drops old empty ReplicaSets beyond the history limit. */
  private prune(deployment: Workload, newest: Workload | undefined): void {
    const limit = Number(deployment.spec.revisionHistoryLimit ?? 10);
    const empty = controlledBy(this.list(deployment), deployment)
      .filter(
        ({ metadata, spec, status }) =>
          metadata.uid !== newest?.metadata.uid && spec.replicas === 0 && !status?.replicas,
      )
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const { metadata } of empty.slice(0, Math.max(0, empty.length - limit))) {
      this.cluster.store.delete(R.replicaSets, metadata.namespace ?? '', metadata.name);
    }
  }

  private report(key: string, newest: Workload | undefined): void {
    const deployment = this.cluster.store.get(R.deployments, ...fromKey(key)) as Workload | undefined;
    if (!deployment) return;
    const owned = controlledBy(this.list(deployment), deployment);
    const current = owned.find(({ metadata }) => metadata.uid === newest?.metadata.uid);
    this.cluster.writeStatus(
      R.deployments,
      deployment,
      deploymentStatus(this.cluster, deployment, owned, current),
    );
    const wait = progressDeadline(deployment, this.cluster.clock.now());
    if (wait !== undefined) this.queue.add(key, wait);
  }
}

function available(set: Workload): number {
  return set.status?.availableReplicas ?? 0;
}

function sum(sets: readonly Workload[], of: (set: Workload) => number): number {
  return sets.reduce((total, set) => total + of(set), 0);
}

function revisionOf(set: Workload): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function latestRevision(sets: readonly Workload[]): number {
  return Math.max(0, ...sets.map(revisionOf));
}

interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
}

function strategyOf(deployment: Workload): string {
  return (deployment.spec.strategy as Strategy | undefined)?.type ?? 'RollingUpdate';
}

/** How many pods more and fewer than desired a rolling update may have. */
function budget(deployment: Workload): { surge: number; unavailable: number } {
  const { rollingUpdate = {} } = (deployment.spec.strategy as Strategy | undefined) ?? {};
  const desired = deployment.spec.replicas ?? 1;
  const surge = share(rollingUpdate.maxSurge ?? '25%', desired, Math.ceil);
  const unavailable = share(rollingUpdate.maxUnavailable ?? '25%', desired, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** An absolute number, or a percentage of `whole` rounded as told. */
export function share(value: number | string, whole: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * whole);
}
