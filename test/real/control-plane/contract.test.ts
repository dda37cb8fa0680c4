/** The contract that the embedded homelab keeps too, kept by a real API server. */
import { describe } from 'vitest';
import { contract } from '../../contract/contract.ts';
import { clusterMissing, useCluster } from './fixture.ts';

describe.skipIf(clusterMissing !== undefined)(`a real API server ${clusterMissing ?? ''}`, () => {
  contract(async () => (await useCluster()).admin);
});
