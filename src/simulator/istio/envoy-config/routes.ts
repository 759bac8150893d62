// RDS: the route configurations that a proxy's listeners ask for by name.
import { HostTable } from '../../../mesh/host-names.ts';
import { fields } from '../../../mesh/read.ts';
import type { MeshService } from '../../../mesh/services.ts';
import type { VirtualService } from '../../../mesh/virtual-services.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import { byName, type Json } from './json.ts';
import { outboundDefault } from './outbound-listeners.ts';
import { routeConfiguration, virtualHost } from './route-configuration.ts';
import { portsSeen, type Scene, servicesSeen } from './scene.ts';
import { ruledRoutes, serviceRoute } from './virtual-host-routes.ts';

/** Hosts that are no Service are honoured on this port only. */
const EXTERNAL_PORT = 80;

export function routesOf(scene: Scene, listeners: readonly Json[]): Json[] {
  const names = new Set(listeners.flatMap(routeNames));
  if (scene.role === 'gateway') return [...names].map((name) => gatewayRoutes(scene, name));
  return [...names].map((name) => routeConfiguration(name, virtualHosts(scene, name)));
}

/** The names in a listener's connection managers. */
export function routeNames(listener: Json): string[] {
  const chains = [
    ...((listener.filter_chains ?? []) as Json[]),
    ...(listener.default_filter_chain ? [listener.default_filter_chain as Json] : []),
  ];
  return chains.flatMap((chain) =>
    ((chain.filters ?? []) as Json[]).flatMap((filter) => {
      const { route_config_name: name } = fields(fields(filter.typed_config).rds);
      return typeof name === 'string' ? [name] : [];
    }),
  );
}

function virtualHosts(scene: Scene, name: string): Json[] {
  const port = Number(name);
  if (!Number.isInteger(port)) return oneService(scene, name);
  const services = servicesSeen(scene).filter((s) =>
    portsSeen(scene, s).some((p) => p.port === port && p.protocol === 'http'),
  );
  const hosts = services.map((service) => ({
    name: `${service.host}:${port}`,
    host: virtualHost(`${service.host}:${port}`, domainsOf(scene, service), hostRoutes(scene, service, port)),
  }));
  const foreign = port === EXTERNAL_PORT ? foreignHosts(scene, new Set(services.map((s) => s.host))) : [];
  const sorted = [...hosts, ...foreign].sort((a, b) => byName(a.name, b.name)).map((h) => h.host);
  return [...sorted, anyHost(scene)];
}

/** `host:port`: a listener on the Service's own address, where any Host header means that Service. */
function oneService(scene: Scene, name: string): Json[] {
  const colon = name.lastIndexOf(':');
  const service = scene.services.byHost(name.slice(0, colon));
  return service ? [virtualHost(name, ['*'], hostRoutes(scene, service, Number(name.slice(colon + 1))))] : [];
}

function hostRoutes(scene: Scene, service: MeshService, port: number): Json[] {
  for (const virtualService of scene.virtualServices.forSidecar(service.host, scene.client.namespace)) {
    const routes = ruledRoutes(scene, virtualService, scopeOf(scene, port));
    if (routes.length > 0) return routes;
  }
  return [serviceRoute(scene, service, port)];
}

const scopeOf = ({ client }: Scene, port: number) => ({ gateway: 'mesh', port, ...client });

/** VirtualServices for hosts that no Service has on this port. */
function foreignHosts(scene: Scene, known: ReadonlySet<string>): { name: string; host: Json }[] {
  const table = new HostTable<VirtualService>();
  const names = new Set<string>();
  for (const object of scene.mesh.objects) {
    if (object.kind !== 'VirtualService') continue;
    for (const host of hostsOf(scene, object)) names.add(host);
  }
  return [...names].flatMap((host) => {
    if (known.has(host) || table.at(host)) return [];
    const [oldest] = scene.virtualServices.forSidecar(host, scene.client.namespace);
    if (!oldest) return [];
    table.set(host, oldest);
    const routes = ruledRoutes(scene, oldest, scopeOf(scene, EXTERNAL_PORT));
    const name = `${host}:${EXTERNAL_PORT}`;
    return routes.length > 0 ? [{ name, host: virtualHost(name, [host], routes) }] : [];
  });
}

function hostsOf(scene: Scene, object: { spec?: unknown; metadata: { namespace?: string } }): string[] {
  const written = fields(object.spec).hosts;
  if (!Array.isArray(written)) return [];
  return written
    .filter((host): host is string => typeof host === 'string')
    .map((host) =>
      host.includes('.') || host === '*' ? host : `${host}.${object.metadata.namespace}.svc.cluster.local`,
    )
    .filter((host) => scene.virtualServices.forSidecar(host, scene.client.namespace).length > 0);
}

function anyHost(scene: Scene): Json {
  if (outboundDefault(scene) === 'PassthroughCluster') {
    const route = { cluster: 'PassthroughCluster', timeout: '0s', max_grpc_timeout: '0s' };
    return virtualHost('allow_any', ['*'], [{ match: { prefix: '/' }, route, name: 'allow_any' }]);
  }
  return virtualHost(
    'block_all',
    ['*'],
    [{ match: { prefix: '/' }, direct_response: { status: 502 }, name: 'block_all' }],
  );
}

/** Every name by which clients of this namespace may call the Service. */
function domainsOf({ client }: Scene, { host, name, namespace, clusterIP, headless, entry }: MeshService): string[] {
  if (entry) return [host, `${host}.`, ...entry.addresses];
  const forms = [`${name}.${namespace}.svc`, `${name}.${namespace}`];
  const all =
    client.namespace === namespace ? [host, `${host}.`, name, ...forms] : [host, `${host}.`, ...forms.reverse()];
  // A headless Service's pods have names below its own.
  if (headless) return [...all, ...all.map((domain) => `*.${domain}`)];
  return clusterIP === undefined ? all : [...all, clusterIP];
}
