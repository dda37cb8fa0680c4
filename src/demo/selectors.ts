import { badRequest } from './errors.ts';
import { dig, fields, list, text } from './json.ts';
import type { KubeObject } from './object.ts';
import { type ResourceDef, resourceKey } from './resources.ts';

/** Whether an object is selected. */
export type Matcher = (object: KubeObject) => boolean;

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const NAME = '[A-Za-z0-9][-A-Za-z0-9_./]*';
const SET = new RegExp(String.raw`^(${NAME})\s+(in|notin)\s*\(([^)]*)\)$`);
const COMPARE = new RegExp(String.raw`^(${NAME})\s*(==|=|!=|>|<)\s*([-A-Za-z0-9_.]*)$`);
const EXISTS = new RegExp(String.raw`^(!?)\s*(${NAME})$`);

/** Parses a label selector such as `app=plex,tier in (a,b),!debug`. Throws 400. */
function parseLabelSelector(selector: string): (labels: Labels) => boolean {
  const requirements = splitOutsideParentheses(selector).map(parseRequirement);
  return (labels) => requirements.every((requirement) => requirement(labels));
}

/** A matcher for a LabelSelector object; an empty one matches everything, an absent one nothing. */
export function labelSelectorMatcher(selector: unknown): (labels: Labels) => boolean {
  if (selector === undefined || selector === null) return () => false;
  const wanted = Object.entries(fields(dig(selector, 'matchLabels')));
  const expressions = list(dig(selector, 'matchExpressions')).map(expressionRequirement);
  return (labels) =>
    wanted.every(([key, value]) => labels[key] === value) && expressions.every((each) => each(labels));
}

/** The selector of a workload as text, as the scale subresource and wide tables show it. */
export function selectorText(selector: unknown): string {
  const equalities = Object.entries(fields(dig(selector, 'matchLabels'))).map(([k, v]) => `${k}=${text(v)}`);
  const expressions = list(dig(selector, 'matchExpressions')).map((expression) => {
    const key = text(dig(expression, 'key'));
    const operator = text(dig(expression, 'operator'));
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${list(dig(expression, 'values')).join(',')})`;
  });
  return [...equalities, ...expressions].sort().join(',');
}

function expressionRequirement(expression: unknown): Requirement {
  const key = text(dig(expression, 'key'));
  const values = list(dig(expression, 'values')).map(String);
  switch (text(dig(expression, 'operator'))) {
    case 'In':
      return (labels) => values.includes(labels[key] ?? '') && key in labels;
    case 'NotIn':
      return (labels) => !(key in labels) || !values.includes(labels[key] ?? '');
    case 'Exists':
      return (labels) => key in labels;
    default:
      return (labels) => !(key in labels);
  }
}

function splitOutsideParentheses(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseRequirement(part: string): Requirement {
  const set = SET.exec(part);
  if (set) {
    const [, key = '', operator, values = ''] = set;
    return expressionRequirement({
      key,
      operator: operator === 'in' ? 'In' : 'NotIn',
      values: values.split(',').map((value) => value.trim()),
    });
  }
  const comparison = COMPARE.exec(part);
  if (comparison) return comparisonRequirement(comparison);
  const exists = EXISTS.exec(part);
  if (exists) {
    const [, not, key = ''] = exists;
    return not ? (labels) => !(key in labels) : (labels) => key in labels;
  }
  throw badRequest(`unable to parse requirement: found '${part}', expected: in, notin, =, ==, !=, gt, lt`);
}

function comparisonRequirement([, key = '', operator, value = '']: RegExpExecArray): Requirement {
  if (operator === '!=') return (labels) => labels[key] !== value;
  if (operator === '>') return (labels) => Number(labels[key]) > Number(value);
  if (operator === '<') return (labels) => Number(labels[key]) < Number(value);
  return (labels) => labels[key] === value;
}

const INVOLVED = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

/** Fields that can be selected beside metadata.name and metadata.namespace, and where their values are. */
const SELECTABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pods: same(
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ),
  nodes: same('spec.unschedulable'),
  namespaces: same('status.phase'),
  secrets: same('type'),
  services: same('spec.clusterIP', 'spec.type'),
  replicationcontrollers: same('status.replicas'),
  'replicasets.apps': same('status.replicas'),
  'jobs.batch': { 'status.successful': 'status.succeeded' },
  events: {
    ...same('reason', 'type', 'reportingComponent', ...INVOLVED.map((each) => `involvedObject.${each}`)),
    source: 'source.component',
  },
  'events.events.k8s.io': {
    ...same('reason', 'type'),
    reportingController: 'reportingComponent',
    ...Object.fromEntries(INVOLVED.map((each) => [`regarding.${each}`, `involvedObject.${each}`])),
  },
};

function same(...paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, path]));
}

/** Parses a field selector such as `spec.nodeName=n1,status.phase!=Running`. Throws 400 for unknown fields. */
function parseFieldSelector(def: ResourceDef, selector: string): Matcher {
  const known: Readonly<Record<string, string>> = {
    ...same('metadata.name', 'metadata.namespace'),
    ...SELECTABLE[resourceKey(def)],
  };
  const terms = splitOutsideParentheses(selector).map((part) => {
    const [, field = '', operator, value = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
    const path = known[field];
    if (operator === undefined) {
      throw badRequest(`invalid selector: '${selector}'; can't understand '${part}'`);
    }
    if (path === undefined) {
      throw badRequest(`field label not supported: ${field}`);
    }
    const keys = path.split('.');
    return (object: KubeObject) => (fieldText(object, keys) === value) === (operator !== '!=');
  });
  return (object) => terms.every((term) => term(object));
}

/** Absent fields select as their zero value, which is 'false' for the one boolean that can be selected. */
function fieldText(object: KubeObject, keys: readonly string[]): string {
  const value = dig(object, ...keys);
  if (value === undefined || value === null) return keys[1] === 'unschedulable' ? 'false' : '';
  return String(value);
}

/** The matcher for a request's selectors, or undefined when it selects everything. */
export function requestMatcher(def: ResourceDef, query: URLSearchParams): Matcher | undefined {
  const labelSelector = query.get('labelSelector') ?? '';
  const fieldSelector = query.get('fieldSelector') ?? '';
  if (labelSelector === '' && fieldSelector === '') return undefined;
  const byLabel = parseLabelSelector(labelSelector);
  const byField = parseFieldSelector(def, fieldSelector);
  return (object) => byLabel(object.metadata.labels ?? {}) && byField(object);
}
