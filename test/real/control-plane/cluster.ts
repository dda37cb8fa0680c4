import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../support/run.ts';
import { sleep } from '../../support/terminal.ts';
import { type Api, type ApiObject, connect } from './api.ts';
import {
  build,
  failedPart,
  kubernetesVersion,
  logOf,
  PARTS,
  type Part,
  pidOf,
  runOnce,
  STATE,
  startPart,
  stopPart,
} from './parts.ts';
import { createUsers } from './users.ts';

const PKI = join(STATE, 'pki');
const PORTS = join(STATE, 'ports.json');
/** Kubeconfig of the administrator of our control plane. */
export const ADMIN = join(STATE, 'admin.kubeconfig');
const NODES = 3;

interface Ports {
  readonly etcd: number;
  readonly peer: number;
  readonly api: number;
  readonly kubelet: number;
}

/** Whether every part of our control plane runs. */
export const running = (): boolean => PARTS.every((part) => pidOf(part) !== undefined);

/** Builds and starts a control plane with three fake nodes and all users, unless it runs. */
export async function up(): Promise<void> {
  if (running()) return;
  await down();
  build();
  mkdirSync(PKI, { recursive: true, mode: 0o700 });
  runOnce('pki', '--dir', PKI);
  const ports = {
    etcd: await freePort(),
    peer: await freePort(),
    api: await freePort(),
    kubelet: await freePort(),
  };
  writeFileSync(PORTS, JSON.stringify(ports));
  writeFileSync(ADMIN, adminKubeconfig(ports.api), { mode: 0o600 });
  const admin = connect(ADMIN);
  start('etcd');
  await startApiServer();
  start('kube-controller-manager');
  start('kube-scheduler');
  start('fake-kubelet');
  await createUsers(admin, ADMIN, STATE);
  await until('three nodes are ready', async () => (await readyNodes(admin)) === NODES);
}

/** Ends every part and forgets the data. The program that was built stays. */
export async function down(): Promise<void> {
  for (const part of [...PARTS].reverse()) await stopPart(part);
  for (const name of ['etcd', 'pki', 'pids', 'ports.json']) {
    rmSync(join(STATE, name), { recursive: true, force: true });
  }
}

/** Starts the API server, with flags added, and waits until it is ready. */
export async function startApiServer(...flags: readonly string[]): Promise<void> {
  start('kube-apiserver', ...flags);
  const admin = connect(ADMIN);
  await until('the API server is ready', async () => (await admin.send('GET', '/readyz')).status === 200);
}

/** Ends the API server at once, as a power cut does. */
export const killApiServer = (): Promise<void> => stopPart('kube-apiserver', 'SIGKILL');

function start(part: Part, ...flags: readonly string[]): void {
  startPart(part, [...argumentsOf(part), ...flags]);
}

function argumentsOf(part: Part): readonly string[] {
  const ports = JSON.parse(readFileSync(PORTS, 'utf8')) as Ports;
  const file = (name: string): string => join(PKI, name);
  switch (part) {
    case 'etcd':
      return [
        `--data-dir=${join(STATE, 'etcd')}`,
        `--client=127.0.0.1:${ports.etcd}`,
        `--peer=127.0.0.1:${ports.peer}`,
        '--unsafe-no-fsync',
      ];
    case 'kube-apiserver':
      return [
        `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
        '--bind-address=127.0.0.1',
        '--advertise-address=127.0.0.1',
        `--secure-port=${ports.api}`,
        `--tls-cert-file=${file('server.crt')}`,
        `--tls-private-key-file=${file('server.key')}`,
        `--client-ca-file=${file('ca.crt')}`,
        '--authorization-mode=Node,RBAC',
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${file('service-accounts.key')}`,
        `--service-account-signing-key-file=${file('service-accounts.key')}`,
        '--service-cluster-ip-range=10.96.0.0/16',
        // Loopback addresses are no valid endpoints.
        '--endpoint-reconciler-type=none',
        '--kubelet-preferred-address-types=InternalIP',
      ];
    case 'kube-controller-manager':
      return [
        `--kubeconfig=${ADMIN}`,
        '--bind-address=127.0.0.1',
        '--secure-port=0',
        '--leader-elect=false',
        '--use-service-account-credentials',
        `--service-account-private-key-file=${file('service-accounts.key')}`,
        `--root-ca-file=${file('ca.crt')}`,
      ];
    case 'kube-scheduler':
      return [`--kubeconfig=${ADMIN}`, '--bind-address=127.0.0.1', '--secure-port=0', '--leader-elect=false'];
    case 'fake-kubelet':
      return [
        `--kubeconfig=${ADMIN}`,
        `--nodes=${NODES}`,
        `--version=${kubernetesVersion()}`,
        `--port=${ports.kubelet}`,
      ];
  }
}

function adminKubeconfig(port: number): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'admin',
    clusters: [
      {
        name: 'control-plane',
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': join(PKI, 'ca.crt') },
      },
    ],
    users: [
      {
        name: 'admin',
        user: { 'client-certificate': join(PKI, 'admin.crt'), 'client-key': join(PKI, 'admin.key') },
      },
    ],
    contexts: [{ name: 'admin', context: { cluster: 'control-plane', user: 'admin' } }],
  });
}

async function readyNodes(api: Api): Promise<number> {
  const { items } = await api.get<{ items: readonly ApiObject[] }>('/api/v1/nodes');
  return items.filter(({ status }) => {
    const { conditions = [] } = status as { conditions?: readonly { type: string; status: string }[] };
    return conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
  }).length;
}

/** Waits until the control plane reaches a state; a failed question counts as not yet. */
export async function until(what: string, holds: () => Promise<boolean>, timeoutMs = 120_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let last = '';
  while (Date.now() < deadline) {
    try {
      if (await holds()) return;
    } catch (error) {
      last = String(error);
    }
    const failed = failedPart();
    if (failed !== undefined) throw new Error(`${failed} ended; see ${logOf(failed)}`);
    await sleep(200);
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}. ${last}`);
}
