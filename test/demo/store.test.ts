import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/demo/clock.ts';
import { startGarbageCollector } from '../../src/demo/gc.ts';
import { ApiError, type KubeObject, ObjectStore } from '../../src/demo/store.ts';
import { at, deployment, namespace, pod, START, smallStore } from './small-cluster.ts';

function configMap(name: string, changes: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'media' }, ...changes };
}

function refusal(action: () => unknown): ApiError {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('writes', () => {
  test('the same seed makes the same objects, another seed makes others', () => {
    const make = (seed: string) =>
      new ObjectStore(new ManualClock(START), { seed }).create('pods', {
        ...pod('x'),
        metadata: { name: '', generateName: 'web-', namespace: 'media' },
      }).metadata;
    expect(make('a')).toEqual(make('a'));
    expect(make('a').uid).not.toBe(make('b').uid);
    expect(make('a').name).toMatch(/^web-[b-z2-9]{5}$/);
    expect(make('a').creationTimestamp).toBe('2026-11-23T10:00:00Z');
  });

  test('a taken name is refused with 409', () => {
    const store = smallStore(new ManualClock(START));
    const error = refusal(() => store.create('deployments', deployment('web', 1)));
    expect(error.toStatus()).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'deployments.apps "web" already exists',
    });
  });

  test('a stale version is refused; a spec change raises the generation, a status change does not', () => {
    const store = smallStore(new ManualClock(START));
    const first = store.get('deployments', 'media', 'web') as KubeObject;
    const scaled = store.update('deployments', {
      ...first,
      spec: { ...(first.spec as object), replicas: 3 },
    });
    expect(scaled.metadata.generation).toBe(2);
    const status = store.update('deployments', { ...scaled, status: {} }, { subresource: 'status' });
    expect(status.metadata.generation).toBe(2);
    expect(refusal(() => store.update('deployments', first)).reason).toBe('Conflict');
  });

  test('an update that changes nothing keeps the version and tells nobody', () => {
    const store = smallStore(new ManualClock(START));
    const before = store.resourceVersion;
    let told = 0;
    store.onChange(() => {
      told += 1;
    });
    const same = store.get('pods', 'media', 'web-1-a') as KubeObject;
    store.update('pods', structuredClone(same));
    expect(store.resourceVersion).toBe(before);
    expect(told).toBe(0);
  });

  test('listeners hear changes in the order of their versions, also those they cause', () => {
    const store = new ObjectStore(new ManualClock(START));
    const heard: number[] = [];
    store.onChange((_resource, type, object) => {
      if (type === 'ADDED' && object.metadata.name === 'first')
        store.create('configmaps', configMap('second'));
    });
    store.onChange((_resource, _type, object) => heard.push(Number(object.metadata.resourceVersion)));
    store.create('configmaps', configMap('first'));
    expect(heard).toHaveLength(2);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  });

  test('lists come in the order of namespace and name', () => {
    const store = new ObjectStore(new ManualClock(START));
    for (const [space, name] of [
      ['b', 'a'],
      ['a', 'z'],
      ['a', 'b'],
      ['a-b', 'c'],
    ] as const) {
      store.create('pods', pod(name, { namespace: space }));
    }
    const keys = store.list('pods').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(keys).toEqual(['a-b/c', 'a/b', 'a/z', 'b/a']);
    expect(store.list('pods', 'a')).toHaveLength(2);
  });
});

describe('defaults', () => {
  test('a deployment gets what clients rely on', () => {
    const store = new ObjectStore(new ManualClock(START));
    const given = deployment('web', 1);
    const { replicas: _replicas, ...spec } = given.spec as { replicas: number };
    const created = store.create('deployments', { ...given, spec });
    expect(created.spec).toMatchObject({ replicas: 1, strategy: { type: 'RollingUpdate' } });
    expect(at(created, 'spec', 'template', 'spec', 'containers', 0, 'imagePullPolicy')).toBe('IfNotPresent');
  });

  test('a job selects its pods by its own uid', () => {
    const store = new ObjectStore(new ManualClock(START));
    const { metadata, spec } = store.create('jobs', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'backup', namespace: 'media' },
      spec: { template: { metadata: { labels: { app: 'backup' } }, spec: { containers: [] } } },
    });
    const uid = metadata.uid;
    expect(at(spec, 'selector')).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
    expect(at(spec, 'template', 'metadata', 'labels')).toMatchObject({ app: 'backup', 'job-name': 'backup' });
  });

  test('pods of one template share their containers in memory', () => {
    const store = new ObjectStore(new ManualClock(START));
    const containers = [{ name: 'app', image: 'nginx:1.27' }];
    const [a, b] = ['a', 'b'].map((name) => store.create('pods', pod(name, { spec: { containers } })));
    expect(at(a, 'spec', 'containers')).toBe(at(b, 'spec', 'containers'));
  });
});

