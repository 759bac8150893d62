// The name that Envoy has a destination by, as the label `cluster_name` of its own counters tells it.

export interface EnvoyCluster {
  direction: 'outbound' | 'inbound';
  port: number;
  subset: string;
  /** `reviews.default.svc.cluster.local`; empty for inbound. */
  host: string;
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local`, with or without the semicolon that ends it in statistics. */
export function readClusterName(name: string): EnvoyCluster | undefined {
  const [, direction, port = '', subset = '', host = ''] =
    /^(outbound|inbound)\|(\d+)\|([^|]*)\|([^|;]*);?$/.exec(name) ?? [];
  if (direction !== 'outbound' && direction !== 'inbound') return undefined;
  return { direction, port: Number(port), subset, host };
}

/** Name and namespace of a Service's host; undefined: a host outside the cluster. */
export function serviceOfHost(host: string): { name: string; namespace: string } | undefined {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(host) ?? [];
  return name !== undefined && namespace !== undefined ? { name, namespace } : undefined;
}

/** `reviews.default:9080 (v1)`; what is no destination of the mesh, as it is. */
export function destinationTitle(clusterName: string): string {
  const cluster = readClusterName(clusterName);
  if (!cluster || cluster.direction === 'inbound') return clusterName;
  const service = serviceOfHost(cluster.host);
  const host = service ? `${service.name}.${service.namespace}` : cluster.host;
  return `${host}:${cluster.port}${cluster.subset && ` (${cluster.subset})`}`;
}
