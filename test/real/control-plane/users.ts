import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments, stringify } from 'yaml';
import type { Api, ApiObject } from './api.ts';

/** Who may do what: admin everything; viewer what docs/rbac.yaml grants; the others built-in roles. */
export const USERS = ['admin', 'operator', 'viewer', 'no-secrets', 'namespace-only'] as const;
export type User = (typeof USERS)[number];

/** The only namespace that `namespace-only` may read. */
export const OWN_NAMESPACE = 'media';
const HOME = 'homelab-top-users';

/** Creates all users but the administrator and writes a kubeconfig each; gives the file of each. */
export async function createUsers(
  admin: Api,
  adminKubeconfig: string,
  folder: string,
): Promise<Readonly<Record<User, string>>> {
  for (const object of [...documented(), ...objects()]) await admin.apply(pathOf(object), object);
  mkdirSync(folder, { recursive: true });
  const write = async (user: User, account: string): Promise<string> => {
    const file = join(folder, `${user}.kubeconfig`);
    const token = await tokenOf(admin, account);
    writeFileSync(file, withToken(adminKubeconfig, user, token), { mode: 0o600 });
    return file;
  };
  const own = (name: User): Promise<string> => write(name, `${HOME}/serviceaccounts/${name}`);
  return {
    admin: adminKubeconfig,
    operator: await own('operator'),
    viewer: await write('viewer', 'kube-system/serviceaccounts/homelab-top'),
    'no-secrets': await own('no-secrets'),
    'namespace-only': await own('namespace-only'),
  };
}

/** The role that we recommend to users, as they apply it. */
function documented(): ApiObject[] {
  return parseAllDocuments(readFileSync(resolve('docs/rbac.yaml'), 'utf8')).map(
    (one) => one.toJS() as ApiObject,
  );
}

function objects(): ApiObject[] {
  const core = (kind: string, name: string, namespace?: string): ApiObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(namespace && { namespace }) },
  });
  return [
    core('Namespace', HOME),
    core('Namespace', OWN_NAMESPACE),
    core('ServiceAccount', 'operator', HOME),
    core('ServiceAccount', 'no-secrets', HOME),
    core('ServiceAccount', 'namespace-only', HOME),
    binding('operator', 'edit'),
    {
      ...binding('operator', 'homelab-top-read'),
      metadata: { name: 'homelab-top-test-operator-reads-nodes' },
    },
    binding('no-secrets', 'view'),
    binding('namespace-only', 'view', OWN_NAMESPACE),
  ];
}

function binding(user: User, role: string, namespace?: string): ApiObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: { name: `homelab-top-test-${user}`, ...(namespace && { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: user, namespace: HOME }],
  };
}

/** Path of an object of the kinds that define users. */
function pathOf({ apiVersion, kind, metadata }: ApiObject): string {
  const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${group}${scope}/${kind?.toLowerCase()}s/${metadata.name}`;
}

async function tokenOf(admin: Api, account: string): Promise<string> {
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: {},
    spec: { expirationSeconds: 24 * 3600 },
  };
  const answer = await admin.create(`/api/v1/namespaces/${account}/token`, request);
  return (answer.status as { token: string }).token;
}

/** The kubeconfig of another user of the same cluster. */
function withToken(adminKubeconfig: string, user: User, token: string): string {
  const config = new KubeConfig();
  config.loadFromFile(adminKubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`${adminKubeconfig} has no current cluster`);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': user,
    clusters: [
      {
        name: cluster.name,
        cluster: {
          server: cluster.server,
          'certificate-authority': cluster.caFile,
          'certificate-authority-data': cluster.caData,
          'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
        },
      },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: user, context: { cluster: cluster.name, user } }],
  });
}
