import { isFields } from './json.ts';

/** Lists whose elements are told apart by one field, by the name of the list. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  addresses: 'type',
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  podIPs: 'ip',
  resourceClaims: 'name',
  secrets: 'name',
  taints: 'key',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/** The field that identifies the elements of a list, or undefined when the list is replaced as a whole. */
export function mergeKeyOf(listName: string, elements: readonly unknown[]): string | undefined {
  if (listName !== 'ports') return MERGE_KEYS[listName];
  return elements.some((each) => isFields(each) && 'containerPort' in each) ? 'containerPort' : 'port';
}

/** Whether a list is a set of plain values that merges by union. */
export function isMergingSet(listName: string): boolean {
  return listName === 'finalizers';
}
