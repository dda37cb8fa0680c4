import type { Clock } from '../clock.ts';
import { startGarbageCollector } from '../gc.ts';
import { ObjectStore } from '../store.ts';
import { Cluster, R } from './cluster.ts';
import { BudgetController } from './controllers/budget.ts';
import type { Controller } from './controllers/controller.ts';
import { CronJobController } from './controllers/cronjob.ts';
import { DaemonSetController } from './controllers/daemonset.ts';
import { DeploymentController } from './controllers/deployment.ts';
import { EndpointsController } from './controllers/endpoints.ts';
import { JobController } from './controllers/job.ts';
import { NamespaceController } from './controllers/namespace.ts';
import { NodeController } from './controllers/nodes.ts';
import { ReplicaSetController } from './controllers/replicaset.ts';
import { RookBudgetController } from './controllers/rook.ts';
import { Scheduler } from './controllers/scheduler.ts';
import { StatefulSetController } from './controllers/statefulset.ts';
import { VolumeController } from './controllers/volumes.ts';
import { Heartbeats } from './kubelet/heartbeats.ts';
import { Kubelet } from './kubelet/kubelet.ts';
import { WarpClock } from './warp-clock.ts';

/** Reason of the events that tell of a controller's failure. */
export const CONTROLLER_FAILURE = 'ControllerFailure';

/** The store with everything that acts on it, and the clock that all of it follows. */
export class Simulation {
  readonly clock: WarpClock;
  readonly store: ObjectStore;
  readonly cluster: Cluster;
  readonly kubelet: Kubelet;
  private readonly nodes: NodeController;
  private readonly stopListening: () => void;
  /** Ends this simulation's own garbage collector, because an API server brings one along. */
  readonly stopCollecting: () => void;
  private beating = false;

  constructor(start: number, seed: number) {
    this.clock = new WarpClock(start, (error) => this.recordFailure(error));
    this.store = new ObjectStore(this.clock, { seed: `homelab-${seed}` });
    this.cluster = new Cluster(this.store, this.clock, seed);
    this.kubelet = new Kubelet(this.cluster);
    this.nodes = new NodeController(this.cluster);
    const controllers: readonly Controller[] = [
      this.kubelet,
      this.nodes,
      new NamespaceController(this.cluster),
      new Scheduler(this.cluster),
      new DeploymentController(this.cluster),
      new ReplicaSetController(this.cluster),
      new StatefulSetController(this.cluster),
      new DaemonSetController(this.cluster),
      new JobController(this.cluster),
      new CronJobController(this.cluster),
      new EndpointsController(this.cluster),
      new BudgetController(this.cluster),
      new VolumeController(this.cluster),
      new RookBudgetController(this.cluster),
    ];
    this.stopCollecting = startGarbageCollector(this.store);
    this.stopListening = this.store.onChange((resource, type, object, previous) => {
      for (const controller of controllers) {
        try {
          controller.observe({ resource, type, object, previous });
        } catch (error) {
          this.recordFailure(error);
        }
      }
    });
  }

  /** Starts what happens all the time: heartbeats, looking at them, and forgetting old events. */
  startBeating(): void {
    if (this.beating) return;
    this.beating = true;
    new Heartbeats(this.cluster).start();
    this.nodes.start();
    this.cluster.events.startExpiry();
  }

  /** Lets it run with a clock from now on. */
  attach(clock: Clock): void {
    this.startBeating();
    this.clock.attach(clock);
  }

  /** A controller that stumbles over an object which no real API server lets in says so and goes on. */
  private recordFailure(error: unknown): void {
    const about = this.store.get(R.namespaces, '', 'kube-system');
    const message = error instanceof Error ? error.message : String(error);
    if (about) {
      this.cluster.events.record(about, {
        type: 'Warning',
        reason: CONTROLLER_FAILURE,
        message,
        component: 'kube-controller-manager',
      });
    }
  }

  stop(): void {
    this.clock.stop();
    this.stopCollecting();
    this.stopListening();
  }
}
