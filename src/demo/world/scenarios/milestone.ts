import { installApp } from '../build-app.ts';
import { MISSING_KUBECTL_IMAGE, veleroUpgradeJob } from '../catalog/storage.ts';
import { oomKill, podOf, podsOf, remember } from './deeds.ts';
import { OLD_RESTARTS } from './healthy.ts';
import { DAY, HOUR, MINUTE, type Moment, type Scenario, SECOND } from './scenario.ts';

const GIB = 2 ** 30;

/** Last words of a CSI sidecar that could not reach the API server, at a time in epoch ms. */
function apiTimeout(at: number): string {
  const time = new Date(at).toISOString();
  const stamp = `E${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}240`;
  return (
    `${stamp}       1 main.go:124] "Failed to establish connection to API server" ` +
    'err="Get \\"https://10.43.0.1:443/version\\": context deadline exceeded"'
  );
}

/** Four of the webserver's 98 restarts fall into the last six hours, the last about two hours ago. */
const WEBSERVER_KILLS: readonly number[] = [5.6 * HOUR, 4.4 * HOUR, 3.3 * HOUR, 2 * HOUR + 3 * MINUTE];

const WEBSERVER_HISTORY: Moment = {
  ago: 6 * HOUR,
  run: ({ cluster }) =>
    remember(cluster, podOf(cluster, 'airflow', 'airflow-webserver'), 'webserver', {
      exitCode: 137,
      reason: 'OOMKilled',
      restarts: 94,
      endedAgo: 90 * MINUTE,
      ranFor: 70 * MINUTE,
    }),
};

/** From the beginning on the webserver is killed now and then, until its memory limit is raised. */
const WEBSERVER_FAULT: Moment = {
  ago: 0,
  run: ({ cluster, kubelet }) => {
    cluster.faults.add({
      kind: 'oom',
      namespace: 'airflow',
      app: 'airflow-webserver',
      container: 'webserver',
      needsBytes: 3 * GIB,
      firstAfterMs: 90 * SECOND,
      everyMs: [30 * SECOND, 20 * MINUTE],
    });
    kubelet.recheck();
  },
};

const CSI_RESTARTS: Moment = {
  ago: 0,
  run: ({ cluster, clock }) => {
    const pasts = [
      { restarts: 12, exitCode: 255, endedAgo: 3.2 * HOUR },
      { restarts: 9, exitCode: 2, endedAgo: 5.5 * HOUR },
      { restarts: 7, exitCode: 255, endedAgo: 7.8 * HOUR },
    ];
    podsOf(cluster, 'rook-ceph', 'csi-rbdplugin').forEach((pod, i) => {
      const past = pasts[i];
      if (past)
        remember(cluster, pod, 'driver-registrar', {
          ...past,
          reason: 'Error',
          message: apiTimeout(clock.now() - past.endedAgo),
          ranFor: DAY / 2,
        });
    });
  },
};

const VELERO_UPGRADE: Moment = {
  ago: 3 * HOUR,
  run: ({ cluster }) => {
    cluster.faults.add({ kind: 'image-missing', image: MISSING_KUBECTL_IMAGE });
    installApp(cluster, veleroUpgradeJob(MISSING_KUBECTL_IMAGE, 0));
  },
};

/** The troubles that the milestone document starts from. */
export const MILESTONE_MOMENTS: readonly Moment[] = [
  WEBSERVER_HISTORY,
  ...WEBSERVER_KILLS.map(
    (ago): Moment => ({
      ago,
      run: (simulation) => oomKill(simulation, 'airflow', 'airflow-webserver', 'webserver'),
    }),
  ),
  VELERO_UPGRADE,
  CSI_RESTARTS,
  OLD_RESTARTS,
  WEBSERVER_FAULT,
];

/** The state that the operational excellence milestone of June 2025 starts from. */
export const MILESTONE: Scenario = {
  name: 'milestone',
  summary:
    'Airflow webserver OOM-killed (98 restarts), Velero job cannot pull its image, CSI plugins restarted',
  moments: MILESTONE_MOMENTS,
  warmup: 6 * HOUR,
};
