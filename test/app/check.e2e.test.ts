/** The one-shot commands as a whole: embedded homelab, real client, real rules. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/app/cli.ts';
import { openSession } from '../../src/app/session.ts';
import { startDemo } from '../../src/demo/index.ts';
import { CONTROL_BYTES } from './sample.ts';
import { world } from './world.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

const started = new Map<string, Promise<string>>();

/** Starts a scenario once and returns the path of its kubeconfig. */
function kubeconfigOf(scenario: string): Promise<string> {
  const known = started.get(scenario) ?? start(scenario);
  started.set(scenario, known);
  return known;
}

async function start(scenario: string): Promise<string> {
  const demo = await startDemo({ scenario });
  const directory = await mkdtemp(join(tmpdir(), 'homelab-top-test-'));
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, demo.kubeconfig, { mode: 0o600 });
  cleanups.push(async () => {
    await demo.stop();
    await rm(directory, { recursive: true });
  });
  return kubeconfig;
}

async function run(line: string): Promise<{ code: number; out: string; err: string }> {
  const io = world({ openSession, now: Date.now });
  const code = await runCli(line.split(' '), io, async () => 99);
  return { code, out: io.stdout.text, err: io.stderr.text };
}

describe('check against the embedded homelab', () => {
  it('names what troubles the milestone scenario, with score 93 and its reasons', async () => {
    const { code, out, err } = await run(`check -o json --kubeconfig ${await kubeconfigOf('milestone')}`);
    expect(err).toBe('');
    expect([1, 2]).toContain(code);
    const document = JSON.parse(out);
    const told = JSON.stringify(document.findings);
    expect(told).toMatch(/airflow-webserver.*OOMKilled/);
    expect(told).toMatch(/98 restarts|98×|restarted 98|restarts 98/);
    expect(told).toContain('v1.31.3');
    expect(told).toMatch(/csi/);
    expect(document.score.value).toBe(93);
    const lost = document.score.losses.reduce(
      (sum: number, { points }: { points: number }) => sum + points,
      0,
    );
    expect(lost).toBeGreaterThan(6.4);
    expect(lost).toBeLessThan(7.6);
    expect(
      document.sources.every(({ status }: { status: string }) => ['live', 'absent'].includes(status)),
    ).toBe(true);
  });

  it('finds the healthy scenario healthy', async () => {
    const { code, out } = await run(`check --kubeconfig ${await kubeconfigOf('healthy')}`);
    expect(out).toContain('✓ healthy');
    expect(code).toBe(0);
  });

  it('prints every format without control bytes', async () => {
    const kubeconfig = await kubeconfigOf('milestone');
    for (const line of ['check', 'check -o prometheus', 'check -o junit', 'report', 'doctor']) {
      const { out } = await run(`${line} --kubeconfig ${kubeconfig}`);
      expect(out.length, line).toBeGreaterThan(200);
      expect(out, line).not.toMatch(CONTROL_BYTES);
    }
  });

  it('masks the address of the server in a report', async () => {
    const { out } = await run(`report --kubeconfig ${await kubeconfigOf('milestone')}`);
    expect(out).toContain('# homelab-top triage');
    expect(out).not.toMatch(/127\.0\.0\.1|\b10\.\d+\.\d+\.\d+/);
  });

  it('explains a refused connection and exits 3', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'homelab-top-test-'));
    cleanups.push(() => rm(directory, { recursive: true }));
    const kubeconfig = join(directory, 'kubeconfig');
    await writeFile(
      kubeconfig,
      JSON.stringify({
        kind: 'Config',
        'current-context': 'gone',
        clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:9' } }],
        contexts: [{ name: 'gone', context: { cluster: 'c', user: 'u' } }],
        users: [{ name: 'u', user: { token: 'secret-token-value' } }],
      }),
    );
    const { code, out } = await run(`check --timeout 5 --kubeconfig ${kubeconfig}`);
    expect(code).toBe(3);
    expect(out).toContain('? unknown');
    expect(out).toContain('refused');
    expect(out).not.toContain('secret-token-value');
    const doctor = await run(`doctor --timeout 5 --kubeconfig ${kubeconfig}`);
    expect(doctor.code).toBe(3);
    expect(doctor.out).toMatch(/✗ server .*refused/);
  });

  it.each([
    ['check --kubeconfig /nonexistent/kubeconfig', 'cannot read kubeconfig /nonexistent/kubeconfig'],
    ['check --config /nonexistent/config.yaml', 'settings file does not exist (/nonexistent/config.yaml)'],
  ])('%s', async (line, message) => {
    const { code, out, err } = await run(line);
    expect(code).toBe(line.includes('--config') ? 64 : 3);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n').length).toBe(2);
  });
});
