// One proxy and the pushed configuration around it, indexed: what each generator reads.
import { type Client, type DestinationRuleIndex, indexDestinationRules } from '../../../mesh/destination-rules.ts';
import { withGatewayApi } from '../../../mesh/gateway-api/expand.ts';
import { type GatewayIndex, indexGateways } from '../../../mesh/gateway-servers.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, text } from '../../../mesh/read.ts';
import { indexRegistry } from '../../../mesh/registry.ts';
import type { MeshService, ServiceIndex, ServicePort } from '../../../mesh/services.ts';
import { indexSidecars, type SidecarIndex, type SidecarScope } from '../../../mesh/sidecar-scopes.ts';
import { placeOfLabels } from '../../../mesh/upstream/places.ts';
import { indexVirtualServices, type VirtualServiceIndex } from '../../../mesh/virtual-services.ts';
import type { PushedMesh } from '../../mesh-facts.ts';
import { byName } from './json.ts';

export interface Scene extends Indexes {
  pod: KubeObject;
  role: 'sidecar' | 'gateway';
  address: string;
  client: Client;
  mesh: PushedMesh;
  /** What its Sidecar object lets it see. */
  scope: SidecarScope;
}

interface Indexes {
  /** Those of the mesh, and what istiod makes of the Gateway API's. */
  objects: readonly KubeObject[];
  services: ServiceIndex;
  virtualServices: VirtualServiceIndex;
  destinationRules: DestinationRuleIndex;
  gateways: GatewayIndex;
  sidecars: SidecarIndex;
}

export function sceneOf(pod: KubeObject, role: Scene['role'], mesh: PushedMesh): Scene {
  const { namespace = 'default', labels = {} } = pod.metadata;
  const address = text(fields(pod.status).podIP) ?? '';
  const indexes = indexesOf(mesh);
  const locality = placeOfLabels(labels) ?? indexes.services.placeOfNode(text(fields(pod.spec).nodeName) ?? '');
  const client = { namespace, labels, ...(locality && { locality }) };
  return { pod, role, address, client, mesh, scope: indexes.sidecars.scopeFor(client), ...indexes };
}

/** Services that the proxy is told of, by name of host. */
export function servicesSeen(scene: Scene): MeshService[] {
  return [...scene.services.all()]
    .filter((service) => portsSeen(scene, service).length > 0)
    .sort((a, b) => byName(a.host, b.host));
}

export function portsSeen({ role, client, scope }: Scene, service: MeshService): ServicePort[] {
  if (service.visibleFrom && !service.visibleFrom(client.namespace)) return [];
  return role === 'gateway' ? service.ports : service.ports.filter(({ port }) => scope.sees(service, port));
}

const known = new WeakMap<PushedMesh, Indexes>();

function indexesOf(mesh: PushedMesh): Indexes {
  const found = known.get(mesh);
  if (found) return found;
  const objects = withGatewayApi(mesh.objects);
  const services = indexRegistry(objects);
  const indexes = {
    objects,
    services,
    virtualServices: indexVirtualServices(objects),
    destinationRules: indexDestinationRules(objects, mesh.rootNamespace, mesh.meshConfig),
    gateways: indexGateways(objects, services),
    sidecars: indexSidecars(objects, mesh.rootNamespace, mesh.meshConfig),
  };
  known.set(mesh, indexes);
  return indexes;
}
