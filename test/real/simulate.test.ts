import { execFile, execFileSync, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulation, simulate } from '../support/simulate.ts';

/** Version of the stock kubectl on this machine; undefined when there is none. */
function clientVersion(): string | undefined {
  try {
    const text = execFileSync('kubectl', ['version', '--client', '-o', 'json'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return (JSON.parse(text) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion;
  } catch {
    return undefined;
  }
}

const version = clientVersion();

interface Item {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
  readonly spec: { readonly nodeName?: string };
}

describe.skipIf(version === undefined)(
  `kubectl ${version ?? '(not installed)'} on the embedded homelab`,
  () => {
    let homelab: Simulation;

    beforeAll(async () => {
      homelab = await simulate('--scenario', 'milestone', '--seed', '7');
    });

    afterAll(() => homelab.stop());

    const options = () => ({
      env: { PATH: process.env.PATH, HOME: '/nonexistent', KUBECONFIG: homelab.kubeconfig },
      timeout: 45_000,
    });

    /** Output of a kubectl command; fails with its error text. */
    const kubectl = (...args: readonly string[]): Promise<string> =>
      new Promise((resolve, reject) => {
        execFile('kubectl', [...args], options(), (error, stdout, stderr) => {
          if (error) reject(new Error(`kubectl ${args.join(' ')}: ${stderr}`));
          else resolve(stdout);
        });
      });

    const items = async (...args: readonly string[]): Promise<readonly Item[]> =>
      (JSON.parse(await kubectl('get', ...args, '-o', 'json')) as { items: Item[] }).items;

    const deploymentPods = async (): Promise<readonly Item[]> => {
      const pods = await items('pods', '-n', 'airflow');
      return pods.filter(({ metadata }) => metadata.name.startsWith('airflow-webserver'));
    };

    it('version and api-resources', async () => {
      expect(await kubectl('version')).toMatch(/Server Version: v1\./);
      expect(await kubectl('api-resources')).toMatch(/^pods\s+po\s+v1\s+true\s+Pod/m);
      expect(await kubectl('api-resources', '--api-group=apps')).toMatch(/^deployments\s+deploy\s+apps\/v1/m);
    });

    it('get prints server-side tables', async () => {
      expect(await kubectl('get', 'nodes')).toMatch(
        /^NAME\s+STATUS\s+ROLES\s+AGE\s+VERSION\n(\S+\s+Ready.*\n){3}$/,
      );
      expect(await kubectl('get', 'nodes', '-o', 'wide')).toMatch(/INTERNAL-IP.*KERNEL-VERSION/);
      const pods = await kubectl('get', 'pods', '-A');
      expect(pods).toMatch(/^airflow\s+airflow-webserver\S+\s.*\s98 \(/m);
      expect(pods).toMatch(/^velero\s+\S+\s+0\/1\s+(ImagePullBackOff|ErrImagePull)/m);
      expect(await kubectl('get', 'pods', '-A', '-o', 'wide')).toMatch(/NODE\s+NOMINATED NODE/);
    });

    it('get selects by label and field', async () => {
      const [node] = await items('nodes');
      const onNode = await items('pods', '-A', '--field-selector', `spec.nodeName=${node?.metadata.name}`);
      expect(onNode.length).toBeGreaterThan(0);
      expect(onNode.every(({ spec }) => spec.nodeName === node?.metadata.name)).toBe(true);
      expect(await items('pods', '-A', '-l', 'no-such-label=x')).toEqual([]);
    });

    it('get -o yaml and -o name', async () => {
      const [pod] = await deploymentPods();
      const name = pod?.metadata.name ?? '';
      expect(await kubectl('get', 'pod', name, '-n', 'airflow', '-o', 'yaml')).toMatch(
        /^apiVersion: v1\nkind: Pod\n/m,
      );
      expect(await kubectl('get', 'pod', name, '-n', 'airflow', '-o', 'name')).toBe(`pod/${name}\n`);
    });

    it('says not found as the real server does', async () => {
      await expect(kubectl('get', 'pod', 'absent', '-n', 'airflow')).rejects.toThrow(
        'Error from server (NotFound): pods "absent" not found',
      );
    });

    it('describe', async () => {
      const [pod] = await deploymentPods();
      const text = await kubectl('describe', 'pod', pod?.metadata.name ?? '', '-n', 'airflow');
      expect(text).toMatch(/Last State:\s+Terminated\n\s+Reason:\s+OOMKilled/);
      expect(text).toMatch(/Restart Count:\s+98/);
      const [node] = await items('nodes');
      expect(await kubectl('describe', 'node', node?.metadata.name ?? '')).toMatch(/Allocated resources:/);
    });

    it('logs, also of the previous run', async () => {
      expect(
        (await kubectl('logs', '-n', 'airflow', 'deploy/airflow-webserver', '--tail', '5')).trim(),
      ).not.toBe('');
      expect(
        (await kubectl('logs', '-n', 'airflow', 'deploy/airflow-webserver', '-p', '--tail', '5')).trim(),
      ).not.toBe('');
    });

    it('auth can-i', async () => {
      expect(await kubectl('auth', 'can-i', 'list', 'pods')).toBe('yes\n');
    });

    it('get -w sees a deleted pod go and its replacement come', async () => {
      const [pod] = await deploymentPods();
      const name = pod?.metadata.name ?? '';
      const watch = spawn(
        'kubectl',
        ['get', 'pods', '-n', 'airflow', '-w', '--output-watch-events'],
        options(),
      );
      let seen = '';
      watch.stdout.on('data', (chunk: Buffer) => {
        seen += chunk;
      });
      try {
        await expect.poll(() => seen, { timeout: 10_000 }).toContain(name);
        await kubectl('delete', 'pod', name, '-n', 'airflow', '--wait=false');
        await expect.poll(() => seen, { timeout: 45_000 }).toMatch(new RegExp(`DELETED\\s+${name}`));
        await expect
          .poll(async () => (await deploymentPods()).map(({ metadata }) => metadata.uid), { timeout: 30_000 })
          .not.toContain(pod?.metadata.uid);
        expect((await deploymentPods()).length).toBeGreaterThan(0);
      } finally {
        watch.kill();
      }
    });

    it('patch, scale and rollout status', async () => {
      await kubectl(
        'patch',
        'deploy/airflow-webserver',
        '-n',
        'airflow',
        '-p',
        '{"metadata":{"annotations":{"a":"b"}}}',
      );
      expect(
        await kubectl(
          'get',
          'deploy/airflow-webserver',
          '-n',
          'airflow',
          '-o',
          'jsonpath={.metadata.annotations.a}',
        ),
      ).toBe('b');
      await kubectl('scale', 'deploy/airflow-webserver', '-n', 'airflow', '--replicas=2');
      await kubectl('rollout', 'status', 'deploy/airflow-webserver', '-n', 'airflow', '--timeout=40s');
      expect(await deploymentPods()).toHaveLength(2);
    });

    it('cordon, drain and uncordon', async () => {
      const [node] = (await items('nodes')).slice(-1);
      const name = node?.metadata.name ?? '';
      await kubectl('cordon', name);
      expect(await kubectl('get', 'node', name)).toContain('SchedulingDisabled');
      await kubectl(
        'drain',
        name,
        '--ignore-daemonsets',
        '--delete-emptydir-data',
        // Their disruption budget lets one OSD go at a time.
        '--pod-selector=app!=rook-ceph-osd',
        '--force',
        '--timeout=40s',
      );
      await kubectl('uncordon', name);
      expect(await kubectl('get', 'node', name)).not.toContain('SchedulingDisabled');
    });
  },
);