describe('deletion', () => {
  test('a running pod stays until its grace ends; a shorter grace is taken, a longer is not', () => {
    const store = smallStore(new ManualClock(START));
    const marked = store.delete('pods', 'media', 'web-1-a').metadata;
    expect(marked).toMatchObject({
      deletionTimestamp: '2026-11-23T10:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
    const shorter = store.delete('pods', 'media', 'web-1-a', { gracePeriodSeconds: 5 }).metadata;
    expect(shorter.deletionTimestamp).toBe('2026-11-23T10:00:05Z');
    const longer = store.delete('pods', 'media', 'web-1-a', { gracePeriodSeconds: 60 }).metadata;
    expect(longer.deletionTimestamp).toBe('2026-11-23T10:00:05Z');
    store.delete('pods', 'media', 'web-1-a', { gracePeriodSeconds: 0 });
    expect(store.get('pods', 'media', 'web-1-a')).toBeUndefined();
  });

  test.each([
    ['has ended', { status: { phase: 'Succeeded' } }],
    ['never got a node', { spec: { nodeName: '' } }],
  ])('a pod that %s goes at once', (_what, changes) => {
    const store = new ObjectStore(new ManualClock(START));
    store.create('pods', pod('x', changes));
    store.delete('pods', 'media', 'x');
    expect(store.get('pods', 'media', 'x')).toBeUndefined();
  });

  test('finalizers hold an object until the last is gone', () => {
    const store = new ObjectStore(new ManualClock(START));
    const held = configMap('x');
    store.create('configmaps', { ...held, metadata: { ...held.metadata, finalizers: ['a', 'b'] } });
    const marked = store.delete('configmaps', 'media', 'x');
    expect(marked.metadata.deletionTimestamp).toBeDefined();
    const one = store.update('configmaps', {
      ...marked,
      metadata: { ...marked.metadata, finalizers: ['b'] },
    });
    expect(store.get('configmaps', 'media', 'x')).toBeDefined();
    store.update('configmaps', { ...one, metadata: { ...one.metadata, finalizers: [] } });
    expect(store.get('configmaps', 'media', 'x')).toBeUndefined();
  });

  test.each([{ uid: 'other' }, { resourceVersion: '1' }])(
    'a precondition %o that fails is a 409',
    (options) => {
      const store = smallStore(new ManualClock(START));
      const error = refusal(() => store.delete('pods', 'media', 'web-1-a', options));
      expect(error.status).toBe(409);
      expect(error.message).toContain('in the precondition');
      expect(store.get('pods', 'media', 'web-1-a')?.metadata.deletionTimestamp).toBeUndefined();
    },
  );
});

describe('garbage collection', () => {
  test('dependents follow their owner, level by level', () => {
    const store = smallStore(new ManualClock(START));
    startGarbageCollector(store);
    store.delete('deployments', 'media', 'web');
    expect(store.list('replicasets')).toEqual([]);
  });

  test('orphaned dependents stay and lose the reference', () => {
    const store = smallStore(new ManualClock(START));
    startGarbageCollector(store);
    store.delete('deployments', 'media', 'web', { propagationPolicy: 'Orphan' });
    expect(store.get('deployments', 'media', 'web')).toBeUndefined();
    expect(store.get('replicasets', 'media', 'web-1')?.metadata.ownerReferences).toEqual([]);
  });

  test('with foreground deletion the owner waits for its dependents', () => {
    const store = new ObjectStore(new ManualClock(START));
    startGarbageCollector(store);
    const owner = store.create('deployments', deployment('web', 1));
    const { apiVersion, kind, metadata } = owner;
    const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true };
    const owned = pod('x');
    store.create('pods', { ...owned, metadata: { ...owned.metadata, ownerReferences: [reference] } });
    store.delete('deployments', 'media', 'web', { propagationPolicy: 'Foreground' });
    expect(store.get('deployments', 'media', 'web')?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(store.get('pods', 'media', 'x')?.metadata.deletionTimestamp).toBeDefined();
    store.remove('pods', 'media', 'x');
    expect(store.get('deployments', 'media', 'web')).toBeUndefined();
  });

  test('a namespace goes after its content', () => {
    const store = new ObjectStore(new ManualClock(START));
    startGarbageCollector(store);
    store.create('namespaces', namespace('media'));
    store.create('configmaps', configMap('x'));
    store.create('pods', pod('y'));
    store.delete('namespaces', '', 'media');
    expect(store.get('configmaps', 'media', 'x')).toBeUndefined();
    expect(store.get('namespaces', '', 'media')?.status).toEqual({ phase: 'Terminating' });
    store.remove('pods', 'media', 'y');
    expect(store.get('namespaces', '', 'media')).toBeUndefined();
  });
});
