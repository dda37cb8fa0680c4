import { createHash } from 'node:crypto';
import type { ChangeType } from './collection.ts';
import { ApiError, invalid } from './errors.ts';
import { dig, type Fields, fields, isFields, list, num, text } from './json.ts';
import { type KubeObject, namespaceOf } from './object.ts';
import type { ResourceDef } from './resources.ts';

/** 10.43.0.0/16; like the real allocator it leaves the low addresses to those who name theirs. */
const IP_PREFIX = '10.43';
const FIRST_OFFSET = 256;
const LAST_OFFSET = 65_534;
const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;
const HEADLESS = 'None';

/**
 * The cluster IPs and node ports that Services hold. New ones depend on the Service's name, so that equal worlds give
 * equal addresses whatever the order of their Services.
 */
export class ServiceAddresses {
  readonly #taken = new Set<string | number>();

  /** Follows a change of a stored Service. */
  observe(type: ChangeType, service: KubeObject, previous: KubeObject | undefined): void {
    for (const held of heldBy(previous)) this.#taken.delete(held);
    if (type !== 'DELETED') for (const held of heldBy(service)) this.#taken.add(held);
  }

  /**
   * The Service with all addresses that its type has: what it names, else what it had, else free ones. Throws 422 for
   * an address that another Service holds and for a change of the cluster IP.
   */
  assign(def: ResourceDef, service: KubeObject, previous?: KubeObject): KubeObject {
    if (!isFields(service.spec)) return service;
    const { clusterIP: _ip, clusterIPs: _ips, ...spec } = service.spec;
    if (spec.type === 'ExternalName') return { ...service, spec };
    const clusterIP = this.#clusterIp(def, service, previous);
    const addressed = { ...spec, clusterIP, clusterIPs: [clusterIP] };
    if (!Array.isArray(spec.ports)) return { ...service, spec: addressed };
    const ports = spec.ports.map((_port, index) => this.#withNodePort(def, service, previous, index));
    return { ...service, spec: { ...addressed, ports } };
  }

  #clusterIp(def: ResourceDef, service: KubeObject, previous: KubeObject | undefined): string {
    const wanted = text(dig(service, 'spec', 'clusterIP'));
    const before = text(dig(previous, 'spec', 'clusterIP'));
    if (wanted === '' && before !== '') return before;
    if (wanted === '') {
      const start = hash(`${namespaceOf(service)}/${service.metadata.name}`);
      const offset = firstFree(FIRST_OFFSET, LAST_OFFSET, start, (each) => this.#taken.has(ipAt(each)));
      if (offset === undefined) throw exhausted('failed to allocate a serviceIP: range is full');
      return ipAt(offset);
    }
    if (wanted === before) return before;
    const refuse = (why: string) =>
      invalid(def, service.metadata.name, [
        {
          reason: 'FieldValueInvalid',
          message: `Invalid value: ${JSON.stringify([wanted])}: ${why}`,
          field: 'spec.clusterIPs',
        },
      ]);
    if (before !== '') throw refuse('may not change once set');
    if (this.#taken.has(wanted))
      throw refuse(`failed to allocate IP ${wanted}: provided IP is already allocated`);
    return wanted;
  }

  #withNodePort(
    def: ResourceDef,
    service: KubeObject,
    previous: KubeObject | undefined,
    index: number,
  ): Fields {
    const port = fields(list(dig(service, 'spec', 'ports'))[index]);
    const { nodePort: wanted, ...rest } = port;
    if (!hasNodePorts(service)) return rest;
    const before = nodePortsOf(previous);
    if (typeof wanted === 'number' && wanted > 0) {
      if (!before.includes(wanted) && this.#taken.has(wanted)) {
        const message = `Invalid value: ${wanted}: provided port is already allocated`;
        const cause = { reason: 'FieldValueInvalid', message, field: `spec.ports[${index}].nodePort` };
        throw invalid(def, service.metadata.name, [cause]);
      }
      return port;
    }
    const kept = list(dig(previous, 'spec', 'ports')).find(
      (each) => dig(each, 'port') === port.port && dig(each, 'protocol') === port.protocol,
    );
    const nodePort = num(dig(kept, 'nodePort')) || this.#freeNodePort(service, port);
    return { ...rest, nodePort };
  }

  #freeNodePort(service: KubeObject, { port, protocol }: Fields): number {
    const start = hash(`${namespaceOf(service)}/${service.metadata.name}:${port}/${protocol}`);
    const free = firstFree(FIRST_NODE_PORT, LAST_NODE_PORT, start, (each) => this.#taken.has(each));
    if (free === undefined) throw exhausted('failed to allocate a nodePort: range is full');
    return free;
  }
}

function hasNodePorts(service: KubeObject): boolean {
  const { type, allocateLoadBalancerNodePorts } = fields(service.spec);
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

function heldBy(service: KubeObject | undefined): readonly (string | number)[] {
  const ip = text(dig(service, 'spec', 'clusterIP'));
  return [...(ip === '' || ip === HEADLESS ? [] : [ip]), ...nodePortsOf(service)];
}

function nodePortsOf(service: KubeObject | undefined): number[] {
  return list(dig(service, 'spec', 'ports'))
    .map((port) => num(dig(port, 'nodePort')))
    .filter((port) => port > 0);
}

function ipAt(offset: number): string {
  return `${IP_PREFIX}.${offset >> 8}.${offset & 0xff}`;
}

/** The first number of a range that is free, going round from a start anywhere. */
function firstFree(
  first: number,
  last: number,
  start: number,
  isTaken: (value: number) => boolean,
): number | undefined {
  const size = last - first + 1;
  for (let step = 0; step < size; step += 1) {
    const value = first + ((start + step) % size);
    if (!isTaken(value)) return value;
  }
  return undefined;
}

function hash(name: string): number {
  return createHash('sha1').update(name).digest().readUInt32BE();
}

function exhausted(message: string): ApiError {
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`);
}
