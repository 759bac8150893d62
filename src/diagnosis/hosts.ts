import { fullHost, serviceHost } from '../mesh/host-names.ts';
import type { Scene, Service } from './scene.ts';

export function nameOfService({ metadata }: Service): string {
  return serviceHost(metadata.name, metadata.namespace ?? 'default');
}

/** The Service that an Istio object of `namespace` means by `host`. */
export function findService(scene: Scene, host: string, namespace: string): Service | undefined {
  const name = fullHost(host, namespace);
  return scene.services.find((s) => nameOfService(s) === name);
}
