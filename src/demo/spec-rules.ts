import { parseCron } from './cron.ts';
import type { StatusCause } from './errors.ts';
import { dig, type Fields, fields, isFields, list, text } from './json.ts';
import type { KubeObject } from './object.ts';
import { type ResourceDef, resourceKey } from './resources.ts';
import { labelSelectorMatcher } from './selectors.ts';

/** What is wrong about a spec. */
type Rule = (spec: Fields, object: KubeObject) => StatusCause[];

const MAX_PORT = 65_535;
const NODE_PORTS = { first: 30_000, last: 32_767 };

/** What each kind requires, as far as clients run into it, in the words of the real server. */
const RULES: Readonly<Record<string, Rule>> = {
  pods: (spec) => podCauses(spec, 'spec'),
  services: serviceCauses,
  persistentvolumeclaims: claimCauses,
  'deployments.apps': (spec) => workloadCauses(spec, 'deployment'),
  'replicasets.apps': (spec) => workloadCauses(spec, 'replicaset'),
  'statefulsets.apps': (spec) => workloadCauses(spec, 'statefulset'),
  'daemonsets.apps': (spec) => workloadCauses(spec, 'daemonset'),
  'jobs.batch': (spec) => jobCauses(spec, 'spec'),
  'cronjobs.batch': cronJobCauses,
  'poddisruptionbudgets.policy': budgetCauses,
  'ingresses.networking.k8s.io': ingressCauses,
  'rolebindings.rbac.authorization.k8s.io': bindingCauses,
  'clusterrolebindings.rbac.authorization.k8s.io': bindingCauses,
  'storageclasses.storage.k8s.io': (_spec, { provisioner }) => requiredText(provisioner, 'provisioner'),
};

/** What is wrong about the spec of an object. */
export function specCauses(def: ResourceDef, object: KubeObject): StatusCause[] {
  return RULES[resourceKey(def)]?.(fields(object.spec), object) ?? [];
}

function required(field: string, why = ''): StatusCause {
  return {
    reason: 'FieldValueRequired',
    message: why === '' ? 'Required value' : `Required value: ${why}`,
    field,
  };
}

function invalidValue(field: string, value: unknown, why: string): StatusCause {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value) ?? 'null'}: ${why}`,
    field,
  };
}

function unsupported(field: string, value: unknown, supported: readonly string[]): StatusCause {
  const words = supported.map((each) => JSON.stringify(each)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${words}`;
  return { reason: 'FieldValueNotSupported', message, field };
}

function requiredText(value: unknown, field: string): StatusCause[] {
  return text(value) === '' ? [required(field)] : [];
}

function podCauses(spec: Fields, path: string): StatusCause[] {
  const containers = list(spec.containers);
  if (containers.length === 0) return [required(`${path}.containers`)];
  return [
    ...containers.flatMap((each, index) => containerCauses(each, `${path}.containers[${index}]`)),
    ...list(spec.initContainers).flatMap((each, index) =>
      containerCauses(each, `${path}.initContainers[${index}]`),
    ),
  ];
}

function containerCauses(container: unknown, path: string): StatusCause[] {
  return [
    ...requiredText(dig(container, 'name'), `${path}.name`),
    ...requiredText(dig(container, 'image'), `${path}.image`),
  ];
}

