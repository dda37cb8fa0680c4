/** The stock client as a witness: of the embedded homelab, and of how we read kubeconfigs. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiException, CoreV1Api, KubeConfig, VersionApi, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubeConfigOf } from '../../src/collectors/kubernetes/clientNode.ts';
import { loadKubeconfig } from '../../src/collectors/kubernetes/kubeconfig.ts';
import { type Demo, startDemo } from '../../src/demo/index.ts';
import { until } from '../support/manualClock.ts';

const folder = mkdtempSync(join(tmpdir(), 'client-node-'));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the stock client on the embedded homelab', () => {
  let demo: Demo;
  let config: KubeConfig;
  let core: CoreV1Api;

  beforeAll(async () => {
    for (;;) {
      const port = 20_000 + Math.floor(Math.random() * 10_000);
      const started = await startDemo({ scenario: 'milestone', port }).catch(() => undefined);
      if (started === undefined) continue;
      demo = started;
      break;
    }
    config = await kubeConfigOf(loadKubeconfig({ path: written('demo', demo.kubeconfig) }));
    core = config.makeApiClient(CoreV1Api);
  });

  afterAll(() => demo.stop());

  async function podNamed(prefix: string): Promise<string> {
    const { items } = await core.listNamespacedPod({ namespace: 'airflow' });
    const name = items.map(({ metadata }) => metadata?.name ?? '').find((each) => each.startsWith(prefix));
    if (name === undefined) throw new Error(`no pod ${prefix}`);
    return name;
  }

  it('asks for the version and reads typed objects', async () => {
    expect((await config.makeApiClient(VersionApi).getCode()).major).toBe('1');
    const { items } = await core.listNode();
    expect(items.map(({ status }) => status?.nodeInfo?.kubeletVersion)).not.toContain(undefined);
    const [node] = items;
    const read = await core.readNode({ name: node?.metadata?.name ?? '' });
    expect(read.metadata?.uid).toBe(node?.metadata?.uid);
    expect(read.metadata?.creationTimestamp).toBeInstanceOf(Date);
  });

  it('pages through a list, to the same pods as at once', async () => {
    const names: (string | undefined)[] = [];
    let next: string | undefined;
    do {
      const page = await core.listPodForAllNamespaces({ limit: 7, ...(next && { _continue: next }) });
      expect(page.items.length).toBeLessThanOrEqual(7);
      names.push(...page.items.map(({ metadata }) => metadata?.uid));
      next = page.metadata?._continue;
    } while (next);
    const whole = await core.listPodForAllNamespaces();
    expect(names.toSorted()).toEqual(whole.items.map(({ metadata }) => metadata?.uid).toSorted());
    expect(names.length).toBeGreaterThan(30);
  });

  it('selects by label and by field', async () => {
    const fieldSelector = 'status.phase!=Running,metadata.namespace=airflow';
    const { items } = await core.listPodForAllNamespaces({ fieldSelector });
    expect(items.map(({ metadata }) => metadata?.namespace).filter((each) => each !== 'airflow')).toEqual([]);
    const labelled = await core.listNode({ labelSelector: 'kubernetes.io/os=linux' });
    expect(labelled.items.length).toBeGreaterThan(0);
    expect((await core.listNode({ labelSelector: 'kubernetes.io/os=plan9' })).items).toEqual([]);
  });

  it('watches a pod being deleted and replaced', async () => {
    const { metadata } = await core.listNamespacedPod({ namespace: 'airflow' });
    const seen: string[] = [];
    const watching = await new Watch(config).watch(
      '/api/v1/namespaces/airflow/pods',
      { resourceVersion: metadata?.resourceVersion },
      (phase, pod) => seen.push(`${phase} ${pod.metadata.name}`),
      () => {},
    );
    try {
      const name = await podNamed('airflow-webserver');
      await core.deleteNamespacedPod({ name, namespace: 'airflow', gracePeriodSeconds: 0 });
      await until(() => seen.includes(`DELETED ${name}`), 'the deletion');
      const replaced = (): boolean =>
        seen.some((each) => each.startsWith('ADDED airflow-webserver') && !each.endsWith(name));
      await until(replaced, 'its replacement');
    } finally {
      watching.abort();
    }
  });

  it('reads logs', async () => {
    const { items } = await core.listNamespacedPod({ namespace: 'monitoring' });
    const running = items.find(({ status }) => status?.phase === 'Running');
    const container = running?.spec?.containers[0]?.name;
    const log = await core.readNamespacedPodLog({
      name: running?.metadata?.name ?? '',
      namespace: 'monitoring',
      tailLines: 3,
      ...(container && { container }),
    });
    expect(log.trim().split('\n')).toHaveLength(3);
  });

  it('gets a Status for what is not there', async () => {
    const error: unknown = await core
      .readNamespacedPod({ name: 'nothing', namespace: 'airflow' })
      .catch((reason: unknown) => reason);
    if (!(error instanceof ApiException)) throw new Error('no ApiException');
    expect(error.code).toBe(404);
    expect(JSON.parse(error.body)).toMatchObject({ kind: 'Status', reason: 'NotFound' });
  });
});

/** What a request would be sent with. */
interface Sent {
  readonly authorization: unknown;
  readonly impersonate: unknown;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly verify: boolean;
  readonly serverName: string | undefined;
}

