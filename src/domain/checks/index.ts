import type { SourceName } from '../state.ts';
import type { Check } from './context.ts';
import { checkJobs } from './jobs.ts';
import { checkLeftovers } from './leftovers.ts';
import { checkNetwork } from './network.ts';
import { checkNodes } from './nodes.ts';
import { checkPods } from './pods.ts';
import { checkStorage } from './storage.ts';
import { checkWorkloads } from './workloads.ts';

/** All checks of the cluster's objects with the sources they read. Pods come first: others ask whom they blame. */
export const CHECKS: readonly { readonly check: Check; readonly reads: readonly SourceName[] }[] = [
  { check: checkPods, reads: ['pods', 'nodes', 'replicasets', 'jobs', 'pvcs', 'events'] },
  { check: checkNodes, reads: ['nodes', 'leases', 'pods', 'events'] },
  { check: checkWorkloads, reads: ['deployments', 'statefulsets', 'daemonsets', 'events'] },
  { check: checkStorage, reads: ['pvcs', 'pvs', 'events'] },
  { check: checkNetwork, reads: ['services', 'endpointslices', 'deployments', 'statefulsets', 'daemonsets'] },
  { check: checkJobs, reads: ['jobs', 'cronjobs'] },
  { check: checkLeftovers, reads: ['pdbs', 'namespaces'] },
];
