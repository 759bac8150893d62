// Who takes the spans that proxies send to a Service's port.
import type { ServiceIndex } from '../../mesh/services.ts';
import type { Span } from '../traffic.ts';
import type { RunningPods } from './running-pods.ts';

export type Collector = (spans: readonly Span[]) => void;

/** Undefined when the Service is not there, or when no pod of it runs a program that takes spans at that port. */
export function findCollector(
  services: ServiceIndex,
  pods: RunningPods,
  host: string,
  port: number,
): Collector | undefined {
  const service = services.byHost(host);
  if (!service) return undefined;
  for (const { endpoint } of services.endpoints(service, port)) {
    const pod = pods.at(endpoint.address, endpoint.port);
    for (const { collectors } of pod?.containers.values() ?? []) {
      const collect = collectors?.[endpoint.port];
      if (collect) return collect;
    }
  }
  return undefined;
}
