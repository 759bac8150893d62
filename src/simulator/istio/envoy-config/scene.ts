// One proxy and the pushed configuration around it, indexed: what each generator reads.
import { type Client, type DestinationRuleIndex, indexDestinationRules } from '../../../mesh/destination-rules.ts';
import { type GatewayIndex, indexGateways } from '../../../mesh/gateway-servers.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, text } from '../../../mesh/read.ts';
import { indexServices, type PortProtocol, type ServiceIndex, type ServicePort } from '../../../mesh/services.ts';
import { indexVirtualServices, type VirtualServiceIndex } from '../../../mesh/virtual-services.ts';
import type { PushedMesh } from '../../contract.ts';

export interface Scene extends Indexes {
  pod: KubeObject;
  role: 'sidecar' | 'gateway';
  address: string;
  client: Client;
  mesh: PushedMesh;
}

interface Indexes {
  services: ServiceIndex;
  virtualServices: VirtualServiceIndex;
  destinationRules: DestinationRuleIndex;
  gateways: GatewayIndex;
}

export function sceneOf(pod: KubeObject, role: Scene['role'], mesh: PushedMesh): Scene {
  const { namespace = 'default', labels = {} } = pod.metadata;
  const address = text(fields(pod.status).podIP) ?? '';
  return { pod, role, address, client: { namespace, labels }, mesh, ...indexesOf(mesh) };
}

/** Ports that istiod takes for TCP when their name says nothing: SMTP, DNS, MySQL, MongoDB. */
const WELL_KNOWN_TCP = new Set([25, 53, 3306, 27017]);

export function protocolOf({ port, protocol }: ServicePort): PortProtocol {
  return protocol === 'auto' && WELL_KNOWN_TCP.has(port) ? 'tcp' : protocol;
}

const known = new WeakMap<PushedMesh, Indexes>();

function indexesOf(mesh: PushedMesh): Indexes {
  const found = known.get(mesh);
  if (found) return found;
  const services = indexServices(mesh.objects);
  const indexes = {
    services,
    virtualServices: indexVirtualServices(mesh.objects),
    destinationRules: indexDestinationRules(mesh.objects, mesh.rootNamespace),
    gateways: indexGateways(mesh.objects, services),
  };
  known.set(mesh, indexes);
  return indexes;
}
