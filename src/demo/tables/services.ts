import { dig, fields, list, num, text } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { selectorText } from '../selectors.ts';
import { AGE, type Column, column, integer, joined, NAME, orNone, wide } from './table.ts';

const MAX_ENDPOINTS = 3;

function externalIp(service: KubeObject): string {
  const external = list(dig(service, 'spec', 'externalIPs'));
  switch (dig(service, 'spec', 'type')) {
    case 'LoadBalancer': {
      const ingress = list(dig(service, 'status', 'loadBalancer', 'ingress')).map(
        (each) => dig(each, 'ip') ?? dig(each, 'hostname'),
      );
      return [...ingress, ...external].map(text).join(',') || '<pending>';
    }
    case 'ExternalName':
      return text(dig(service, 'spec', 'externalName'));
    default:
      return joined(external);
  }
}

function servicePorts(service: KubeObject): string {
  return joined(
    list(dig(service, 'spec', 'ports')).map((port) => {
      const nodePort = num(dig(port, 'nodePort'));
      const protocol = text(dig(port, 'protocol')) || 'TCP';
      return `${num(dig(port, 'port'))}${nodePort > 0 ? `:${nodePort}` : ''}/${protocol}`;
    }),
  );
}

/** Columns of Services. */
export const SERVICE_COLUMNS: readonly Column[] = [
  NAME,
  column('Type', (service) => text(dig(service, 'spec', 'type'))),
  column('Cluster-IP', (service) => orNone(dig(service, 'spec', 'clusterIP'))),
  column('External-IP', externalIp),
  column('Port(s)', servicePorts),
  AGE,
  wide(
    column('Selector', (service) => orNone(selectorText({ matchLabels: dig(service, 'spec', 'selector') }))),
  ),
];

/** At most three of the values, then how many more there are. */
function capped(values: readonly string[], empty: string): string {
  if (values.length === 0) return empty;
  const more = values.length - MAX_ENDPOINTS;
  const shown = values.slice(0, MAX_ENDPOINTS).join(',');
  return more > 0 ? `${shown} + ${more} more...` : shown;
}

function endpointsOf(endpoints: KubeObject): string {
  const all = list(endpoints.subsets).flatMap((subset) => {
    const ips = list(dig(subset, 'addresses')).map((each) => text(dig(each, 'ip')));
    const ports = list(dig(subset, 'ports')).map((each) => num(dig(each, 'port')));
    return ports.length === 0 ? ips : ports.flatMap((port) => ips.map((ip) => `${ip}:${port}`));
  });
  return capped(all, '<none>');
}

/** Columns of Endpoints. */
export const ENDPOINTS_COLUMNS: readonly Column[] = [NAME, column('Endpoints', endpointsOf), AGE];

/** Columns of EndpointSlices. */
export const ENDPOINTSLICE_COLUMNS: readonly Column[] = [
  NAME,
  column('AddressType', (slice) => text(slice.addressType)),
  column('Ports', (slice) =>
    capped(
      list(slice.ports).map((each) => String(dig(each, 'port') ?? '*')),
      '<unset>',
    ),
  ),
  column('Endpoints', (slice) =>
    capped(
      list(slice.endpoints).flatMap((each) => list(dig(each, 'addresses')).map(text)),
      '<unset>',
    ),
  ),
  AGE,
];

function ingressHosts(ingress: KubeObject): string {
  const hosts = list(dig(ingress, 'spec', 'rules'))
    .map((rule) => text(dig(rule, 'host')))
    .filter(Boolean);
  return hosts.length === 0 ? '*' : capped(hosts, '*');
}

/** Columns of Ingresses. */
export const INGRESS_COLUMNS: readonly Column[] = [
  NAME,
  column('Class', (ingress) => orNone(dig(ingress, 'spec', 'ingressClassName'))),
  column('Hosts', ingressHosts),
  column('Address', (ingress) =>
    list(dig(ingress, 'status', 'loadBalancer', 'ingress'))
      .map((each) => text(dig(each, 'ip')) || text(dig(each, 'hostname')))
      .join(','),
  ),
  column('Ports', (ingress) => (list(dig(ingress, 'spec', 'tls')).length > 0 ? '80, 443' : '80')),
  AGE,
];

/** Columns of IngressClasses. */
export const INGRESSCLASS_COLUMNS: readonly Column[] = [
  NAME,
  column('Controller', (object) => text(dig(object, 'spec', 'controller'))),
  column('Parameters', (object) => {
    const parameters = fields(dig(object, 'spec', 'parameters'));
    return parameters.kind === undefined ? '<none>' : `${text(parameters.kind)}/${text(parameters.name)}`;
  }),
  AGE,
];

/** Columns of NetworkPolicies. */
export const NETWORKPOLICY_COLUMNS: readonly Column[] = [
  NAME,
  column('Pod-Selector', (object) => orNone(selectorText(dig(object, 'spec', 'podSelector')))),
  AGE,
];

/** Columns of ConfigMaps. */
export const CONFIGMAP_COLUMNS: readonly Column[] = [
  NAME,
  integer('Data', (object) => keyCount(object.data) + keyCount(object.binaryData)),
  AGE,
];

/** Columns of Secrets. */
export const SECRET_COLUMNS: readonly Column[] = [
  NAME,
  column('Type', (object) => text(object.type)),
  integer('Data', (object) => keyCount(object.data)),
  AGE,
];

/** Columns of ServiceAccounts. */
export const SERVICEACCOUNT_COLUMNS: readonly Column[] = [
  NAME,
  integer('Secrets', (object) => list(object.secrets).length),
  AGE,
];

function keyCount(value: unknown): number {
  return Object.keys(fields(value)).length;
}
