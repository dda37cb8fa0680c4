import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/demo/store.ts';
import type { PodTemplate, Workload } from '../../src/demo/world/objects.ts';
import { isActive, isReady } from '../../src/demo/world/pod-index.ts';
import { at } from './small-cluster.ts';
import { type World, worldOf } from './world-helpers.ts';

let world: World;
beforeEach(() => {
  world = worldOf('healthy');
});

function find(resource: string, namespace: string, name: string): Workload {
  const object = world.simulation.store.get(resource, namespace, name);
  if (!object) throw new Error(`no ${resource} ${namespace}/${name}`);
  return object as Workload;
}

function setTemplate(resource: string, object: Workload, template: PodTemplate): void {
  const { name, namespace = '' } = object.metadata;
  const stored = find(resource, namespace, name);
  world.simulation.store.update(resource, { ...stored, spec: { ...stored.spec, template } });
}

/** A template with another image. */
function changed({ metadata, spec }: PodTemplate): PodTemplate {
  const containers = spec.containers.map((each) => ({ ...each, image: `${each.image}-next` }));
  return { ...(metadata && { metadata }), spec: { ...spec, containers } };
}

/** The same in the order and with the null that a Go client sends. */
function asGoWritesIt({ metadata, spec }: PodTemplate): PodTemplate {
  const sorted = Object.fromEntries(Object.entries(spec).sort(([a], [b]) => a.localeCompare(b)));
  return JSON.parse(
    JSON.stringify({ spec: sorted, metadata: { creationTimestamp: null, ...metadata } }),
  ) as PodTemplate;
}

function revisions(namespace: string, owner: string): [name: string, revision: unknown][] {
  return world.simulation.store
    .list('controllerrevisions', namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === owner)
    .map((each): [string, unknown] => [each.metadata.name, each.revision])
    .sort((a, b) => Number(a[1]) - Number(b[1]));
}

const hashes = (pods: readonly KubeObject[]) =>
  new Set(pods.map(({ metadata }) => metadata.labels?.['controller-revision-hash']));

describe.each([
  { resource: 'daemonsets.apps', namespace: 'kube-system', name: 'spegel', prefix: 'spegel-' },
  { resource: 'statefulsets.apps', namespace: 'databases', name: 'postgres-main', prefix: '' },
])('$resource', ({ resource, namespace, name, prefix }) => {
  it('record their templates as revisions, and take an old one up again', () => {
    const before = find(resource, namespace, name);
    const [first] = revisions(namespace, name);
    expect(first?.[1]).toBe(1);
    setTemplate(resource, before, changed(before.spec.template));
    world.seconds(60);
    const [old, next] = revisions(namespace, name);
    expect([old, next?.[1]]).toEqual([first, 2]);
    const pods = world.pods(namespace, name);
    expect(pods).toHaveLength(3);
    expect(new Set([...hashes(pods)].map((hash) => `${prefix}${hash}`))).toEqual(new Set([next?.[0]]));

    setTemplate(resource, before, asGoWritesIt(before.spec.template));
    world.seconds(60);
    expect(revisions(namespace, name)).toEqual([next, [first?.[0], 3]]);
    const again = world.pods(namespace, name);
    expect([hashes(again).size, again.every(isReady)]).toEqual([1, true]);
    expect(`${prefix}${[...hashes(again)][0]}`).toBe(first?.[0]);
  });

  it('forget what lies beyond their history limit', () => {
    const before = find(resource, namespace, name);
    world.simulation.store.update(resource, { ...before, spec: { ...before.spec, revisionHistoryLimit: 2 } });
    let template = before.spec.template;
    for (let round = 0; round < 5; round += 1) {
      template = changed(template);
      setTemplate(resource, before, template);
      world.seconds(60);
    }
    expect(revisions(namespace, name).map(([, revision]) => revision)).toEqual([4, 5, 6]);
  });
});

describe('Deployments', () => {
  it('go back to the ReplicaSet of the template they had, however a client writes it', () => {
    const before = find('deployments.apps', 'networking', 'cloudflared');
    const names = () =>
      world.simulation.store
        .list('replicasets.apps', 'networking')
        .map(({ metadata }) => metadata.name)
        .filter((each) => each.startsWith('cloudflared-'));
    const [first] = names();
    setTemplate('deployments.apps', before, changed(before.spec.template));
    world.seconds(30);
    expect(names()).toHaveLength(2);
    setTemplate('deployments.apps', before, asGoWritesIt(before.spec.template));
    world.seconds(30);
    expect(names()).toHaveLength(2);
    expect(at(find('replicasets.apps', 'networking', first ?? ''), 'status', 'readyReplicas')).toBe(2);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keep enough pods available while they roll, with seed %i', (seed) => {
    world = worldOf('healthy', seed);
    const before = find('deployments.apps', 'default', 'echo');
    setTemplate('deployments.apps', before, {
      ...before.spec.template,
      metadata: { ...before.spec.template.metadata, annotations: { restarted: 'yes' } },
    });
    let least = Number.POSITIVE_INFINITY;
    world.simulation.store.onChange((resource) => {
      if (resource !== 'pods') return;
      const ready = world.pods('default', 'echo').filter((pod) => isActive(pod) && isReady(pod));
      least = Math.min(least, ready.length);
    });
    world.seconds(30);
    expect(least).toBe(2);
    expect(at(find('deployments.apps', 'default', 'echo'), 'status', 'updatedReplicas')).toBe(2);
  });

  it('that recreate their pods wait for the last old one to be gone', () => {
    const before = find('deployments.apps', 'home', 'zigbee2mqtt');
    expect(at(before, 'spec', 'strategy', 'type')).toBe('Recreate');
    let most = 0;
    world.simulation.store.onChange((resource) => {
      if (resource === 'pods') most = Math.max(most, world.pods('home', 'zigbee2mqtt').length);
    });
    setTemplate('deployments.apps', before, changed(before.spec.template));
    world.seconds(30);
    const [pod] = world.pods('home', 'zigbee2mqtt');
    expect([most, pod?.spec.containers[0]?.image.endsWith('-next'), pod && isReady(pod)]).toEqual([
      1,
      true,
      true,
    ]);
  });
});
