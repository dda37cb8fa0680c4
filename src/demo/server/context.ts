import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceDef } from '../resources.ts';
import type { ObjectStore } from '../store.ts';
import type { Encoding } from './encode.ts';
import type { WatchHub } from './hub.ts';

/** What a client asks of a container's log. */
export interface PodLogOptions {
  readonly previous: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly timestamps: boolean;
}

/** A container's log: the lines so far and, when it can still grow, a way to get the coming ones. */
export interface PodLog {
  readonly lines: readonly string[];
  /** Calls `push` for every new line until the returned function is called. */
  follow?(push: (line: string) => void): () => void;
}

/** What the simulated world adds to the objects in the store. */
export interface ServerHooks {
  /** The log of a container that has run. */
  podLogs?(pod: KubeObject, container: string, options: PodLogOptions): PodLog;
  /** NodeMetrics objects; without this hook metrics.k8s.io is not installed. */
  nodeMetrics?(): KubeObject[];
  /** PodMetrics objects. */
  podMetrics?(): KubeObject[];
}

/** What every handler works with. */
export interface ServerContext {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly hooks: ServerHooks;
  /** Server version, such as 'v1.34.1'. */
  readonly version: string;
  readonly faults: Faults;
  readonly hub: WatchHub;
  /** The resources offered, given the hooks. */
  readonly resources: readonly ResourceDef[];
}

/** One request for a resource. */
export interface ResourceRequest {
  readonly method: string;
  readonly def: ResourceDef;
  /** Namespace in the path; undefined when the request spans all or the resource has none. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly query: URLSearchParams;
  readonly encoding: Encoding;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

/** Namespace under which the store keeps the objects of a request. */
export function storeNamespace(request: ResourceRequest): string {
  return request.namespace ?? '';
}
