/** An object in words, laid out as people know it from `kubectl describe`. Pure; all lines are sanitised. */
import { stringify } from 'yaml';
import { age, dateTime } from '../../domain/format.ts';
import type { EventInfo } from '../../domain/kinds.ts';
import { clean } from '../../domain/text.ts';
import type { KubeError } from './errors.ts';
import { isRecord, list, type Raw, record, string, time } from './raw.ts';

const MAX_LINE = 16_384;
const MAX_COLUMN = 40;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Row = readonly string[];

/** Untrusted text, made safe exactly once: events come sanitised already. */
function shown(value: unknown): string {
  return clean(String(value), MAX_LINE);
}

/** Describes `raw`; `events` may be the reason why they could not be read. */
export function describeObject(
  raw: Raw,
  events: readonly EventInfo[] | KubeError,
  now: number,
): readonly string[] {
  const spec = record(raw.spec);
  const status = record(raw.status);
  const podSpec = podSpecOf(raw);
  const template = podSpec === undefined || podSpec === spec ? {} : without(podSpec, CONTAINERS);
  return [
    ...header(raw, now),
    ...containerSection('Init Containers', podSpec?.initContainers, status.initContainerStatuses, now),
    ...containerSection('Containers', podSpec?.containers, status.containerStatuses, now),
    ...conditionSection(status.conditions, now),
    ...yamlSection('Pod Template', template),
    ...yamlSection('Spec', podSpec === undefined ? spec : without(spec, [...CONTAINERS, ...TEMPLATES])),
    ...yamlSection('Status', without(status, TOLD_ELSEWHERE)),
    ...yamlSection('Data', record(raw.data)),
    ...eventSection(events, now),
  ];
}

const CONTAINERS = ['containers', 'initContainers'];
const TEMPLATES = ['template', 'jobTemplate'];
/** Parts of a status that have their own section; `images` of a node is a page of noise. */
const TOLD_ELSEWHERE = ['conditions', 'containerStatuses', 'initContainerStatuses', 'images'];

/** The pod spec of a pod, a workload, a Job or a CronJob. */
function podSpecOf(raw: Raw): Raw | undefined {
  const spec = record(raw.spec);
  const job = isRecord(spec.jobTemplate) ? record(spec.jobTemplate.spec) : spec;
  const candidates = [spec, record(record(job.template).spec)];
  return candidates.find((candidate) => Array.isArray(candidate.containers));
}

/** A table of events, newest first. */
export function eventLines(events: readonly EventInfo[], now: number): readonly string[] {
  if (events.length === 0)
    return ['No events. The API server keeps them for an hour, so that proves little.'];
  const rows = events.map((event) => [
    event.type,
    event.reason,
    event.count > 1
      ? `${age(now - event.lastAt)} (x${event.count} over ${age(now - (event.firstAt ?? event.lastAt))})`
      : age(now - event.lastAt),
    event.component ?? '',
    event.message,
  ]);
  return table([['TYPE', 'REASON', 'AGE', 'FROM', 'MESSAGE'], ...rows]);
}

function header(raw: Raw, now: number): string[] {
  const metadata = record(raw.metadata);
  const { [LAST_APPLIED]: _, ...annotations } = record(metadata.annotations);
  const owners = list(metadata.ownerReferences).map(record);
  const spec = record(raw.spec);
  const status = record(raw.status);
  return fields([
    ['Name', metadata.name],
    ['Namespace', metadata.namespace],
    ['Kind', `${String(raw.kind)} (${String(raw.apiVersion)})`],
    ['UID', metadata.uid],
    ['Created', moment(metadata.creationTimestamp, now)],
    ['Deleting', moment(metadata.deletionTimestamp, now)],
    ['Controlled By', owners.map((owner) => `${String(owner.kind)}/${String(owner.name)}`).join(', ')],
    ['Finalizers', list(metadata.finalizers).join(', ')],
    ['Labels', pairs(record(metadata.labels))],
    ['Annotations', pairs(annotations)],
    ['Node', spec.nodeName],
    ['Status', status.phase],
    ['Reason', status.reason],
    ['Message', status.message],
    ['IP', status.podIP],
    ['QoS Class', status.qosClass],
  ]);
}

/** `Label: value` lines with aligned values; several values stand below each other, empty ones are left out. */
function fields(entries: readonly (readonly [string, unknown])[], indent = ''): string[] {
  const present = entries.filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  const width = Math.max(...present.map(([label]) => label.length)) + 3;
  return present.flatMap(([label, value]) =>
    (Array.isArray(value) ? value : [value]).map(
      (each, index) => `${indent}${(index === 0 ? `${label}:` : '').padEnd(width)}${shown(each)}`,
    ),
  );
}

function pairs(map: Raw): string[] {
  return Object.entries(map).map(([key, value]) => `${key}=${String(value)}`);
}

function moment(value: unknown, now: number): string {
  const at = time(value);
  return at === undefined
    ? ''
    : `${dateTime(at)} (${at > now ? `in ${age(at - now)}` : `${age(now - at)} ago`})`;
}

