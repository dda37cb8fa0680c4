import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/app/cli.ts';
import { Interrupted } from '../../src/app/errors.ts';
import { KubeError } from '../../src/collectors/kubernetes/errors.ts';
import { pendingState } from '../../src/domain/state.ts';
import { assessment, CONTROL_BYTES, clusterState } from './sample.ts';
import { Captured, fakeSession, type World, world } from './world.ts';

const noConsole = async (): Promise<number> => {
  throw new Error('the console must not start here');
};

async function run(line: string, io: World = world()): Promise<{ code: number; out: string; err: string }> {
  const code = await runCli(line.split(' ').filter(Boolean), io, noConsole);
  return { code, out: io.stdout.text, err: io.stderr.text };
}

describe('runCli', () => {
  it('prints the version', async () => {
    expect(await run('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^homelab-top \d+\.\d+\.\d+ /),
    });
  });

  it('prints help of one command', async () => {
    expect(await run('doctor --help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Usage: homelab-top doctor'),
    });
  });

  it('says wrong usage on stderr and exits 64', async () => {
    const { code, out, err } = await run('check --contxt x');
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toBe('homelab-top: unknown option --contxt\n  fix: did you mean --context?\n');
  });

  it('starts the console on a terminal only', async () => {
    const console = vi.fn(async () => 0);
    await runCli([], world({ stdout: new Captured({ isTTY: true }) }), console);
    expect(console).toHaveBeenCalledOnce();
    const plain = await run('');
    expect(plain.out).toContain('critical');
    expect(plain.code).toBe(2);
  });

  it('ends quietly when nobody reads any more', async () => {
    const io = world({ stdout: new Captured({ fail: 'EPIPE' }) });
    expect(await run('check', io)).toEqual({ code: 0, out: '', err: '' });
  });

  it('tells of a full disk', async () => {
    const io = world({ stdout: new Captured({ fail: 'ENOSPC' }) });
    expect((await run('check', io)).err).toContain('ENOSPC');
  });

  it('explains an unreachable cluster in two lines and exits 3', async () => {
    const refused = new KubeError('config', 'no context "hom" in /k', {
      where: '/k',
      fix: 'known contexts: home',
    });
    const { code, out, err } = await run('check', world({ openSession: () => Promise.reject(refused) }));
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toBe('homelab-top: no context "hom" in /k\n  fix: known contexts: home\n');
  });

  it('does not wait for a login that never ends', async () => {
    const io = world({ openSession: () => new Promise<never>(() => undefined) });
    const { code, err } = await run('check --timeout 1', io);
    expect(code).toBe(3);
    expect(err).toContain('not logged in after 1 s');
  });

  it.each(['opening', 'waiting'])(
    'stops at once when interrupted while %s, and closes what it opened',
    async (when) => {
      const controller = new AbortController();
      const close = vi.fn(async () => undefined);
      const forever = new Promise<never>(() => undefined);
      let opened: (session: ReturnType<typeof fakeSession>) => void = () => undefined;
      const session = fakeSession({ close, settled: () => forever });
      const opening =
        when === 'opening'
          ? new Promise<typeof session>((resolve) => {
              opened = resolve;
            })
          : Promise.resolve(session);
      const running = run('check', world({ signal: controller.signal, openSession: () => opening }));
      await new Promise((resolve) => setImmediate(resolve));
      controller.abort(new Interrupted('SIGINT'));
      expect(await running).toEqual({ code: 130, out: '', err: '' });
      opened(session);
      await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
    },
  );
});