async function sentBy(config: KubeConfig): Promise<Sent> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Readonly<Record<string, unknown>> = { ...options.headers };
  const basic = options.auth ? `Basic ${Buffer.from(options.auth).toString('base64')}` : undefined;
  const text = (value: unknown): string | undefined => (value ? String(value) : undefined);
  return {
    authorization: headers.Authorization ?? basic,
    impersonate: headers['Impersonate-User'],
    ca: text(options.ca),
    cert: text(options.cert),
    key: text(options.key),
    verify: options.rejectUnauthorized !== false,
    serverName: options.servername,
  };
}

describe('our reading of a kubeconfig agrees with that of the stock client', () => {
  const pem = (what: string): string => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
  const data = (what: string): string => Buffer.from(pem(what)).toString('base64');
  written('ca.crt', pem('FILE CA'));
  written('me.crt', pem('FILE CERT'));
  written('me.key', pem('FILE KEY'));
  const plugin = written(
    'login.sh',
    '#!/bin/sh\necho \'{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"from-plugin"}}\'\n',
  );
  chmodSync(plugin, 0o755);

  it.each([
    ['a token', {}, { token: 'abc' }, {}],
    ['a name and a password', {}, { username: 'me', password: 'p:w' }, {}],
    ['no login', {}, {}, {}],
    [
      'certificates in the file',
      { 'certificate-authority-data': data('CA') },
      { 'client-certificate-data': data('CERT'), 'client-key-data': data('KEY') },
      { namespace: 'media' },
    ],
    [
      'certificates beside the file',
      { 'certificate-authority': 'ca.crt' },
      { 'client-certificate': 'me.crt', 'client-key': './me.key' },
      {},
    ],
    ['certificates elsewhere', { 'certificate-authority': join(folder, 'ca.crt') }, { token: 't' }, {}],
    ['no verification', { 'insecure-skip-tls-verify': true }, { token: 't' }, {}],
    ['another name in the certificate', { 'tls-server-name': 'kube.lan' }, { token: 't' }, {}],
    ['impersonation', {}, { token: 't', as: 'eve' }, {}],
    ['a proxy', { 'proxy-url': 'socks5://127.0.0.1:1080' }, { token: 't' }, {}],
    [
      'a login plugin',
      {},
      { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' } },
      {},
    ],
  ])('%s', async (name, cluster, user, context) => {
    const path = written(
      `config-${name.replaceAll(' ', '-')}`,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'home',
        clusters: [
          { name: 'other', cluster: { server: 'https://192.0.2.9:6443' } },
          { name: 'c', cluster: { server: 'https://192.0.2.1:6443', ...cluster } },
        ],
        users: [
          { name: 'other', user: { token: 'wrong' } },
          { name: 'u', user },
        ],
        contexts: [
          { name: 'away', context: { cluster: 'other', user: 'other', namespace: 'kube-system' } },
          { name: 'home', context: { cluster: 'c', user: 'u', ...context } },
        ],
      }),
    );
    const stock = new KubeConfig();
    stock.loadFromFile(path);
    for (const each of ['home', 'away']) {
      stock.setCurrentContext(each);
      const access = loadKubeconfig({ path, context: each });
      expect(access.target).toMatchObject({
        contexts: stock.getContexts().map((known) => known.name),
        server: stock.getCurrentCluster()?.server,
        user: stock.getCurrentUser()?.name,
        namespace: stock.getContextObject(each)?.namespace ?? 'default',
        insecure: stock.getCurrentCluster()?.skipTLSVerify ?? false,
      });
      expect(access.cluster.proxyUrl).toBe(stock.getCurrentCluster()?.proxyUrl);
      expect(await sentBy(await kubeConfigOf(access))).toEqual(await sentBy(stock));
    }
    expect(loadKubeconfig({ path }).target.context).toBe('home');
  });
});
