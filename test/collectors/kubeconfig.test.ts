import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/collectors/kubernetes/errors.ts';
import { type KubeconfigOptions, loadKubeconfig } from '../../src/collectors/kubernetes/kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
let files = 0;

function file(text: string): string {
  files += 1;
  const path = join(folder, `config-${files}`);
  writeFileSync(path, text);
  return path;
}

const HOME = `
apiVersion: v1
kind: Config
current-context: home
clusters:
- {name: c1, cluster: {server: 'https://192.0.2.1:6443/', certificate-authority: ca.crt}}
- {name: c2, cluster: {server: 'https://192.0.2.2:6443', insecure-skip-tls-verify: true}}
users:
- {name: u1, user: {token: one}}
- name: u2
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login.sh, args: [get-token], env: [{name: A, value: b}]}}
contexts:
- {name: home, context: {cluster: c1, user: u1, namespace: media}}
- {name: lab, context: {cluster: c2, user: u2}}
- {name: broken, context: {cluster: nowhere, user: u1}}
`;

function failure(options: KubeconfigOptions): ConfigError {
  try {
    loadKubeconfig(options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('loadKubeconfig', () => {
  it('reads the current context', () => {
    const path = file(HOME);
    const { target, cluster } = loadKubeconfig({ path });
    expect(target).toEqual({
      context: 'home',
      contexts: ['home', 'lab', 'broken'],
      server: 'https://192.0.2.1:6443',
      user: 'u1',
      namespace: 'media',
      insecure: false,
    });
    expect(cluster.caFile).toBe(join(folder, 'ca.crt'));
  });

  it('reads another context: insecure, with a login plugin beside the file', () => {
    const { target } = loadKubeconfig({ path: file(HOME), context: 'lab' });
    expect(target.insecure).toBe(true);
    expect(target.namespace).toBe('default');
    expect(target.execPlugin).toEqual({ command: join(folder, 'login.sh'), args: ['get-token'] });
  });

  it('merges the files of KUBECONFIG as kubectl does: the first to define a name wins, missing files are skipped', () => {
    const first = file(
      'contexts: [{name: home, context: {cluster: c1, user: mine}}]\nusers: [{name: mine, user: {}}]',
    );
    const env = { KUBECONFIG: `/does/not/exist:${first}:${file(HOME)}` };
    const { target } = loadKubeconfig({ env });
    expect(target.user).toBe('mine');
    expect(target.server).toBe('https://192.0.2.1:6443');
    expect(target.contexts).toEqual(['home', 'lab', 'broken']);
    expect(target.context).toBe('home');
  });

  it.each([
    ['192.0.2.9:8080', '', 'http://192.0.2.9:8080'],
    ['192.0.2.9:6443', ', insecure-skip-tls-verify: true', 'https://192.0.2.9:6443'],
    ['https://host/k8s/clusters/c-1/', '', 'https://host/k8s/clusters/c-1'],
  ])('server %s%s is %s', (server, more, url) => {
    const text = `current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: '${server}'${more}}}]`;
    expect(loadKubeconfig({ path: file(text) }).target.server).toBe(url);
  });

  it.each([
    [
      'a file that is not there',
      () => ({ path: '/does/not/exist' }),
      /cannot read kubeconfig .*exist: it does not exist/,
      /--kubeconfig/,
    ],
    ['a folder', () => ({ path: folder }), /it is a directory/, /--kubeconfig/],
    [
      'nothing anywhere',
      () => ({ env: { HOME: folder } }),
      /no kubeconfig found: tried ~\/\.kube\/config/,
      /--demo/,
    ],
    [
      'broken YAML',
      () => ({ path: file('clusters:\n- name: a\n  bad: [1\n') }),
      /:\d+ is not valid YAML/,
      /line/,
    ],
    [
      'another kind',
      () => ({ path: file('kind: Deployment') }),
      /is no kubeconfig: it is a Deployment/,
      /--kubeconfig/,
    ],
    ['an empty file', () => ({ path: file('') }), /is no kubeconfig: it is empty/, /--kubeconfig/],
    [
      'an unknown context',
      () => ({ path: file(HOME), context: 'prod' }),
      /no context "prod"/,
      /known contexts: home, lab, broken/,
    ],
    [
      'no current context',
      () => ({ path: file(HOME.replace('current-context: home', '')) }),
      /no current-context/,
      /home, lab, broken/,
    ],
    [
      'a missing cluster',
      () => ({ path: file(HOME), context: 'broken' }),
      /names cluster "nowhere", which is not defined/,
      /c1, c2/,
    ],
    [
      'no server',
      () => ({ path: file(HOME.replace("server: 'https://192.0.2.1:6443/',", '')) }),
      /cluster "c1" in .* has no server/,
      /https:/,
    ],
    [
      'a server that is no URL',
      () => ({ path: file(HOME.replace('https://192.0.2.1:6443/', 'ftp://x')) }),
      /is no URL/,
      /https:/,
    ],
    [
      'a list that is none',
      () => ({ path: file(HOME.replace(/users:\n(- .*\n| {2}.*\n)*/, 'users: 3\n')) }),
      /users in .* is not a list/,
      /config view/,
    ],
    [
      'a certificate that is none',
      () => ({
        path: file(HOME.replace('certificate-authority: ca.crt', 'certificate-authority-data: eHg=')),
      }),
      /is no base64-encoded PEM/,
      /kubeconfig/,
    ],
    [
      'a dropped auth-provider',
      () => ({
        path: file(HOME.replace('{token: one}', '{auth-provider: {name: gcp, config: {cmd-path: /bin/sh}}}')),
      }),
      /auth-provider "gcp"/,
      /exec plugin/,
    ],
    [
      'a login provider without client-id',
      () => ({
        path: file(
          HOME.replace(
            '{token: one}',
            "{auth-provider: {name: oidc, config: {idp-issuer-url: 'https://idp.lan'}}}",
          ),
        ),
      }),
      /auth-provider oidc of user "u1" in .* has no client-id/,
      /kubeconfig/,
    ],
  ] as const)('says in one line what is wrong and what to do: %s', (_, options, message, fix) => {
    const error = failure(options());
    expect(error.kind).toBe('config');
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(error.fix).toMatch(fix);
  });
});
