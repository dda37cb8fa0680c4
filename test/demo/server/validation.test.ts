import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isStored, RESOURCES, resourceKey } from '../../../src/demo/resources.ts';
import { validate } from '../../../src/demo/validation.ts';
import { startCluster, type TestCluster } from '../small-cluster.ts';
import { worldOf } from '../world-helpers.ts';

const LABELS = { app: 'x' };
const CONTAINERS = [{ name: 'c', image: 'i' }];
const TEMPLATE = { metadata: { labels: LABELS }, spec: { containers: CONTAINERS } };
const SELECTED = { selector: { matchLabels: LABELS }, template: TEMPLATE };
const RUN = { template: { spec: { containers: CONTAINERS, restartPolicy: 'Never' } } };
const PORTS = [{ port: 80 }];

const core = (resource: string) => `/api/v1/namespaces/media/${resource}`;
const apps = (resource: string) => `/apis/apps/v1/namespaces/media/${resource}`;
const batch = (resource: string) => `/apis/batch/v1/namespaces/media/${resource}`;

describe('validation', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.close());

  const create = (path: string, spec: object | undefined, name = 'x') =>
    cluster.call('POST', path, { body: { metadata: { name }, ...(spec && { spec }) } });

  test.each([
    [
      apps('deployments'),
      undefined,
      'Deployment.apps "x" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`, spec.template.spec.containers: Required value]',
    ],
    [
      apps('deployments'),
      { selector: {}, template: TEMPLATE },
      'Deployment.apps "x" is invalid: spec.selector: Invalid value: {}: empty selector is invalid for deployment',
    ],
    [
      apps('statefulsets'),
      { selector: { matchLabels: { app: 'y' } }, template: TEMPLATE },
      'StatefulSet.apps "x" is invalid: spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
    ],
    [
      apps('daemonsets'),
      { ...SELECTED, template: { ...TEMPLATE, spec: { containers: CONTAINERS, restartPolicy: 'Never' } } },
      'DaemonSet.apps "x" is invalid: spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
    [
      core('pods'),
      { containers: [{ name: 'c' }, { image: 'i' }] },
      'Pod "x" is invalid: [spec.containers[0].image: Required value, spec.containers[1].name: Required value]',
    ],
    [core('services'), {}, 'Service "x" is invalid: spec.ports: Required value'],
    [
      core('services'),
      {
        ports: [
          { port: 0, name: 'a' },
          { port: 80, nodePort: 80 },
        ],
      },
      'Service "x" is invalid: [spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[1].name: Required value, spec.ports[1].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767]',
    ],
    [
      core('services'),
      { type: 'Balancer', ports: PORTS },
      'Service "x" is invalid: spec.type: Unsupported value: "Balancer": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
    [
      core('persistentvolumeclaims'),
      {},
      'PersistentVolumeClaim "x" is invalid: [spec.accessModes: Required value: at least 1 access mode is required, spec.resources[storage]: Required value]',
    ],
    [
      batch('jobs'),
      { template: { spec: { containers: CONTAINERS } } },
      'Job.batch "x" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
    [
      batch('cronjobs'),
      { jobTemplate: { spec: RUN } },
      'CronJob.batch "x" is invalid: spec.schedule: Required value',
    ],
    [
      batch('cronjobs'),
      { schedule: 'often', jobTemplate: { spec: RUN } },
      'CronJob.batch "x" is invalid: spec.schedule: Invalid value: "often": expected exactly 5 fields, found 1: [often]',
    ],
    [
      '/apis/policy/v1/namespaces/media/poddisruptionbudgets',
      { minAvailable: 1, maxUnavailable: 1 },
      'PodDisruptionBudget.policy "x" is invalid: spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set',
    ],
    [
      '/apis/networking.k8s.io/v1/namespaces/media/ingresses',
      undefined,
      'Ingress.networking.k8s.io "x" is invalid: spec: Invalid value: []: either `defaultBackend` or `rules` must be specified',
    ],
  ])('%s with %j', async (path, spec, message) => {
    const answer = await create(path, spec);
    expect([answer.status, answer.at('reason'), answer.at('message')]).toEqual([422, 'Invalid', message]);
  });

  test('names the fields, for machines', async () => {
    const answer = await create(core('persistentvolumeclaims'), { accessModes: ['ReadWriteOnce'] });
    expect(answer.at('details')).toEqual({
      name: 'x',
      kind: 'PersistentVolumeClaim',
      causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.resources[storage]' }],
    });
  });

  test('a generated name excuses nothing', async () => {
    const answer = await cluster.call('POST', core('pods'), { body: { metadata: { generateName: 'x-' } } });
    expect(answer.at('message')).toBe('Pod "" is invalid: spec.containers: Required value');
  });

  test.each([
    [apps('deployments'), SELECTED],
    [apps('daemonsets'), SELECTED],
    [core('pods'), { containers: CONTAINERS }],
    [core('services'), { ports: PORTS }],
    [core('services'), { clusterIP: 'None' }],
    [core('services'), { type: 'ExternalName', externalName: 'nas.lan' }],
    [
      core('persistentvolumeclaims'),
      { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    ],
    [batch('jobs'), RUN],
    [batch('cronjobs'), { schedule: '*/5 6-22 * jan-jun mon-fri', jobTemplate: { spec: RUN } }],
    [batch('cronjobs'), { schedule: '@every 1h', jobTemplate: { spec: RUN } }],
  ])('accepts %s with %j', async (path, spec) => {
    expect((await create(path, spec, `x${Math.random()}`)).status).toBe(201);
  });

  test('what a Job and a StatefulSet are made of stays', async () => {
    await create(batch('jobs'), RUN, 'job');
    const other = { template: { spec: { containers: [{ name: 'c', image: 'other' }] } } };
    const strategic = 'application/strategic-merge-patch+json';
    const job = await cluster.call('PATCH', batch('jobs/job'), { body: { spec: other }, type: strategic });
    expect(job.at('details', 'causes', 0, 'field')).toBe('spec.template');
    await create(apps('statefulsets'), { ...SELECTED, serviceName: 'a' }, 'set');
    const path = apps('statefulsets/set');
    const set = await cluster.call('PATCH', path, { body: { spec: { serviceName: 'b' } }, type: strategic });
    expect([set.status, set.at('message')]).toEqual([
      422,
      expect.stringContaining('updates to statefulset spec for fields other than'),
    ]);
    const image = await cluster.call('PATCH', path, { body: { spec: other }, type: strategic });
    expect(image.status).toBe(200);
  });
});

test('everything in the homelab could have been created by a client', () => {
  const { store } = worldOf('incident').simulation;
  const stored = RESOURCES.filter(isStored);
  for (const def of stored) {
    for (const object of store.list(resourceKey(def))) {
      expect(() => validate(def, object, undefined)).not.toThrow();
    }
  }
});
