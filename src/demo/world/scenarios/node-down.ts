import { veleroUpgradeJob } from '../catalog/storage.ts';
import { OLD_RESTARTS } from './healthy.ts';
import { MINUTE, type Scenario, SECOND } from './scenario.ts';

/** A node went silent; the rest follows from what the controllers do about it. */
export const NODE_DOWN: Scenario = {
  name: 'node-down',
  summary: 'ms-01-c stopped posting status six minutes ago; its pods are being moved',
  apps: [veleroUpgradeJob('docker.io/bitnami/kubectl:1.33.1', 2)],
  moments: [
    OLD_RESTARTS,
    {
      ago: 6 * MINUTE + 20 * SECOND,
      run: ({ cluster, kubelet }) => {
        cluster.silentNodes.add('ms-01-c');
        kubelet.recheck();
      },
    },
  ],
  warmup: 15 * MINUTE,
};
