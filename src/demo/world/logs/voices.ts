/** How the programs of the homelab talk in their logs. */

/** What a line may mention. */
export interface Scene {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
  /** Time of the line, epoch ms. */
  readonly at: number;
  /** A number that differs from line to line. */
  readonly n: number;
}

/** The log style of one program. */
export interface Voice {
  readonly container: RegExp;
  readonly lines: readonly ((scene: Scene) => string)[];
  /** Typical time between two lines in milliseconds. */
  readonly every: number;
  /** What it says before it dies of want of memory, or of another error. */
  readonly lastWords?: (scene: Scene) => readonly string[];
}

const iso = ({ at }: Scene) => new Date(at).toISOString();
const goTime = (scene: Scene) => `time="${iso(scene).slice(0, 19)}Z"`;
const klog = ({ at }: Scene) => {
  const date = new Date(at).toISOString();
  return `${date.slice(5, 7)}${date.slice(8, 10)} ${date.slice(11, 23)}000       1`;
};
const gunicornTime = (scene: Scene) => `[${iso(scene).slice(0, 19).replace('T', ' ')} +0000]`;

const AIRFLOW_WEB: Voice = {
  container: /^webserver$/,
  every: 4_000,
  lines: [
    (s) => `10.42.0.1 - - ${gunicornTime(s)} "GET /health HTTP/1.1" 200 318 "-" "kube-probe/1.33"`,
    (s) => `10.42.0.1 - - ${gunicornTime(s)} "GET /health HTTP/1.1" 200 318 "-" "kube-probe/1.33"`,
    (s) =>
      `192.168.10.50 - - ${gunicornTime(s)} "GET /home HTTP/1.1" 200 ${40_000 + (s.n % 9_000)} "-" "Mozilla/5.0"`,
    (s) => `${gunicornTime(s)} [${30 + (s.n % 60)}] [INFO] Handling signal: ttou`,
    (s) => `${gunicornTime(s)} [${200 + (s.n % 700)}] [INFO] Booting worker with pid: ${200 + (s.n % 700)}`,
  ],
  lastWords: (s) => [
    `${gunicornTime(s)} [17] [ERROR] Worker (pid:${300 + (s.n % 90)}) was sent SIGKILL! Perhaps out of memory?`,
    `${gunicornTime(s)} [${400 + (s.n % 90)}] [INFO] Booting worker with pid: ${400 + (s.n % 90)}`,
    `${gunicornTime(s)} [17] [ERROR] Worker (pid:${400 + (s.n % 90)}) was sent SIGKILL! Perhaps out of memory?`,
    `${gunicornTime(s)} [17] [CRITICAL] WORKER TIMEOUT (pid:${200 + (s.n % 90)})`,
  ],
};

