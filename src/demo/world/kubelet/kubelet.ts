import { type Cluster, fromKey, keyOf } from '../cluster.ts';
import type { Change, Controller } from '../controllers/controller.ts';
import type { Pod } from '../objects.ts';
import { isTerminal } from '../pod-index.ts';
import { WorkQueue } from '../work-queue.ts';
import { Backoff } from './backoff.ts';
import { creationStep } from './creation.ts';
import { deletionStep, mirrorOf, restoreMirror } from './deletion.ts';
import { runningStep } from './running.ts';

/** The next thing a kubelet does to a pod. `what` tells steps apart, so that a step under way keeps its time. */
export interface Step {
  readonly what: string;
  /** Delay in milliseconds from the moment the step became due to be planned. */
  readonly after: () => number;
  readonly run: () => void;
}

/** What the steps work with. */
export interface KubeletContext {
  readonly cluster: Cluster;
  readonly backoff: Backoff;
  /** Random delay in milliseconds. */
  readonly between: (least: number, most: number) => number;
}

const MIRROR_RESTORE_MS = 1_000;

/**
 * The kubelets of all nodes. Each pod has at most one next step; pods that are settled have none and cost nothing.
 */
export class Kubelet implements Controller {
  private readonly cluster: Cluster;
  private readonly context: KubeletContext;
  private readonly queue: WorkQueue;
  /** The step each pod waits for. */
  private readonly agenda = new Map<string, string>();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    const random = cluster.random.fork('kubelet');
    this.context = { cluster, backoff: new Backoff(), between: (least, most) => random.int(least, most) };
    this.queue = new WorkQueue(cluster.clock, (key) => this.fire(key));
  }

  observe({ resource, type, object }: Change): void {
    if (resource !== 'pods') return;
    const pod = object as Pod;
    if (type === 'DELETED') this.forget(pod);
    else this.plan(pod);
  }

  /** Plans again for all pods, after faults or silent nodes changed. */
  recheck(): void {
    for (const pod of this.cluster.store.list('pods')) this.plan(pod as Pod);
  }

  private forget(pod: Pod): void {
    const key = keyOf(pod);
    this.agenda.delete(key);
    this.queue.drop(key);
    this.context.backoff.forget(pod.metadata.uid ?? '');
    const mirror = mirrorOf(pod);
    if (mirror) this.cluster.clock.setTimeout(() => restoreMirror(this.cluster, mirror), MIRROR_RESTORE_MS);
  }

  private plan(pod: Pod): void {
    const key = keyOf(pod);
    const step = this.nextStep(pod);
    const what = step && `${pod.metadata.uid}/${step.what}`;
    if (this.agenda.get(key) === what) return;
    this.queue.drop(key);
    if (!step || !what) {
      this.agenda.delete(key);
      return;
    }
    this.agenda.set(key, what);
    this.queue.add(key, step.after());
  }

  private fire(key: string): void {
    const due = this.agenda.get(key);
    this.agenda.delete(key);
    const pod = this.cluster.pod(...fromKey(key));
    const step = pod && this.nextStep(pod);
    if (!pod || !step) return;
    if (`${pod.metadata.uid}/${step.what}` === due) step.run();
    const after = this.cluster.pod(...fromKey(key));
    if (after) this.plan(after);
  }

  private nextStep(pod: Pod): Step | undefined {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || this.cluster.silentNodes.has(nodeName)) return undefined;
    if (pod.metadata.deletionTimestamp !== undefined) return deletionStep(this.context, pod);
    if (isTerminal(pod)) return undefined;
    return creationStep(this.context, pod) ?? runningStep(this.context, pod);
  }
}