function yamlSection(title: string, value: Raw): string[] {
  if (Object.keys(value).length === 0) return [];
  const text = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return [
    '',
    `${title}:`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${shown(line)}`),
  ];
}

function without(value: Raw, keys: readonly string[]): Raw {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function containerSection(title: string, containers: unknown, statuses: unknown, now: number): string[] {
  const all = list(containers).filter(isRecord);
  if (all.length === 0) return [];
  const byName = new Map(
    list(statuses)
      .map(record)
      .map((status) => [status.name, status]),
  );
  return ['', `${title}:`, ...all.flatMap((each) => containerLines(each, byName.get(each.name), now))];
}

function containerLines(container: Raw, status: Raw | undefined, now: number): string[] {
  const resources = record(container.resources);
  const ports = list(container.ports).map(record);
  return [
    `  ${shown(container.name)}:`,
    ...fields(
      [
        ['Image', container.image],
        ['Image ID', status?.imageID],
        [
          'Ports',
          ports.map((port) => `${String(port.containerPort)}/${string(port.protocol) ?? 'TCP'}`).join(', '),
        ],
        ['Command', [...list(container.command), ...list(container.args)].join(' ')],
        ['State', stateText(status?.state, now)],
        ['Last State', stateText(status?.lastState, now)],
        ['Ready', status?.ready],
        ['Restart Count', status?.restartCount],
        ['Limits', pairs(record(resources.limits)).join(', ')],
        ['Requests', pairs(record(resources.requests)).join(', ')],
        ['Liveness', probeText(container.livenessProbe)],
        ['Readiness', probeText(container.readinessProbe)],
        ['Startup', probeText(container.startupProbe)],
        ['Environment', list(container.env).map(record).map(variableText)],
        [
          'Mounts',
          list(container.volumeMounts)
            .map(record)
            .map(
              (mount) =>
                `${String(mount.mountPath)} from ${String(mount.name)}${mount.readOnly === true ? ' (ro)' : ''}`,
            ),
        ],
      ],
      '    ',
    ),
  ];
}

function stateText(value: unknown, now: number): string {
  const { waiting, running, terminated } = record(value);
  if (isRecord(running)) return `Running since ${moment(running.startedAt, now)}`;
  if (isRecord(waiting)) return joined('Waiting', waiting.reason, waiting.message);
  if (!isRecord(terminated)) return '';
  const signal = terminated.signal ? `, signal ${String(terminated.signal)}` : '';
  const end = `exit code ${String(terminated.exitCode)}${signal}, finished ${moment(terminated.finishedAt, now)}`;
  return joined('Terminated', terminated.reason, end, terminated.message);
}

function joined(...parts: readonly unknown[]): string {
  return parts.flatMap((part) => string(part) ?? []).join(': ');
}

function probeText(value: unknown): string {
  if (!isRecord(value)) return '';
  const { httpGet, tcpSocket, exec, grpc } = value;
  const http = record(httpGet);
  const target = isRecord(httpGet)
    ? `${(string(http.scheme) ?? 'HTTP').toLowerCase()}-get :${String(http.port)}${string(http.path) ?? '/'}`
    : isRecord(tcpSocket)
      ? `tcp-socket :${String(tcpSocket.port)}`
      : isRecord(grpc)
        ? `grpc :${String(grpc.port)}`
        : `exec ${list(record(exec).command).join(' ')}`;
  const seconds = (field: string, fallback: number): string => `${String(value[field] ?? fallback)}s`;
  return `${target} delay=${seconds('initialDelaySeconds', 0)} timeout=${seconds('timeoutSeconds', 1)} period=${seconds('periodSeconds', 10)} #failure=${String(value.failureThreshold ?? 3)}`;
}

function variableText(variable: Raw): string {
  const from = record(variable.valueFrom);
  const [kind] = Object.keys(from);
  if (kind === undefined) return `${String(variable.name)}=${String(variable.value ?? '')}`;
  const source = record(from[kind]);
  const what = [source.name, source.key, source.fieldPath, source.resource]
    .flatMap((part) => string(part) ?? [])
    .join('/');
  return `${String(variable.name)} from ${kind} ${what}`;
}

function conditionSection(value: unknown, now: number): string[] {
  const conditions = list(value).map(record);
  if (conditions.length === 0) return [];
  const rows = conditions.map((each) => {
    const since = time(each.lastTransitionTime);
    return [
      each.type,
      each.status,
      since === undefined ? '' : age(now - since),
      each.reason,
      each.message,
    ].map((cell) => shown(cell ?? ''));
  });
  return [
    '',
    'Conditions:',
    ...table([['TYPE', 'STATUS', 'SINCE', 'REASON', 'MESSAGE'], ...rows]).map((line) => `  ${line}`),
  ];
}

function eventSection(events: readonly EventInfo[] | KubeError, now: number): string[] {
  if ('kind' in events) return ['', `Events: not known: ${events.message}`];
  return ['', 'Events:', ...eventLines(events, now).map((line) => `  ${line}`)];
}

/** Columns padded to their widest cell, within reason; the last one is free. */
function table(rows: readonly Row[]): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.min(MAX_COLUMN, Math.max(...rows.map((row) => row[column]?.length ?? 0))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column === columns - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
