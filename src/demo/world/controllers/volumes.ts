import { fromKey, keyOf, R } from '../cluster.ts';
import type { Claim } from '../objects.ts';
import { type Change, QueueController } from './controller.ts';

const PROVISION_MS = 400;
const RETRY_MS = 60_000;

/** Provisions and binds a volume for each claim of a known storage class, and releases it with its claim. */
export class VolumeController extends QueueController {
  override observe({ resource, type, object }: Change): void {
    if (resource !== R.claims) return;
    const claim = object as Claim;
    if (type !== 'DELETED') this.queue.add(keyOf(claim), PROVISION_MS);
    else if (claim.spec.volumeName !== undefined)
      this.cluster.store.remove(R.volumes, '', claim.spec.volumeName);
  }

  protected override reconcile(key: string): void {
    const claim = this.cluster.store.get(R.claims, ...fromKey(key)) as Claim | undefined;
    if (!claim || claim.spec.volumeName !== undefined) return;
    const { storageClassName = '' } = claim.spec;
    const storageClass = this.cluster.store.get(R.storageClasses, '', storageClassName);
    if (!storageClass) {
      this.cluster.events.record(claim, {
        type: 'Warning',
        reason: 'ProvisioningFailed',
        message: `storageclass.storage.k8s.io "${storageClassName}" not found`,
        component: 'persistentvolume-controller',
      });
      this.queue.add(key, RETRY_MS);
      return;
    }
    this.bind(claim, storageClassName, String(storageClass.provisioner));
  }

  private bind(claim: Claim, storageClassName: string, driver: string): void {
    const { name, namespace = '', uid } = claim.metadata;
    const volumeName = `pvc-${uid}`;
    const capacity = { storage: claim.spec.resources?.requests?.storage ?? '1Gi' };
    const { accessModes } = claim.spec;
    this.cluster.create(R.volumes, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volumeName, annotations: { 'pv.kubernetes.io/provisioned-by': driver } },
      spec: {
        capacity,
        accessModes,
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName,
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
        csi: { driver, volumeHandle: `0001-0009-rook-ceph-${uid}`, fsType: 'ext4' },
      },
      status: { phase: 'Bound' },
    });
    this.cluster.store.update(R.claims, {
      ...claim,
      metadata: {
        ...claim.metadata,
        annotations: {
          ...claim.metadata.annotations,
          'pv.kubernetes.io/bind-completed': 'yes',
          'volume.kubernetes.io/storage-provisioner': driver,
        },
      },
      spec: { ...claim.spec, volumeName },
      status: { phase: 'Bound', accessModes, capacity },
    });
    this.cluster.events.record(claim, {
      type: 'Normal',
      reason: 'ProvisioningSucceeded',
      message: `Successfully provisioned volume ${volumeName}`,
      component: driver,
    });
  }
}
