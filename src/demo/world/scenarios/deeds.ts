/** Verbs that scenarios are told in. */

import { kubeTime } from '../../object.ts';
import { type Cluster, R } from '../cluster.ts';
import { type Exit, killContainer } from '../kubelet/running.ts';
import type { Pod, Workload } from '../objects.ts';
import { isTerminal } from '../pod-index.ts';
import { quantity } from '../quantity.ts';
import type { Simulation } from '../simulation.ts';

/** Live pods of an app, by name. Throws when there are none, because then the scenario is wrong. */
export function podsOf(cluster: Cluster, namespace: string, app: string): readonly Pod[] {
  const pods = (cluster.store.list(R.pods, namespace) as Pod[]).filter(
    (pod) => pod.metadata.labels?.['app.kubernetes.io/name'] === app && !isTerminal(pod),
  );
  if (pods.length === 0) throw new Error(`no pod of ${namespace}/${app} in the embedded homelab`);
  return pods;
}

/** The only or the first pod of an app. */
export function podOf(cluster: Cluster, namespace: string, app: string): Pod {
  const [pod] = podsOf(cluster, namespace, app);
  if (!pod) throw new Error(`no pod of ${namespace}/${app} in the embedded homelab`);
  return pod;
}

/** What is remembered of a container's earlier runs. */
export interface Past extends Exit {
  readonly restarts: number;
  /** Milliseconds since its last run ended. */
  readonly endedAgo: number;
  /** Milliseconds that run had lasted. */
  readonly ranFor: number;
}

/** Writes a container's restart history into the status of its pod. */
export function remember({ store, clock }: Cluster, pod: Pod, container: string, past: Past): void {
  const end = clock.now() - past.endedAgo;
  const containerStatuses = pod.status.containerStatuses?.map((status) =>
    status.name === container
      ? {
          ...status,
          restartCount: past.restarts,
          state: { running: { startedAt: kubeTime(end + 2_000) } },
          lastState: {
            terminated: {
              exitCode: past.exitCode,
              reason: past.reason,
              ...(past.message !== undefined && { message: past.message }),
              startedAt: kubeTime(end - past.ranFor),
              finishedAt: kubeTime(end),
              ...(status.containerID !== undefined && { containerID: status.containerID }),
            },
          },
        }
      : status,
  );
  store.update(R.pods, { ...pod, status: { ...pod.status, containerStatuses } }, { subresource: 'status' });
}

/** Kills a container of an app's first pod for want of memory. */
export function oomKill({ cluster }: Simulation, namespace: string, app: string, container: string): void {
  killContainer(cluster, podOf(cluster, namespace, app), container, { exitCode: 137, reason: 'OOMKilled' });
}

/** Share of its limit that an evicted container had used. */
const USED_WHEN_EVICTED = 0.95;

/** Evicts a pod as a kubelet under memory pressure does: it stays behind as Failed. */
export function evictForMemory(cluster: Cluster, pod: Pod): void {
  const [container] = pod.spec.containers;
  const { requests, limits } = container?.resources ?? {};
  const used = Math.round((quantity(limits?.memory) * USED_WHEN_EVICTED) / 2 ** 20);
  const message =
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 61548Ki. ' +
    `Container ${container?.name} was using ${used}Mi, request is ${requests?.memory}, has larger consumption of memory. `;
  const conditions = cluster.withCondition(pod.status.conditions, {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'TerminationByKubelet',
    message,
  });
  cluster.writeStatus(R.pods, pod, {
    phase: 'Failed',
    reason: 'Evicted',
    message,
    startTime: pod.status.startTime,
    conditions: cluster.withCondition(conditions, { type: 'Ready', status: 'False', reason: 'PodFailed' }),
  });
  cluster.events.record(pod, {
    type: 'Warning',
    reason: 'Evicted',
    message,
    component: 'kubelet',
    host: pod.spec.nodeName ?? '',
  });
}

/** Rolls a Deployment to another image of its first container. */
export function setImage({ store }: Cluster, namespace: string, name: string, image: string): void {
  const deployment = store.get(R.deployments, namespace, name) as Workload | undefined;
  if (!deployment) throw new Error(`no Deployment ${namespace}/${name} in the embedded homelab`);
  const { template } = deployment.spec;
  const containers = template.spec.containers.map((each, index) => (index === 0 ? { ...each, image } : each));
  const spec = { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } };
  store.update(R.deployments, { ...deployment, spec });
}
