import { dig, list, text } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { AGE, type Column, column, NAME, wide } from './table.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

const MODES: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

function accessModes(modes: unknown): string {
  const given = list(modes);
  return MODES.filter(([mode]) => given.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

function phase(object: KubeObject): string {
  return object.metadata.deletionTimestamp === undefined
    ? text(dig(object, 'status', 'phase'))
    : 'Terminating';
}

const CLASS: readonly Column[] = [
  column('StorageClass', (object) => text(dig(object, 'spec', 'storageClassName'))),
  column(
    'VolumeAttributesClass',
    (object) => text(dig(object, 'spec', 'volumeAttributesClassName')) || '<unset>',
  ),
];
const VOLUME_MODE = wide(
  column('VolumeMode', (object) => text(dig(object, 'spec', 'volumeMode')) || '<unset>'),
);

/** Columns of PersistentVolumeClaims: capacity and modes only once bound. */
export const PVC_COLUMNS: readonly Column[] = [
  NAME,
  column('Status', phase),
  column('Volume', (claim) => text(dig(claim, 'spec', 'volumeName'))),
  column('Capacity', (claim) => text(dig(claim, 'status', 'capacity', 'storage'))),
  column('Access Modes', (claim) => accessModes(dig(claim, 'status', 'accessModes'))),
  ...CLASS,
  AGE,
  VOLUME_MODE,
];

/** Columns of PersistentVolumes. */
export const PV_COLUMNS: readonly Column[] = [
  NAME,
  column('Capacity', (volume) => text(dig(volume, 'spec', 'capacity', 'storage'))),
  column('Access Modes', (volume) => accessModes(dig(volume, 'spec', 'accessModes'))),
  column('Reclaim Policy', (volume) => text(dig(volume, 'spec', 'persistentVolumeReclaimPolicy'))),
  column('Status', phase),
  column('Claim', (volume) => {
    const claim = dig(volume, 'spec', 'claimRef');
    return claim === undefined ? '' : `${text(dig(claim, 'namespace'))}/${text(dig(claim, 'name'))}`;
  }),
  ...CLASS,
  column('Reason', (volume) => text(dig(volume, 'status', 'reason'))),
  AGE,
  VOLUME_MODE,
];

/** Columns of StorageClasses. */
export const STORAGECLASS_COLUMNS: readonly Column[] = [
  {
    ...NAME,
    cell: ({ metadata }) =>
      metadata.annotations?.[DEFAULT_CLASS] === 'true' ? `${metadata.name} (default)` : metadata.name,
  },
  column('Provisioner', (object) => text(object.provisioner)),
  column('ReclaimPolicy', (object) => text(object.reclaimPolicy) || 'Delete'),
  column('VolumeBindingMode', (object) => text(object.volumeBindingMode) || 'Immediate'),
  { ...column('AllowVolumeExpansion', (object) => object.allowVolumeExpansion === true), type: 'boolean' },
  AGE,
];