function replicaCauses(spec: Fields): StatusCause[] {
  const { replicas } = spec;
  if (typeof replicas !== 'number' || replicas >= 0) return [];
  return [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')];
}

function workloadCauses(spec: Fields, kind: string): StatusCause[] {
  const { selector } = spec;
  const template = fields(dig(spec, 'template', 'spec'));
  const labels = dig(spec, 'template', 'metadata', 'labels');
  const causes = replicaCauses(spec);
  if (!isFields(selector)) causes.push(required('spec.selector'));
  else if (
    Object.values(selector).every((each) => Object.keys(fields(each)).length === 0 && list(each).length === 0)
  ) {
    causes.push(invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`));
  }
  if (!labelSelectorMatcher(selector)(fields(labels) as Record<string, string>)) {
    const why = '`selector` does not match template `labels`';
    causes.push(invalidValue('spec.template.metadata.labels', labels, why));
  }
  causes.push(...podCauses(template, 'spec.template.spec'));
  if ((template.restartPolicy ?? 'Always') !== 'Always') {
    causes.push(unsupported('spec.template.spec.restartPolicy', template.restartPolicy, ['Always']));
  }
  return causes;
}

function jobCauses(spec: Fields, path: string): StatusCause[] {
  const template = fields(dig(spec, 'template', 'spec'));
  const causes = podCauses(template, `${path}.template.spec`);
  if (!['Never', 'OnFailure'].includes(text(template.restartPolicy))) {
    causes.push(required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  }
  return causes;
}

function cronJobCauses(spec: Fields): StatusCause[] {
  const causes = requiredText(spec.schedule, 'spec.schedule');
  const schedule = text(spec.schedule);
  if (schedule !== '' && !schedule.startsWith('@every ') && !parseCron(schedule)) {
    const words = schedule.split(/\s+/);
    const why =
      words.length === 5
        ? `failed to parse schedule: ${schedule}`
        : `expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]`;
    causes.push(invalidValue('spec.schedule', schedule, why));
  }
  const policies = ['Allow', 'Forbid', 'Replace'];
  if (spec.concurrencyPolicy !== undefined && !policies.includes(text(spec.concurrencyPolicy))) {
    causes.push(unsupported('spec.concurrencyPolicy', spec.concurrencyPolicy, policies));
  }
  return [...causes, ...jobCauses(fields(dig(spec, 'jobTemplate', 'spec')), 'spec.jobTemplate.spec')];
}

function serviceCauses(spec: Fields): StatusCause[] {
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  const type = spec.type ?? 'ClusterIP';
  if (!types.includes(text(type))) return [unsupported('spec.type', type, types)];
  if (type === 'ExternalName') return requiredText(spec.externalName, 'spec.externalName');
  const ports = list(spec.ports);
  if (ports.length === 0) return spec.clusterIP === 'None' ? [] : [required('spec.ports')];
  return ports.flatMap((port, index) => portCauses(port, `spec.ports[${index}]`, ports.length > 1));
}

function portCauses(port: unknown, path: string, needsName: boolean): StatusCause[] {
  const number = dig(port, 'port') ?? 0;
  const causes = needsName ? requiredText(dig(port, 'name'), `${path}.name`) : [];
  if (!isBetween(number, 1, MAX_PORT)) {
    causes.push(invalidValue(`${path}.port`, number, `must be between 1 and ${MAX_PORT}, inclusive`));
  }
  const nodePort = dig(port, 'nodePort') ?? 0;
  if (nodePort !== 0 && !isBetween(nodePort, NODE_PORTS.first, NODE_PORTS.last)) {
    const range = `${NODE_PORTS.first}-${NODE_PORTS.last}`;
    const why = `provided port is not in the valid range. The range of valid ports is ${range}`;
    causes.push(invalidValue(`${path}.nodePort`, nodePort, why));
  }
  return causes;
}

function isBetween(value: unknown, low: number, high: number): boolean {
  return Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
}

function claimCauses(spec: Fields): StatusCause[] {
  const causes: StatusCause[] = [];
  if (list(spec.accessModes).length === 0) {
    causes.push(required('spec.accessModes', 'at least 1 access mode is required'));
  }
  if (dig(spec, 'resources', 'requests', 'storage') === undefined) {
    causes.push(required('spec.resources[storage]'));
  }
  return causes;
}

function budgetCauses(spec: Fields): StatusCause[] {
  if (spec.minAvailable === undefined || spec.maxUnavailable === undefined) return [];
  return [invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set')];
}

function ingressCauses(spec: Fields): StatusCause[] {
  if (list(spec.rules).length > 0 || isFields(spec.defaultBackend)) return [];
  return [invalidValue('spec', spec.rules ?? [], 'either `defaultBackend` or `rules` must be specified')];
}

function bindingCauses(_spec: Fields, { roleRef }: KubeObject): StatusCause[] {
  const kinds = ['Role', 'ClusterRole'];
  const kind = dig(roleRef, 'kind');
  return [
    ...(kinds.includes(text(kind)) ? [] : [unsupported('roleRef.kind', kind ?? '', kinds)]),
    ...requiredText(dig(roleRef, 'name'), 'roleRef.name'),
  ];
}
