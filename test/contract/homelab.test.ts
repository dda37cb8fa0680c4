/** The contract of an API server, kept by the embedded homelab. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { type Demo, startDemo } from '../../src/demo/index.ts';
import type { ObjectStore } from '../../src/demo/store.ts';
import { connect } from '../real/control-plane/api.ts';
import { contract } from './contract.ts';

const LEASES = 'leases.coordination.k8s.io';
/** More than the store remembers of one resource. */
const RENEWALS = 12_000;

/** Renews a lease until the first versions of leases are forgotten, which takes a real cluster five minutes. */
function forgetFirstVersions(store: ObjectStore): void {
  const [lease] = store.list(LEASES);
  if (!lease) throw new Error('there is no lease to renew');
  const { resourceVersion: _any, ...metadata } = lease.metadata;
  for (let renewals = 0; renewals < RENEWALS; renewals += 1) {
    const annotations = { renewals: String(renewals) };
    store.update(LEASES, { ...lease, metadata: { ...metadata, annotations } });
  }
  expect(() => store.changesSince(LEASES, 1)).toThrow('too old resource version');
}

describe('the embedded homelab as an API server', () => {
  let demo: Demo | undefined;
  let folder: string | undefined;

  afterAll(async () => {
    await demo?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  contract(async () => {
    demo = await startDemo({ scenario: 'healthy' });
    forgetFirstVersions(demo.store);
    folder = await mkdtemp(join(tmpdir(), 'homelab-top-contract-'));
    const kubeconfig = join(folder, 'kubeconfig');
    // The client refuses a server without TLS unless told not to verify.
    const server = `server: ${demo.url}`;
    const plain = demo.kubeconfig.replace(server, `${server}\n      insecure-skip-tls-verify: true`);
    await writeFile(kubeconfig, plain);
    return connect(kubeconfig);
  });
});
