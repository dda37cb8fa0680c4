import { expect } from 'vitest';
import type { Answer, Api, ApiObject } from '../real/control-plane/api.ts';

/** What the contract tests work in: a server, and a namespace of their own on it. */
export interface Workspace {
  readonly api: Api;
  readonly namespace: string;
}

/** A group of contract tests. */
export type Contract = (workspace: () => Workspace) => void;

/** A change of a stream, as a watch sends it. */
export interface WatchEvent {
  readonly type: string;
  readonly object: ApiObject;
}

/** A list, as far as tests look into it. */
export interface ApiList {
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly ApiObject[];
}

export const coreHome = ({ namespace }: Workspace): string => `/api/v1/namespaces/${namespace}`;
export const configMaps = (workspace: Workspace): string => `${coreHome(workspace)}/configmaps`;

export const configMap = (name: string, data: object = {}, metadata: object = {}): ApiObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

/** The version of an object. */
export const versionOf = ({ metadata }: ApiObject): string => String(metadata.resourceVersion);

export const namesOf = (objects: readonly ApiObject[]): readonly string[] =>
  objects.map(({ metadata }) => metadata.name);

/** Everything a watch sends until its timeout, which the path should keep short. */
export async function watched(api: Api, path: string): Promise<readonly WatchEvent[]> {
  const { status, body } = await api.send('GET', path);
  expect(status, JSON.stringify(body)).toBe(200);
  if (typeof body !== 'string') return [body as WatchEvent];
  return body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WatchEvent);
}

/** What `answer` is expected to match when the server refused a request. */
export const refusal = (code: number, reason: string, more: object = {}): Answer => ({
  status: code,
  body: expect.objectContaining({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    code,
    ...more,
  }),
});
