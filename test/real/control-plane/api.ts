import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';

/** An object of the API, as far as tests look into it. */
export interface ApiObject {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Requests to the server of a kubeconfig as its user. */
export interface Api {
  readonly server: string;
  /** Any request; a status code is no error. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  get<T>(path: string, headers?: Readonly<Record<string, string>>): Promise<T>;
  create(path: string, object: object): Promise<ApiObject>;
  /** Creates or changes, by server-side apply. */
  apply(path: string, object: ApiObject): Promise<ApiObject>;
  /** Merges into an object, or into its status when the path ends so. */
  merge(path: string, change: object): Promise<ApiObject>;
  remove(path: string): Promise<void>;
}

/** The API as the current user of a kubeconfig file. Methods but `send` fail with the server's message. */
export function connect(kubeconfig: string): Api {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error(`${kubeconfig} names no server`);

  const send: Api['send'] = async (method, path, body, headers = {}) => {
    const options: RequestOptions = { method, headers: { Accept: 'application/json', ...headers } };
    if (body !== undefined) options.headers = { 'Content-Type': 'application/json', ...options.headers };
    await config.applyToHTTPSOptions(options);
    return exchange(new URL(path, server), options, body);
  };
  const demand = async (...args: Parameters<typeof send>): Promise<unknown> => {
    const { status, body } = await send(...args);
    if (status >= 300) throw new Error(`${args[0]} ${args[1]}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const patch = (path: string, type: string, change: object): Promise<ApiObject> =>
    demand('PATCH', path, change, { 'Content-Type': `application/${type}` }) as Promise<ApiObject>;

  return {
    server,
    send,
    get: <T>(path: string, headers?: Readonly<Record<string, string>>) =>
      demand('GET', path, undefined, headers) as Promise<T>,
    create: (path, object) => demand('POST', path, object) as Promise<ApiObject>,
    apply: (path, object) =>
      patch(`${path}?fieldManager=homelab-top-test&force=true`, 'apply-patch+yaml', object),
    merge: (path, change) => patch(path, 'merge-patch+json', change),
    remove: async (path) => {
      await demand('DELETE', path);
    },
  };
}

function exchange(url: URL, options: RequestOptions, body: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString()) }),
      );
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** JSON where it is JSON; /readyz, logs and the like are plain text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
