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
