import { Credentials } from '../../src/collectors/kubernetes/credentials.ts';
import { KubeHttp } from '../../src/collectors/kubernetes/http.ts';
import type { ClusterConfig, KubeAccess, UserConfig } from '../../src/collectors/kubernetes/kubeconfig.ts';
import { isRecord, type Raw, string } from '../../src/collectors/kubernetes/raw.ts';
import { Reflector } from '../../src/collectors/kubernetes/reflector.ts';
import {
  type ChangeListener,
  type Collection,
  type Keyed,
  ObjectTable,
} from '../../src/domain/collection.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { FaultServer } from './faultServer.ts';
import { ManualClock, until } from './manualClock.ts';

/** An access to a plain-http server on loopback. */
export function accessTo(
  server: string,
  user: Partial<UserConfig> = {},
  clock = new ManualClock(),
): KubeAccess {
  const cluster: ClusterConfig = { server, skipVerify: false };
  return {
    target: {
      context: 'test',
      contexts: ['test'],
      server,
      user: 'tester',
      namespace: 'default',
      insecure: true,
    },
    cluster,
    credentials: new Credentials({ impersonation: {}, ...user }, cluster, 'tester', clock),
  };
}

export function minimal(raw: Raw): Keyed | undefined {
  const metadata = isRecord(raw.metadata) ? raw.metadata : {};
  const name = string(metadata.name);
  const uid = string(metadata.uid);
  if (name === undefined || uid === undefined) return undefined;
  return {
    name,
    uid,
    namespace: string(metadata.namespace) ?? '',
    resourceVersion: string(metadata.resourceVersion) ?? '',
  };
}

export interface HarnessOptions {
  readonly streaming?: boolean;
  readonly user?: Partial<UserConfig>;
  readonly onChange?: ChangeListener<Keyed>;
  readonly before?: (server: FaultServer, clock: ManualClock) => void;
}

/** A reflector of pods against a scripted server, in manual time. */
export class Harness {
  readonly server: FaultServer;
  readonly clock = new ManualClock();
  readonly table = new ObjectTable<Keyed>();
  readonly snapshots: Snapshot<Collection<Keyed>>[] = [];
  readonly streaming: { supported: boolean };
  readonly http: KubeHttp;
  readonly reflector: Reflector<Keyed>;

  private constructor(server: FaultServer, { streaming = false, user, onChange }: HarnessOptions) {
    this.server = server;
    this.streaming = { supported: streaming };
    this.http = new KubeHttp(accessTo(server.url, user, this.clock), this.clock);
    if (onChange) this.table.onChange(onChange);
    this.reflector = new Reflector<Keyed>({
      http: this.http,
      path: '/api/v1/pods',
      kind: 'Pod',
      table: this.table,
      project: minimal,
      publish: (snapshot) => this.snapshots.push(snapshot),
      missing: 'pods',
      streaming: this.streaming,
      clock: this.clock,
    });
  }

  static async start(options: HarnessOptions = {}): Promise<Harness> {
    const server = new FaultServer();
    await server.start();
    const harness = new Harness(server, options);
    options.before?.(server, harness.clock);
    harness.reflector.start();
    return harness;
  }

  get last(): Snapshot<Collection<Keyed>> | undefined {
    return this.snapshots.at(-1);
  }

  get statuses(): string[] {
    return this.snapshots.map(({ status }) => status);
  }

  get names(): string[] {
    return [...this.table.values()].map(({ name }) => name).sort();
  }

  /** Waits until the snapshot has this state. */
  status(status: Snapshot<unknown>['status']): Promise<void> {
    return until(() => this.last?.status === status, `status ${status}, it is ${this.last?.status}`);
  }

  watches(count: number): Promise<void> {
    return until(
      () => this.server.watchCount >= count,
      `${count} watches, there were ${this.server.watchCount}`,
    );
  }

  lists(count: number): Promise<void> {
    return until(() => this.server.listCount >= count, `${count} lists, there were ${this.server.listCount}`);
  }

  async stop(): Promise<void> {
    await this.reflector.stop();
    this.http.close();
    await this.server.stop();
  }
}
