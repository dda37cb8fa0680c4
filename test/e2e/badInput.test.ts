import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort, kubeconfig, run, serve, startConsole } from '../support/run.ts';
import type { Term } from '../support/terminal.ts';

let folder: string;
let term: Term | undefined;
const servers: { close(): void }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'homelab-top-bad-'));
});

afterEach(async () => {
  await term?.close();
  term = undefined;
  for (const server of servers.splice(0)) server.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const fixture = (name: string): string => readFileSync(resolve('test/e2e/fixtures', name), 'utf8');

/** Arguments that cannot work, whatever runs: found before the terminal or the network is touched. */
const WRONG_FROM_THE_START: readonly (readonly [string, () => readonly string[], number, RegExp])[] = [
  ['a missing kubeconfig', () => ['--kubeconfig', join(folder, 'absent')], 3, /absent/],
  ['a kubeconfig that is no YAML', () => ['--kubeconfig', file('broken', 'clusters: [}')], 3, /broken/],
  [
    'a kubeconfig of another kind',
    () => ['--kubeconfig', file('pod', 'kind: Pod\napiVersion: v1\n')],
    3,
    /pod/,
  ],
  ['an empty kubeconfig', () => ['--kubeconfig', file('empty', '')], 3, /empty/],
  [
    'an unknown context',
    () => ['--kubeconfig', file('ok', kubeconfig({ server: 'http://127.0.0.1:1' })), '--context', 'away'],
    3,
    /away/,
  ],
  [
    'a missing exec plugin',
    () => [
      '--kubeconfig',
      file('exec', kubeconfig({ server: 'http://127.0.0.1:1' }, { exec: execPlugin('no-such-plugin') })),
    ],
    3,
    /no-such-plugin/,
  ],
  ['an unknown option', () => ['--frobnicate'], 64, /--frobnicate/],
  ['an option without its value', () => ['--context'], 64, /--context/],
  ['an unknown command', () => ['chekc'], 64, /chekc/],
  ['an unknown scenario', () => ['--demo', '--scenario', 'nonsense'], 64, /nonsense/],
];

function execPlugin(command: string): object {
  return { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
}

describe('wrong from the start', () => {
  it.each(WRONG_FROM_THE_START)(
    '%s is told in a line before the terminal is taken',
    async (_, args, code, what) => {
      term = startConsole(args(), { columns: 200 });
      expect((await term.exited).code).toBe(code);
      const lines = term.text().trim().split('\n');
      expect(lines[0]).toMatch(/^homelab-top: /);
      expect(term.text()).toMatch(what);
      expect(lines.length).toBeLessThanOrEqual(2);
      expect(term.output()).not.toContain('\x1b[?1049h');
    },
  );

  it('check tells it on stderr with the same code', async () => {
    const { code, stdout, stderr } = await run(['check', '--kubeconfig', join(folder, 'absent')]);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^homelab-top: .*absent/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('an unknown option suggests the one that was meant', async () => {
    const { code, stderr } = await run(['check', '--kubeconfg', 'x']);
    expect(code).toBe(64);
    expect(stderr).toContain('--kubeconfig');
  });
});

describe('a server that does not answer as it should', () => {
  const check = (config: string): ReturnType<typeof run> =>
    run(['check', '--timeout', '3', '--kubeconfig', config]);

  it('refused connection: unknown, exit 3', async () => {
    const port = await freePort();
    const { code, stdout, stderr } = await check(
      file('refused', kubeconfig({ server: `http://127.0.0.1:${port}` })),
    );
    expect(code).toBe(3);
    expect(stdout + stderr).toMatch(/refused/i);
    expect(stdout + stderr).toContain(String(port));
  });

  it('HTML instead of JSON: unknown, exit 3, and says so', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<html><body>Log in to the portal</body></html>');
    });
    servers.push(server);
    const { code, stdout, stderr } = await check(file('html', kubeconfig({ server: server.url })));
    expect(code).toBe(3);
    expect(stdout + stderr).toMatch(/web page/);
  });

  it('JSON of another kind: unknown, exit 3', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"kind":"Status","status":"Success"}');
    });
    servers.push(server);
    const { code } = await check(file('kind', kubeconfig({ server: server.url })));
    expect(code).toBe(3);
  });

  it('expired certificate: unknown, exit 3, and says so', async () => {
    const pem = fixture('expired.pem');
    const server = await serve((_, response) => response.end('{}'), { pem });
    servers.push(server);
    const authority = Buffer.from(pem.slice(pem.indexOf('-----BEGIN CERT'))).toString('base64');
    const config = kubeconfig({ server: server.url, 'certificate-authority-data': authority });
    const { code, stdout, stderr } = await check(file('expired', config));
    expect(code).toBe(3);
    expect(stdout + stderr).toMatch(/expired/i);
  });

  it('exec plugin that hangs: unknown, exit 3, within the time given', async () => {
    const plugin = file('hang', '#!/bin/sh\nexec sleep 30\n');
    chmodSync(plugin, 0o755);
    const config = kubeconfig({ server: 'http://127.0.0.1:1' }, { exec: execPlugin(plugin) });
    const started = performance.now();
    const { code, stdout, stderr } = await check(file('exec-hang', config));
    expect(code).toBe(3);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(stdout + stderr).toMatch(/hang/);
  }, 40_000);

  it('the console stays, says what is wrong, and can be left', async () => {
    const port = await freePort();
    term = startConsole(['--kubeconfig', file('dead', kubeconfig({ server: `http://127.0.0.1:${port}` }))]);
    await term.until(/refused|unreachable/i);
    expect(term.buffer).toBe('alternate');
    expect(term.text()).not.toMatch(/score +100|✓ *\d/);
    await term.keys('q');
    expect((await term.exited).code).toBe(0);
    expect(term.buffer).toBe('normal');
  });
});
