// What istiod would send to a proxy beside what its Envoy runs: the differences, as `proxy-status POD` tells them.
import type { ConfigDump, Fields } from './config-dump.ts';

export interface Comparison {
  clusters: string[];
  listeners: string[];
  routes: string[];
}

/** Each list names what differs; an empty one is a match. */
export function compareDumps(istiod: ConfigDump, envoy: ConfigDump): Comparison {
  return {
    clusters: differing(istiod.clusters, generated(envoy.clusters, istiod.clusters)),
    listeners: differing(istiod.listeners, generated(envoy.listeners, istiod.listeners)),
    routes: differing(istiod.routes, generated(envoy.routes, istiod.routes)),
  };
}

/** Without what the bootstrap gave to Envoy and istiod never sends. */
function generated(running: readonly Fields[], sent: readonly Fields[]): Fields[] {
  const names = new Set(sent.map(({ name }) => name));
  return running.filter(({ name }) => names.has(name) || !isOfBootstrap(name));
}

const BOOTSTRAP = new Set<unknown>(['prometheus_stats', 'agent', 'sds-grpc', 'xds-grpc', 'zipkin', 'tracing']);
const isOfBootstrap = (name: unknown): boolean =>
  name === undefined || BOOTSTRAP.has(name) || /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(String(name)) || name === '';

function differing(sent: readonly Fields[], running: readonly Fields[]): string[] {
  const byName = (all: readonly Fields[]) => new Map(all.map((one) => [String(one.name), JSON.stringify(sorted(one))]));
  const [wanted, actual] = [byName(sent), byName(running)];
  return [...new Set([...wanted.keys(), ...actual.keys()])]
    .filter((name) => wanted.get(name) !== actual.get(name))
    .sort();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}
