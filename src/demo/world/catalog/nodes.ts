/** A machine of the homelab. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  readonly cpu: number;
  readonly memoryGi: number;
  /** Days since its last boot. */
  readonly upDays: number;
  readonly controlPlane: boolean;
}

/** Three Minisforum MS-01, each control plane and worker at once. */
export const MACHINES: readonly Machine[] = [
  { name: 'ms-01-a', address: '192.168.10.11', cpu: 20, memoryGi: 96, upDays: 41, controlPlane: true },
  { name: 'ms-01-b', address: '192.168.10.12', cpu: 20, memoryGi: 96, upDays: 41, controlPlane: true },
  { name: 'ms-01-c', address: '192.168.10.13', cpu: 20, memoryGi: 96, upDays: 12, controlPlane: true },
];

export const KUBERNETES_VERSION = 'v1.33.1';
export const TALOS_VERSION = 'v1.10.4';
