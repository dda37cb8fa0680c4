import { R } from '../cluster.ts';
import { type Change, QueueController, REACTION_MS } from './controller.ts';

const ROOT_CA = '-----BEGIN CERTIFICATE-----\n(embedded homelab)\n-----END CERTIFICATE-----\n';

/** Gives every new namespace its default service account and the certificate of the API server. */
export class NamespaceController extends QueueController {
  override observe({ resource, type, object }: Change): void {
    if (resource === R.namespaces && type === 'ADDED') this.queue.add(object.metadata.name, REACTION_MS);
  }

  protected override reconcile(namespace: string): void {
    const { store } = this.cluster;
    if (!store.get(R.namespaces, '', namespace)) return;
    if (!store.get(R.serviceAccounts, namespace, 'default')) {
      this.cluster.create(R.serviceAccounts, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { namespace, name: 'default' },
      });
    }
    if (!store.get(R.configMaps, namespace, 'kube-root-ca.crt')) {
      this.cluster.create(R.configMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace, name: 'kube-root-ca.crt' },
        data: { 'ca.crt': ROOT_CA },
      });
    }
  }
}
