/** The contract of an API server, kept by the embedded homelab. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { type Demo, startDemo } from '../../src/demo/index.ts';
import { connect } from '../real/control-plane/api.ts';
import { contract } from './contract.ts';

describe('the embedded homelab as an API server', () => {
  let demo: Demo | undefined;
  let folder: string | undefined;

  afterAll(async () => {
    await demo?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  contract(async () => {
    demo = await startDemo({ scenario: 'healthy' });
    folder = await mkdtemp(join(tmpdir(), 'homelab-top-contract-'));
    const kubeconfig = join(folder, 'kubeconfig');
    // The client refuses a server without TLS unless told not to verify.
    const server = `server: ${demo.url}`;
    const plain = demo.kubeconfig.replace(server, `${server}\n      insecure-skip-tls-verify: true`);
    await writeFile(kubeconfig, plain);
    return connect(kubeconfig);
  });
});
