import type { ServerResponse } from 'node:http';
import { badRequest } from '../errors.ts';
import { dig, list, text } from '../json.ts';
import type { KubeObject } from '../object.ts';
import type { PodLogOptions, ResourceRequest, ServerContext } from './context.ts';
import { writePieces } from './http.ts';
import { flag, wholeNumber } from './options.ts';
import { requireObject } from './read.ts';

const IMAGE_TROUBLE = new Set(['ErrImagePull', 'ImagePullBackOff']);

/** Answers a GET of a container's log as text, following it when asked to. */
export async function logs(context: ServerContext, request: ResourceRequest): Promise<void> {
  const { query, response } = request;
  const pod = requireObject(context, request);
  const container = chooseContainer(pod, query.get('container') ?? '');
  const options = logOptions(query, context.clock.now());
  checkStarted(pod, container, options.previous);
  const log = context.hooks.podLogs?.(pod, container, options);
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.flushHeaders();
  await writePieces(response, withNewlines(log?.lines ?? []));
  if (flag(query, 'follow') && !options.previous && log?.follow) follow(response, log.follow.bind(log));
  else response.end();
}

function* withNewlines(lines: readonly string[]): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

function follow(response: ServerResponse, start: (push: (line: string) => void) => () => void): void {
  if (response.destroyed) return;
  const stop = start((line) => {
    if (!response.destroyed) response.write(`${line}\n`);
  });
  response.once('close', stop);
}

function logOptions(query: URLSearchParams, now: number): PodLogOptions {
  const tailLines = wholeNumber(query, 'tailLines');
  const sinceTime = Date.parse(query.get('sinceTime') ?? '');
  const sinceSeconds = Number.isNaN(sinceTime)
    ? wholeNumber(query, 'sinceSeconds')
    : Math.max(0, Math.ceil((now - sinceTime) / 1000));
  return {
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
  };
}

function names(pod: KubeObject, field: string): string[] {
  return list(dig(pod, 'spec', field)).map((each) => text(dig(each, 'name')));
}

/** The container whose log is meant. Throws 400 when that is not clear or there is no such container. */
function chooseContainer(pod: KubeObject, wanted: string): string {
  const { name } = pod.metadata;
  const containers = names(pod, 'containers');
  const init = names(pod, 'initContainers');
  if (wanted !== '') {
    if ([...containers, ...init, ...names(pod, 'ephemeralContainers')].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const [only] = containers;
  if (only !== undefined && containers.length === 1) return only;
  const choice = `choose one of: [${containers.join(' ')}]`;
  const more = init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : '';
  throw badRequest(`a container name must be specified for pod ${name}, ${choice}${more}`);
}

/** Throws 400 when the container, or its previous run, has no log to show. */
function checkStarted(pod: KubeObject, container: string, previous: boolean): void {
  const { name } = pod.metadata;
  const status = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']
    .flatMap((field) => list(dig(pod, 'status', field)))
    .find((each) => dig(each, 'name') === container);
  const ended = dig(status, 'lastState', 'terminated');
  if (previous) {
    if (ended === undefined) {
      throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
    }
    return;
  }
  const reason = text(dig(status, 'state', 'waiting', 'reason'));
  if (status === undefined || (dig(status, 'state', 'waiting') !== undefined && ended === undefined)) {
    const why = IMAGE_TROUBLE.has(reason)
      ? 'trying and failing to pull image'
      : reason || 'ContainerCreating';
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${why}`);
  }
}
