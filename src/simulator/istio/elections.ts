// The marks of istiod's leader elections. There is one istiod, so it wins; renewals every few seconds, which only a
// second candidate would look at, are left out.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';

const configMaps = ['istio-leader', 'istio-namespace-controller-election', 'istio-ip-autoallocate'];
const leases = ['istio-gateway-deployment', 'istio-gateway-status-leader'];
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

export function holdElections(
  registry: Registry,
  clock: Clock,
  namespace: string,
  holder: string,
  revision: string,
): void {
  const now = new Date(clock.now()).toISOString();
  const record = JSON.stringify({
    holderIdentity: holder,
    holderKey: revision,
    leaseDurationSeconds: 30,
    acquireTime: now.replace(/\.\d+/, ''),
    renewTime: now.replace(/\.\d+/, ''),
    leaderTransitions: 0,
  });
  for (const name of configMaps)
    hold(registry, 'configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } }, (map) => {
      map.metadata.annotations = { ...map.metadata.annotations, [LEADER]: record };
    });
  const micro = now.replace('Z', '000Z');
  for (const name of leases)
    hold(
      registry,
      'coordination.k8s.io/leases',
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: `${name}-${revision}`, namespace } },
      (lease) => {
        lease.spec = {
          acquireTime: micro,
          holderIdentity: holder,
          leaseDurationSeconds: 30,
          leaseTransitions: 0,
          renewTime: micro,
        };
      },
    );
}

function hold(registry: Registry, resource: string, object: KubeObject, take: (object: KubeObject) => void): void {
  const { namespace, name } = object.metadata;
  if (registry.get(resource, namespace, name)) {
    registry.edit(resource, namespace, name, take);
    return;
  }
  take(object);
  registry.create(resource, object, { fieldManager: 'pilot-discovery' });
}
