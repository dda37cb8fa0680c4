import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../src/demo/clock.ts';
import { type DemoServer, startServer } from '../../../src/demo/server/index.ts';
import type { ObjectStore } from '../../../src/demo/store.ts';
import { at, smallStore } from '../../demo/small-cluster.ts';
import { binary, type Client, minorVersion, startClient } from './client.ts';

const TIMEOUT_MS = 30_000;

const minor = minorVersion();

const MANIFEST = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'applied', namespace: 'media' },
  data: { a: '1', b: '2' },
};

describe.skipIf(minor === undefined)(`kubectl 1.${minor ?? ' (not installed)'}`, () => {
  let store: ObjectStore;
  let server: DemoServer;
  let client: Client;

  beforeAll(async () => {
    store = smallStore(realClock);
    // Stands in for the kubelet: a pod that shall go is gone a little later.
    store.onChange((resource, type, { metadata }) => {
      if (resource !== 'pods' || type !== 'MODIFIED' || metadata.deletionTimestamp === undefined) return;
      realClock.setTimeout(() => store.remove('pods', metadata.namespace ?? '', metadata.name), 100);
    });
    server = await startServer(store, {
      clock: realClock,
      version: 'v1.34.1',
      hooks: {
        podLogs: () => ({
          lines: ['one', 'two'],
          follow(push) {
            const timer = setInterval(() => push('more'), 50);
            return () => clearInterval(timer);
          },
        }),
      },
    });
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'lab', cluster: { server: server.url } }],
      users: [{ name: 'lab', user: { token: 'any' } }],
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', namespace: 'media' } }],
      'current-context': 'lab',
    };
    client = await startClient(JSON.stringify(config));
    await writeFile(join(client.folder, 'manifest.json'), JSON.stringify(MANIFEST));
  });

  afterAll(async () => {
    await server.close();
    await client.close();
  });

  const run = (...args: string[]) => client.run(...args);
  const ok = (command: string) => client.ok(command);
  const web = () => store.get('deployments', 'media', 'web');

  test('reads', async () => {
    expect(await ok('get pods')).toMatch(/NAME +READY +STATUS +RESTARTS +AGE\nweb-1-a +1\/1 +Running +0 /);
    expect(await ok('get pods -A -o wide')).toMatch(/NAMESPACE .*NOMINATED NODE +READINESS GATES\nmedia /);
    expect(await ok('get node ms01-1 -o yaml')).toContain('kubeletVersion: v1.34.1');
    expect(await ok('get all')).toContain('deployment.apps/web');
    expect(await ok('api-resources')).toMatch(/deployments +deploy +apps\/v1 +true +Deployment/);
    expect(await ok('version')).toMatch(/Server Version: .*v1\.34\.1/);
    expect(await ok('get pods -l app=web --chunk-size=1 -o name')).toBe('pod/web-1-a\npod/web-1-b\n');
  });

  test('describes', async () => {
    expect(await ok('describe pod web-1-a')).toMatch(/Status: +Running/);
    expect(await ok('describe node ms01-1')).toContain('Non-terminated Pods:          (2 in total)');
    expect(await ok('describe deployment web')).toContain('NewReplicaSet:   web-1 (2/2 replicas created)');
  });

  test('reads and follows logs', async () => {
    expect(await ok('logs web-1-a')).toBe('one\ntwo\n');
    const following = spawn(binary, ['logs', '-f', 'web-1-a'], client.environment());
    const seen: string[] = [];
    following.stdout.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
    await expect.poll(() => seen.join(''), { timeout: TIMEOUT_MS }).toContain('one\ntwo\nmore\nmore\n');
    following.kill();
    expect((await run('logs', '-p', 'web-1-a')).error).toContain('previous terminated container "app"');
  });

  test('watches', async () => {
    const watching = spawn(binary, ['get', 'pods', '-w', '--output-watch-events'], client.environment());
    const seen: string[] = [];
    watching.stdout.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
    await expect.poll(() => seen.join(''), { timeout: TIMEOUT_MS }).toContain('web-1-b');
    await ok('label pod web-1-a watched=yes');
    await expect.poll(() => seen.join(''), { timeout: TIMEOUT_MS }).toMatch(/MODIFIED +web-1-a/);
    watching.kill();
  });

  test('patches in every way', async () => {
    const container = '{"name":"app","image":"nginx:2"}';
    await ok(`patch deploy web -p {"spec":{"template":{"spec":{"containers":[${container}]}}}}`);
    expect(at(web(), 'spec', 'template', 'spec', 'containers', 0)).toMatchObject({
      image: 'nginx:2',
      env: [{ name: 'A' }],
    });
    await ok('patch deploy web --type merge -p {"metadata":{"labels":{"a":"b"}}}');
    await ok('patch deploy web --type json -p [{"op":"add","path":"/metadata/labels/c","value":"d"}]');
    expect(web()?.metadata.labels).toEqual({ a: 'b', c: 'd' });
    await ok('annotate deploy web note=yes');
    await ok('label deploy web a-');
    expect([web()?.metadata.labels, web()?.metadata.annotations?.note]).toEqual([{ c: 'd' }, 'yes']);
  });

  test('scales and restarts', async () => {
    await ok('scale deploy web --replicas=4');
    expect(at(web(), 'spec', 'replicas')).toBe(4);
    await ok('rollout restart deploy web');
    expect(JSON.stringify(web())).toContain('kubectl.kubernetes.io/restartedAt');
    expect(await ok('rollout history deploy web')).toContain('REVISION');
  });

  test('applies on the client and on the server, and creates', async () => {
    expect(await ok('apply -f manifest.json')).toContain('created');
    expect(await ok('apply -f manifest.json')).toContain('unchanged');
    // Older ones look for dryRun in the OpenAPI v2 document, which is empty here.
    if (Number(minor) >= 27) {
      expect(await ok('apply -f manifest.json --dry-run=server')).toContain('(server dry run)');
    }
    expect(await ok('apply --server-side -f manifest.json')).toContain('serverside-applied');
    expect(await ok('create namespace made')).toContain('namespace/made created');
    expect(await ok('create configmap c -n made --from-literal=a=b')).toContain('created');
    expect(await ok('create deployment d -n made --image=nginx --replicas=2 --port=80')).toContain('created');
    expect(at(store.get('deployments', 'made', 'd'), 'spec')).toMatchObject({
      replicas: 2,
      template: { spec: { containers: [{ image: 'nginx', ports: [{ containerPort: 80 }] }] } },
    });
    // policy/v1 came with 1.21.
    if (Number(minor) >= 21) {
      await ok('create pdb p -n made --selector=app=d --max-unavailable=50%');
      expect(at(store.get('poddisruptionbudgets', 'made', 'p'), 'spec', 'maxUnavailable')).toBe('50%');
    }
    await ok('delete namespace made');
    expect(store.get('namespaces', '', 'made')).toBeUndefined();
  });

  test('creates every kind it has a command for', async () => {
    await ok('create namespace kinds');
    const create = (command: string) => ok(`create -n kinds ${command}`);
    const stored = (resource: string, name: string) => store.get(resource, 'kinds', name);
    await create('job once --image=busybox -- echo hi');
    expect(at(stored('jobs', 'once'), 'spec', 'template', 'spec')).toMatchObject({
      restartPolicy: 'Never',
      containers: [{ image: 'busybox', command: ['echo', 'hi'] }],
    });
    await create('cronjob daily --image=busybox --schedule=@daily -- date');
    await create('job by-hand --from=cronjob/daily');
    expect(stored('jobs', 'by-hand')?.metadata.ownerReferences).toMatchObject([
      { kind: 'CronJob', name: 'daily', controller: true },
    ]);
    await create('service clusterip inner --tcp=80:8080');
    await create('service nodeport outer --tcp=80');
    expect(at(stored('services', 'inner'), 'spec', 'ports', 0, 'targetPort')).toBe(8080);
    expect(await ok('get service -n kinds outer')).toMatch(
      /NodePort +10\.43\.\d+\.\d+ +<none> +80:3\d{4}\/TCP/,
    );
    await create('role reader --verb=get --resource=pods');
    await create('rolebinding readers --role=reader --serviceaccount=kinds:default');
    expect(stored('rolebindings', 'readers')).toMatchObject({
      roleRef: { kind: 'Role', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'kinds' }],
    });
    await create('quota small --hard=pods=2,cpu=1');
    expect(at(stored('resourcequotas', 'small'), 'spec', 'hard')).toEqual({ pods: '2', cpu: '1' });
    await create('ingress site --rule=site.example/=inner:80');
    expect(await ok('get ingress -n kinds')).toContain('site.example');
    await create('secret generic token --from-literal=a=b');
    await create('serviceaccount robot');
    await ok('create clusterrole watcher --verb=watch --resource=nodes');
    await ok('create priorityclass least --value=-10');
    expect(store.get('priorityclasses', '', 'least')?.value).toBe(-10);
    await ok('delete namespace kinds');
  });

  test('asks what it may do', async () => {
    expect(await ok('auth can-i delete pods')).toBe('yes\n');
    expect(await ok('auth can-i --list')).toContain('*.*');
    if (Number(minor) >= 28) expect(await ok('auth whoami')).toContain('homelab-admin');
  });

  test('explains failures like a real server', async () => {
    expect((await run('get', 'pod', 'nope')).error).toBe(
      'Error from server (NotFound): pods "nope" not found\n',
    );
    expect((await run('create', 'namespace', 'media')).error).toContain('namespaces "media" already exists');
  });

  test('cordons, drains and uncordons', async () => {
    await ok('cordon ms01-1');
    expect(await ok('get nodes')).toContain('Ready,SchedulingDisabled');
    await ok('drain ms01-1 --ignore-daemonsets --delete-emptydir-data --force --timeout=20s');
    expect(store.list('pods')).toEqual([]);
    await ok('uncordon ms01-1');
    expect(at(store.get('nodes', '', 'ms01-1'), 'spec', 'unschedulable')).toBeFalsy();
  });

  test('deletes', async () => {
    await ok('delete deploy web');
    expect(store.list('replicasets')).toEqual([]);
  });
});
