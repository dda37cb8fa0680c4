import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PodLogOptions } from '../../../src/demo/server/index.ts';
import { at, pod, startCluster, type TestCluster } from '../small-cluster.ts';

const MEDIA = '/api/v1/namespaces/media';
const DISRUPTION = 'The disruption budget web needs 2 healthy pods and has 2 currently';

describe('eviction', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });
  afterEach(() => cluster.close());

  function budget(name: string, allowed: number, spec: object = {}, status: object = {}): void {
    cluster.store.create('poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, namespace: 'media' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } }, ...spec },
      status: {
        observedGeneration: 1,
        disruptionsAllowed: allowed,
        currentHealthy: 2,
        desiredHealthy: 2,
        expectedPods: 2,
        ...status,
      },
    });
  }

  const evict = (name: string, deleteOptions: object = {}) =>
    cluster.call('POST', `${MEDIA}/pods/${name}/eviction`, {
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: 'media' },
        deleteOptions,
      },
    });
  const isGoing = (name: string) =>
    cluster.store.get('pods', 'media', name)?.metadata.deletionTimestamp !== undefined;

  test('deletes the pod and says why', async () => {
    expect((await evict('web-1-a')).status).toBe(201);
    expect(isGoing('web-1-a')).toBe(true);
    expect(at(cluster.store.get('pods', 'media', 'web-1-a'), 'status', 'conditions', 2, 'reason')).toBe(
      'EvictionByEvictionAPI',
    );
  });

  test('a spent budget is a 429 that names it', async () => {
    budget('web', 0);
    const answer = await evict('web-1-a');
    expect([answer.status, answer.at('message'), answer.at('details', 'causes', 0)]).toEqual([
      429,
      "Cannot evict pod as it would violate the pod's disruption budget.",
      { reason: 'DisruptionBudget', message: DISRUPTION },
    ]);
    expect(isGoing('web-1-a')).toBe(false);
  });

  test('an eviction spends the budget at once', async () => {
    budget('web', 1);
    expect((await evict('web-1-a')).status).toBe(201);
    expect((await evict('web-1-b')).status).toBe(429);
  });

  test('a budget not yet counted says when to come back', async () => {
    budget('web', 1, {}, { observedGeneration: 0 });
    const answer = await evict('web-1-a');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '10']);
  });

  test('two budgets for one pod are an error', async () => {
    budget('web', 1);
    budget('web2', 1);
    expect((await evict('web-1-a')).status).toBe(500);
  });

  test.each([
    ['a finished pod', { phase: 'Succeeded' }, {}],
    ['an unhealthy pod while enough are healthy', { conditions: [] }, {}],
    ['an unhealthy pod under AlwaysAllow', { conditions: [] }, { unhealthyPodEvictionPolicy: 'AlwaysAllow' }],
  ])('%s does not count', async (_what, status, spec) => {
    budget('web', 0, spec);
    cluster.store.create('pods', pod('sick', { status }));
    expect((await evict('sick')).status).toBe(201);
  });

  test('a precondition on another uid is a 409', async () => {
    expect((await evict('web-1-a', { preconditions: { uid: 'other' } })).status).toBe(409);
  });

  test('a dry run evicts nothing and spends nothing', async () => {
    budget('web', 1);
    expect((await evict('web-1-a', { dryRun: ['All'] })).status).toBe(201);
    expect(isGoing('web-1-a')).toBe(false);
    expect((await evict('web-1-b')).status).toBe(201);
  });
});

describe('logs', () => {
  let cluster: TestCluster;
  const asked: { container: string; options: PodLogOptions }[] = [];
  let push = (_line: string) => {};
  let stopped = false;
  beforeEach(async () => {
    asked.length = 0;
    stopped = false;
    cluster = await startCluster({
      hooks: {
        podLogs: (_pod, container, options) => {
          asked.push({ container, options });
          return {
            lines: ['one', 'two'],
            follow(listener) {
              push = listener;
              return () => {
                stopped = true;
              };
            },
          };
        },
      },
    });
  });
  afterEach(() => cluster.close());

  const log = (name: string, query = '') => cluster.call('GET', `${MEDIA}/pods/${name}/log?${query}`);

  test('are text, and pass on what was asked', async () => {
    const answer = await log('web-1-a', 'tailLines=2&sinceSeconds=60&timestamps=true');
    expect([answer.text, answer.headers.get('content-type')]).toEqual(['one\ntwo\n', 'text/plain']);
    expect(asked).toEqual([
      { container: 'app', options: { previous: false, timestamps: true, tailLines: 2, sinceSeconds: 60 } },
    ]);
  });

  test('follow until the client leaves', async () => {
    const leave = new AbortController();
    const url = `${cluster.server.url}${MEDIA}/pods/web-1-a/log?follow=true`;
    const response = await fetch(url, { signal: leave.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('one\ntwo\n');
    push('three');
    expect((await reader?.read())?.value).toBe('three\n');
    leave.abort();
    await expect.poll(() => stopped).toBe(true);
  });

  const two = { spec: { containers: [{ name: 'a' }, { name: 'b' }], initContainers: [{ name: 'i' }] } };
  const stuck = (reason: string) => ({
    status: { containerStatuses: [{ name: 'app', state: { waiting: { reason } }, lastState: {} }] },
  });

  test.each([
    [
      'no container chosen',
      two,
      '',
      'a container name must be specified for pod x, choose one of: [a b] or one of the init containers: [i]',
    ],
    ['no such container', {}, 'container=z', 'container z is not valid for pod x'],
    [
      'not started',
      stuck('ContainerCreating'),
      '',
      'container "app" in pod "x" is waiting to start: ContainerCreating',
    ],
    [
      'no image',
      stuck('ImagePullBackOff'),
      '',
      'container "app" in pod "x" is waiting to start: trying and failing to pull image',
    ],
    ['no earlier run', {}, 'previous=true', 'previous terminated container "app" in pod "x" not found'],
  ])('%s is a 400', async (_what, changes, query, message) => {
    cluster.store.create('pods', pod('x', changes));
    const answer = await log('x', query);
    expect([answer.status, answer.at('message')]).toEqual([400, message]);
  });

  test('a crashing container still has its log', async () => {
    const crashing = {
      name: 'app',
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1 } },
    };
    cluster.store.create('pods', pod('x', { status: { containerStatuses: [crashing] } }));
    expect((await log('x')).text).toBe('one\ntwo\n');
    expect((await log('x', 'previous=true')).status).toBe(200);
    expect(asked[1]?.options.previous).toBe(true);
  });
});