const VOICES: readonly Voice[] = [
  AIRFLOW_WEB,
  {
    container: /^(scheduler|triggerer|worker)$/,
    every: 5_000,
    lines: [
      (s) =>
        `[${iso(s)}] {scheduler_job_runner.py:${800 + (s.n % 90)}} INFO - Adopting or resetting orphaned tasks for active dag runs`,
      (s) =>
        `[${iso(s)}] {manager.py:${170 + (s.n % 20)}} INFO - Launched DagFileProcessorManager with pid: ${s.n % 900}`,
      (s) =>
        `[${iso(s)}] {dag.py:4180} INFO - Setting next_dagrun for cluster_health_monitor to ${iso(s).slice(0, 10)}T06:00:00+00:00`,
    ],
  },
  {
    container: /^(velero|node-agent)$/,
    every: 9_000,
    lines: [
      (s) =>
        `${goTime(s)} level=info msg="BackupStorageLocations is valid, marking as available" backup-storage-location=velero/default controller=backup-storage-location logSource="pkg/controller/backup_storage_location_controller.go:128"`,
      (s) =>
        `${goTime(s)} level=info msg="Validating BackupStorageLocation" backup-storage-location=velero/default controller=backup-storage-location`,
      (s) => `${goTime(s)} level=info msg="No backup is due" controller=schedule schedule=velero/daily`,
    ],
  },
  {
    container: /^(driver-registrar|liveness-prometheus|csi-(rbd|cephfs)plugin)$/,
    every: 12_000,
    lines: [
      (s) =>
        `I${klog(s)} main.go:151] "Received NotifyRegistrationStatus call" status="plugin_registered:true"`,
      (s) => `I${klog(s)} utils.go:240] ID: ${s.n} GRPC call: /csi.v1.Identity/Probe`,
      (s) => `I${klog(s)} utils.go:266] ID: ${s.n} Req-ID: 0001-0009-rook-ceph GRPC response: {}`,
    ],
    lastWords: (s) => [
      `W${klog(s)} connection.go:234] Still connecting to unix:///csi/csi.sock`,
      `E${klog(s)} main.go:124] "Failed to establish connection to API server" err="Get \\"https://10.43.0.1:443/version\\": context deadline exceeded"`,
      `E${klog(s)} leaderelection.go:436] error retrieving resource lock: Get "https://10.43.0.1:443/apis/coordination.k8s.io/v1/leases": context deadline exceeded`,
    ],
  },
  {
    container: /^registry$/,
    every: 6_000,
    lines: [
      (s) =>
        `{"time":"${iso(s)}","level":"INFO","source":{"function":"registry.(*Registry).handle"},"msg":"","path":"/v2/grafana/loki/manifests/3.5.0","status":200,"method":"GET","latency":"${1 + (s.n % 40)}ms","handler":"mirror"}`,
      (s) =>
        `{"time":"${iso(s)}","level":"ERROR","msg":"mirror failed attempting next","err":"could not resolve mirror for key docker.io/library/alpine@sha256:${s.n.toString(16).padStart(8, '0')}: context deadline exceeded"}`,
      (s) => `{"time":"${iso(s)}","level":"INFO","msg":"running scheduled image state update"}`,
    ],
  },
  {
    container: /^(prometheus|alertmanager|loki|alloy)$/,
    every: 7_000,
    lines: [
      (s) =>
        `time=${iso(s)} level=INFO source=head.go:${1200 + (s.n % 90)} msg="Head GC completed" caller=truncateMemory duration=${s.n % 900}ms`,
      (s) => `ts=${iso(s)} level=info msg="uploading tables" index-store=tsdb-2024-04-01 count=${s.n % 9}`,
      (s) =>
        `ts=${iso(s)} level=info component_path=/ component_id=loki.source.kubernetes.pods msg="tailer running" target=${s.namespace}/${s.pod}`,
    ],
  },
  {
    container: /^(mon|mgr|osd|mds|rgw|ceph-crash|ceph-exporter|watch-active)$/,
    every: 5_000,
    lines: [
      (s) =>
        `debug ${iso(s)} 7f${s.n.toString(16).padStart(10, '0')} 1 mon.a@0(leader).osd e${4000 + (s.n % 900)} _set_new_cache_sizes cache_size:1020054731`,
      (s) =>
        `debug ${iso(s)} 7f${s.n.toString(16).padStart(10, '0')} 0 log_channel(cluster) log [DBG] : pgmap v${s.n}: 569 pgs: 569 active+clean; 7.1 GiB data, 10 GiB used, 5.5 TiB / 5.5 TiB avail`,
    ],
  },
  {
    container: /^(manager|controller|operator|cilium-agent|cilium-operator|rook-ceph-operator)$/,
    every: 6_000,
    lines: [
      (s) =>
        `{"level":"info","ts":"${iso(s)}","msg":"Reconciliation finished in ${s.n % 900}ms, next run in 10m0s","controller":"${s.container}","reconcileID":"${s.n.toString(16)}"}`,
      (s) =>
        `{"level":"info","ts":"${iso(s)}","msg":"no changes since last reconciliation: observed revision 'main@sha1:3f9c1e2'"}`,
    ],
  },
];

const ANY: Voice = {
  container: /./,
  every: 8_000,
  lines: [
    (s) =>
      `${iso(s)} INFO [${s.container}] request served method=GET path=/ status=200 duration=${1 + (s.n % 200)}ms`,
    (s) => `${iso(s)} INFO [${s.container}] health check ok`,
    (s) => `${iso(s)} DEBUG [${s.container}] cache entries=${s.n % 5000} hits=${s.n % 4000}`,
  ],
};

const ERROR_WORDS = (s: Scene): readonly string[] => [
  `${iso(s)} ERROR [${s.container}] unhandled error, shutting down`,
  `${iso(s)} FATAL [${s.container}] exit`,
];

/** The style of a container's program. */
export function voiceOf(container: string): Required<Voice> {
  const voice = VOICES.find((each) => each.container.test(container)) ?? ANY;
  return { lastWords: ERROR_WORDS, ...voice };
}
