import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { freePort, ready, startConsole } from '../support/run.ts';
import { type Simulation, simulate } from '../support/simulate.ts';
import type { Term } from '../support/terminal.ts';

let term: Term | undefined;
let server: Simulation | undefined;
const folder = mkdtempSync(join(tmpdir(), 'homelab-top-restart-'));

afterEach(async () => {
  await term?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('keeps running through a restart of the API server, says so, and resumes', async () => {
  const port = String(await freePort());
  server = await simulate('--port', port, '--seed', '7');
  const kubeconfig = join(folder, 'kubeconfig');
  copyFileSync(server.kubeconfig, kubeconfig);
  term = startConsole(['--kubeconfig', kubeconfig], { columns: 120, rows: 36 });
  await ready(term);

  await server.stop();
  server = undefined;
  const lost = await term.until(/unreachable \d+s, retry in \d+s/, 20_000);
  expect(lost).toContain('airflow');
  expect(lost).toMatch(/stale|\?/);

  server = await simulate('--port', port, '--seed', '7');
  await term.until((screen) => !screen.includes('unreachable'), 40_000);
  await term.keys('2');
  await term.until(/Pods \d+[\s\S]*live/);
}, 90_000);
