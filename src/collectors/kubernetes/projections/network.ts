import type { EndpointSliceInfo, Meta, ServiceInfo } from '../../../domain/kinds.ts';
import type { Interner } from '../intern.ts';
import { extended, isRecord, list, type Raw, record } from '../raw.ts';
import { labelMap, metaOf, nameOf, type Projection, word } from './meta.ts';

export function projectService(intern: Interner): Projection<ServiceInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const type = word(spec.type, intern) ?? 'ClusterIP';
    const ingress = list(record(record(raw.status).loadBalancer).ingress);
    return extended<ServiceInfo, Meta>(meta, {
      type,
      clusterIP: nameOf(spec.clusterIP),
      selector: Object.keys(record(spec.selector)).length > 0 ? labelMap(spec.selector, intern) : undefined,
      ports: intern.value(list(spec.ports).filter(isRecord).map(portText)),
      loadBalancerPending: (type === 'LoadBalancer' && ingress.length === 0) || undefined,
    });
  };
}

/** As kubectl: `80/TCP`, `80:30080/TCP`. */
function portText(port: Raw): string {
  const node = typeof port.nodePort === 'number' && port.nodePort > 0 ? `:${port.nodePort}` : '';
  return `${Number(port.port)}${node}/${nameOf(port.protocol) ?? 'TCP'}`;
}

export function projectEndpointSlice(intern: Interner): Projection<EndpointSliceInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    if (meta === undefined) return undefined;
    const endpoints = list(raw.endpoints).filter(isRecord);
    // `ready` unset means ready (discovery.k8s.io/v1).
    const ready = endpoints.filter((endpoint) => record(endpoint.conditions).ready !== false).length;
    return extended<EndpointSliceInfo, Meta>(meta, {
      service: meta.labels['kubernetes.io/service-name'],
      ready,
      notReady: endpoints.length - ready,
    });
  };
}
