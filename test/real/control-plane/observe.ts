import {
  type KubernetesSource,
  loadKubeconfig,
  startKubernetes,
} from '../../../src/collectors/kubernetes/index.ts';
import {
  type ClusterState,
  type Connection,
  pendingState,
  type SourceName,
} from '../../../src/domain/state.ts';

/** The collector at work, with what it last published. */
export interface Observed {
  readonly source: KubernetesSource;
  state(): ClusterState;
  readonly connections: readonly Connection[];
}

/** Starts the collector as the user of a kubeconfig. The caller stops it. */
export function observe(kubeconfig: string): Observed {
  let state = pendingState();
  const connections: Connection[] = [];
  const publish = <K extends SourceName>(name: K, snapshot: ClusterState[K]): void => {
    state = { ...state, [name]: snapshot };
  };
  const access = loadKubeconfig({ path: kubeconfig });
  const source = startKubernetes(access, publish, (connection) => connections.push(connection));
  return { source, state: () => state, connections };
}