describe('check', () => {
  it('prints each format and takes its exit code from the verdict', async () => {
    expect(await run('check')).toMatchObject({ code: 2, out: expect.stringContaining('✗ critical') });
    expect(JSON.parse((await run('check -o json')).out)).toMatchObject({ exitCode: 2, status: 'critical' });
    expect((await run('check -o prometheus')).out).toContain('homelab_top_exit_code 2\n');
    expect((await run('check -o junit')).out).toContain('<testsuites');
  });

  it('judges only the asked areas', async () => {
    const document = JSON.parse((await run('check network -o json')).out);
    expect(document.areas).toEqual(['network']);
    expect(document.findings).toEqual([]);
    expect(JSON.parse((await run('check k8s -o json')).out).areas).toEqual(['nodes', 'pods']);
  });

  it('refuses an area it does not know', async () => {
    const { code, err } = await run('check nods');
    expect(code).toBe(64);
    expect(err).toContain('nods');
    expect(err).toContain('nodes');
  });

  it('is never healthy when nothing answered in time', async () => {
    const healthy = { ...assessment(), findings: [] };
    const session = fakeSession({ assess: () => healthy }, pendingState());
    const { code, out } = await run('check network', world({ openSession: async () => session }));
    expect(code).toBe(3);
    expect(out).toContain('? unknown');
    expect(out).toContain('No answer in time\n  ? server, services, endpointslices');
  });

  it('colours on a terminal unless told otherwise', async () => {
    const colourful = world({ stdout: new Captured({ isTTY: true }) });
    expect((await run('check', colourful)).out).toContain('\x1b[');
    const plain = world({ stdout: new Captured({ isTTY: true }) });
    expect((await run('check --no-color', plain)).out).not.toContain('\x1b');
    const env = { ...plain.env, NO_COLOR: '1' };
    expect((await run('check', world({ stdout: new Captured({ isTTY: true }), env }))).out).not.toContain(
      '\x1b',
    );
  });

  it('prints ASCII in a locale without UTF-8', async () => {
    const { out } = await run('check', world({ env: { LC_ALL: 'C', TERM: 'xterm' } }));
    expect(out).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it.each(['text', 'json', 'prometheus', 'junit'])('lets no control byte through as %s', async (format) => {
    const { out } = await run(`check -o ${format}`);
    expect(out).toContain('nodes');
    expect(out).not.toMatch(CONTROL_BYTES);
  });
});

describe('report', () => {
  it('masks the server and says so', async () => {
    for (const line of ['report', 'report -o json']) {
      const { code, out } = await run(line);
      expect(code).toBe(2);
      expect(out).not.toContain('kube.home.example');
      expect(out).toContain('API server address');
    }
  });
});

describe('doctor', () => {
  it('names what is missing, the fix and the permissions to add', async () => {
    const { code, out } = await run('doctor');
    expect(code).toBe(2);
    expect(out).toMatch(/✓ answer\s+Kubernetes v1\.33\.1/);
    expect(out).toMatch(/✗ pvcs\s+persistentvolumeclaims is forbidden\n\s+fix: grant/);
    expect(out).toMatch(/· nodeUsage\s+not installed/);
    expect(out).toContain('resources: [persistentvolumeclaims, persistentvolumes]');
    expect(out).not.toContain('[deployments]');
    expect(out).not.toMatch(CONTROL_BYTES);
  });

  it('still tells about program and terminal when there is no cluster, and exits 3', async () => {
    const refused = new KubeError('unreachable', 'connection refused by https://10.0.0.1', {
      fix: 'is it up?',
    });
    const { code, out } = await run('doctor', world({ openSession: () => Promise.reject(refused) }));
    expect(code).toBe(3);
    expect(out).toContain('✓ version');
    expect(out).toMatch(/✗ cluster\s+connection refused by https:\/\/10\.0\.0\.1\n\s+fix: is it up\?/);
  });

  it('exits 3 when the server never answers', async () => {
    const io = world({ openSession: async () => fakeSession({}, pendingState()) });
    expect(await run('doctor', io)).toMatchObject({
      code: 3,
      out: expect.stringContaining('no answer in time'),
    });
  });

  it('warns about clocks that differ', async () => {
    const server = {
      status: 'live',
      observedAt: 0,
      data: { version: 'v1.33.1', clockSkewMs: -120_000 },
    } as const;
    const io = world({ openSession: async () => fakeSession({}, { ...clusterState(), server }) });
    expect((await run('doctor', io)).out).toMatch(/▲ clock\s+the server's clock is 2m behind this one/);
  });

  it.each([
    ['http://192.168.1.10:8080', '▲'],
    ['http://127.0.0.1:8080', '✓'],
  ])('an unverified server at %s is %s', async (server, glyph) => {
    const { target } = fakeSession();
    const session = fakeSession({ target: { ...target, server, insecure: true } });
    const { out } = await run('doctor', world({ openSession: async () => session }));
    expect(out).toContain(`${glyph} server         ${server}`);
  });

  it('judges the terminal', async () => {
    const stdout = new Captured({ isTTY: true });
    const io = world({ stdout, env: { HOME: '/nowhere', TERM: 'dumb', LC_ALL: 'C', NO_COLOR: '1' } });
    const { out } = await run('doctor', io);
    expect(out).toMatch(/! TERM\s+dumb: no full-screen console/);
    expect(out).toMatch(/! locale\s+C: symbols are drawn in ASCII/);
    expect(out).toMatch(/\+ size\s+100x30/);
  });
});

describe('simulate', () => {
  async function simulated(
    line: string,
  ): Promise<{ code: number; out: string; err: string; stopped: boolean }> {
    const directory = await mkdtemp(join(tmpdir(), 'homelab-top-test-'));
    const kubeconfig = join(directory, 'kubeconfig');
    await writeFile(kubeconfig, 'kind: Config\n');
    const controller = new AbortController();
    let stopped = false;
    const stop = async (): Promise<void> => {
      stopped = true;
    };
    const io = world({ signal: controller.signal, startHomelab: async () => ({ kubeconfig, stop }) });
    const running = run(line, io);
    setTimeout(() => controller.abort(new Interrupted('SIGTERM')), 50);
    const result = await running;
    await rm(directory, { recursive: true });
    return { ...result, stopped };
  }

  it('prints how to use it, serves until it is told to end, and stops', async () => {
    const { code, out, stopped } = await simulated('simulate');
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}export KUBECONFIG=\/.*kubeconfig$/m);
    expect(out).toContain('kubectl get pods -A');
    expect(stopped).toBe(true);
  });

  it('writes a private kubeconfig where asked and never over a file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'homelab-top-test-'));
    const wanted = join(directory, 'config');
    expect((await simulated(`simulate --write-kubeconfig ${wanted}`)).out).toContain(`KUBECONFIG=${wanted}`);
    expect(await readFile(wanted, 'utf8')).toBe('kind: Config\n');
    expect((await stat(wanted)).mode & 0o777).toBe(0o600);

    const again = await simulated(`simulate --write-kubeconfig ${wanted}`);
    expect(again).toMatchObject({
      code: 64,
      stopped: true,
      err: expect.stringContaining('will not replace'),
    });
    await rm(directory, { recursive: true });
  });
});
