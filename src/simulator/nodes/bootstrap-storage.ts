import { LOCAL_PATH } from '../controllers/storage/local-path-provisioner.ts';
import { annotation } from '../controllers/storage/storage-kinds.ts';
import type { Made } from './bootstrap-config.ts';

/** The class that claims get when they name none, as kind has it. */
export function defaultStorageClass(): Made {
  const object = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { [annotation.isDefault]: 'true' } },
    provisioner: LOCAL_PATH,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  return { resource: 'storage.k8s.io/storageclasses', object };
}
