// Where a TCP port's bytes go: the Service's own cluster, or what the oldest VirtualService with `tcp` rules says.
import { fullHost } from '../../../mesh/host-names.ts';
import { fields, hasLabels, integer, items, stringMap, text } from '../../../mesh/read.ts';
import type { MeshService } from '../../../mesh/services.ts';
import type { Scene } from './scene.ts';

export interface TcpDestinations {
  clusters: { name: string; weight: number }[];
  /** The VirtualService. */
  rule?: { namespace: string; name: string };
}

export function tcpDestinations(scene: Scene, service: MeshService, port: number): TcpDestinations {
  const own = { clusters: [{ name: `outbound|${port}||${service.host}`, weight: 1 }] };
  const [virtualService] = scene.virtualServices.forSidecar(service.host, scene.client.namespace);
  if (!virtualService) return own;
  const { namespace, name } = virtualService;
  const object = scene.mesh.objects.find(
    (o) => o.kind === 'VirtualService' && o.metadata.name === name && o.metadata.namespace === namespace,
  );
  const rule = items(fields(object?.spec).tcp)
    .map(fields)
    .find((r) => matches(r.match, port, scene));
  return rule ? { clusters: weighted(rule.route, namespace, port), rule: { namespace, name } } : own;
}

/** Clusters of a `route` list of `tcp` or `tls` rules. */
export function weighted(route: unknown, namespace: string, listenerPort: number): TcpDestinations['clusters'] {
  return items(route).map((item) => {
    const { destination, weight } = fields(item);
    const { host, subset, port } = fields(destination);
    const target = fullHost(text(host) ?? '', namespace);
    return {
      name: `outbound|${integer(fields(port).number) ?? listenerPort}|${text(subset) ?? ''}|${target}`,
      weight: integer(weight) ?? 1,
    };
  });
}

function matches(match: unknown, port: number, { client }: Scene): boolean {
  const entries = items(match).map(fields);
  if (entries.length === 0) return true;
  return entries.some((entry) => {
    const wanted = integer(entry.port);
    return (wanted === undefined || wanted === port) && hasLabels(client.labels, stringMap(entry.sourceLabels));
  });
}
