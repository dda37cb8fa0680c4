import { veleroUpgradeJob } from '../catalog/storage.ts';
import { podOf, podsOf, remember } from './deeds.ts';
import { DAY, HOUR, MINUTE, type Moment, type Scenario } from './scenario.ts';

/** Restarts of the past that nobody needs to care about: single ones, all older than a day. */
export const OLD_RESTARTS: Moment = {
  ago: 0,
  run: ({ cluster }) => {
    const lostLease = { exitCode: 1, reason: 'Error', message: 'leader election lost', ranFor: 9 * DAY };
    for (const name of ['kube-controller-manager', 'kube-scheduler']) {
      const pod = cluster.pod('kube-system', `${name}-ms-01-c`);
      if (pod) remember(cluster, pod, name, { ...lostLease, restarts: 3, endedAgo: 12 * DAY });
    }
    remember(cluster, podOf(cluster, 'kube-system', 'cilium-operator'), 'cilium-operator', {
      ...lostLease,
      restarts: 3,
      endedAgo: 4 * DAY,
    });
    remember(cluster, podOf(cluster, 'home', 'home-assistant'), 'home-assistant', {
      exitCode: 0,
      reason: 'Completed',
      restarts: 2,
      endedAgo: 6 * DAY,
      ranFor: 8 * DAY,
    });
    for (const pod of podsOf(cluster, 'monitoring', 'alloy').slice(0, 1)) {
      remember(cluster, pod, 'alloy', {
        exitCode: 2,
        reason: 'Error',
        restarts: 1,
        endedAgo: 30 * HOUR,
        ranFor: 11 * DAY,
      });
    }
  },
};

/** Nothing is wrong. */
export const HEALTHY: Scenario = {
  name: 'healthy',
  summary: 'everything runs; the only restarts are days old',
  apps: [veleroUpgradeJob('docker.io/bitnami/kubectl:1.33.1', 2)],
  moments: [OLD_RESTARTS],
  warmup: 10 * MINUTE,
};
