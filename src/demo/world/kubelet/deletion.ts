import type { Cluster } from '../cluster.ts';
import { R } from '../cluster.ts';
import type { Draft, Pod } from '../objects.ts';
import type { KubeletContext, Step } from './kubelet.ts';

const MIRROR = 'kubernetes.io/config.mirror';

/** Ends the containers of a deleted pod; the object goes unless finalizers hold it. */
export function deletionStep({ cluster, between }: KubeletContext, pod: Pod): Step | undefined {
  const { name, namespace = '', uid, deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
  if (deletionGracePeriodSeconds === 0 && (pod.metadata.finalizers ?? []).length > 0) return undefined;
  return {
    what: `terminate ${deletionTimestamp}`,
    after: () => Math.min(deletionGracePeriodSeconds * 1000, between(900, 1_800)),
    run: () => {
      for (const container of pod.spec.containers) {
        cluster.events.record(pod, {
          type: 'Normal',
          reason: 'Killing',
          message: `Stopping container ${container.name}`,
          component: 'kubelet',
          host: pod.spec.nodeName ?? '',
          fieldPath: `spec.containers{${container.name}}`,
        });
      }
      cluster.store.delete(R.pods, namespace, name, {
        ...(uid !== undefined && { uid }),
        gracePeriodSeconds: 0,
      });
    },
  };
}

/** The pod when it mirrors a static pod of its node. */
export function mirrorOf(pod: Pod): Pod | undefined {
  return pod.metadata.annotations?.[MIRROR] === undefined ? undefined : pod;
}

/** Puts the mirror of a static pod back: deleting it never stopped the static pod itself. */
export function restoreMirror(cluster: Cluster, pod: Pod): void {
  const { name, namespace = '', labels, annotations, ownerReferences } = pod.metadata;
  const node = pod.spec.nodeName ?? '';
  if (cluster.silentNodes.has(node) || !cluster.node(node) || cluster.pod(namespace, name)) return;
  const draft: Draft = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(ownerReferences && { ownerReferences }),
    },
    spec: pod.spec,
    status: { phase: 'Pending' },
  };
  cluster.create(R.pods, draft);
}
