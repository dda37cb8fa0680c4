import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/demo/clock.ts';
import { type KubeObject, ObjectStore } from '../../src/demo/store.ts';
import { at, START } from './small-cluster.ts';
import { worldOf } from './world-helpers.ts';

const HTTP = { port: 80 };

function service(name: string, spec: object = {}): KubeObject {
  const metadata = { name, namespace: 'media' };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [HTTP], ...spec } };
}

const ipOf = (object: KubeObject) => at(object, 'spec', 'clusterIP');
const nodePortOf = (object: KubeObject) => at(object, 'spec', 'ports', 0, 'nodePort');

describe('addresses of services', () => {
  let store: ObjectStore;
  beforeEach(() => {
    store = new ObjectStore(new ManualClock(START));
  });
  const create = (name: string, spec?: object) => store.create('services', service(name, spec));

  test('a new service gets a free cluster IP, and the defaults of its ports', () => {
    const made = create('web');
    expect(ipOf(made)).toMatch(/^10\.43\.\d{1,3}\.\d{1,3}$/);
    expect(made.spec).toMatchObject({
      clusterIPs: [ipOf(made)],
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
    });
    expect(nodePortOf(made)).toBeUndefined();
  });

  test('no two services share an address; a deleted one gives its back', () => {
    const made = Array.from({ length: 2000 }, (_, index) => create(`web-${index}`, { type: 'NodePort' }));
    expect(new Set(made.map(ipOf)).size).toBe(2000);
    const ports = made.map(nodePortOf) as number[];
    expect(new Set(ports).size).toBe(2000);
    expect([Math.min(...ports) >= 30_000, Math.max(...ports) <= 32_767]).toEqual([true, true]);
    store.delete('services', 'media', 'web-7');
    expect(ipOf(create('web-7'))).toBe(ipOf(made[7] as KubeObject));
  });

  test('an update without addresses keeps them; another type brings or drops a node port', () => {
    const made = create('web');
    const exposed = store.update('services', service('web', { type: 'NodePort' }));
    expect([ipOf(exposed), typeof nodePortOf(exposed)]).toEqual([ipOf(made), 'number']);
    const again = store.update('services', service('web', { type: 'NodePort', selector: { a: 'b' } }));
    expect(nodePortOf(again)).toBe(nodePortOf(exposed));
    expect(nodePortOf(store.update('services', service('web')))).toBeUndefined();
    expect(ipOf(store.update('services', service('web', { type: 'ExternalName' })))).toBeUndefined();
  });

  test('refuses addresses in use, and another cluster IP', () => {
    create('first', { clusterIP: '10.43.0.9', type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] });
    expect(() => create('second', { clusterIP: '10.43.0.9' })).toThrow(
      'Service "second" is invalid: spec.clusterIPs: Invalid value: ["10.43.0.9"]: failed to allocate IP 10.43.0.9: provided IP is already allocated',
    );
    expect(() => create('second', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] })).toThrow(
      'provided port is already allocated',
    );
    expect(() => store.update('services', service('first', { clusterIP: '10.43.0.8' }))).toThrow(
      'may not change once set',
    );
  });

  test('headless services have none, and share that', () => {
    expect([create('a', { clusterIP: 'None' }), create('b', { clusterIP: 'None' })].map(ipOf)).toEqual([
      'None',
      'None',
    ]);
  });

  test('the homelab holds the well-known ones, and only real ones', () => {
    const services = worldOf('healthy').simulation.store.list('services');
    const ips = services.map(ipOf) as string[];
    expect(new Set(ips).size).toBe(ips.length);
    for (const ip of ips)
      expect(ip.split('.').every((part) => Number(part) >= 0 && Number(part) < 256)).toBe(true);
    const named = (name: string) => services.find(({ metadata }) => metadata.name === name) as KubeObject;
    expect(['kubernetes', 'coredns'].map((name) => ipOf(named(name)))).toEqual(['10.43.0.1', '10.43.0.10']);
  });
});
