// What share of a VirtualService's requests each of its destinations really gets: the counters of all proxies, read before and
// after. Of whoever sends: `malla medir` itself, or others meanwhile.
import type { KubeClient } from '../cluster/contract.ts';
import { fullHost } from '../mesh/host-names.ts';
import type { KubeObject } from '../mesh/objects.ts';
import { fields, items, text, texts } from '../mesh/read.ts';

export interface DestinationCount {
  /** Full name of the host. */
  host: string;
  /** Empty: none. */
  subset: string;
  requests: number;
}

/** `host subset` → requests counted so far by every proxy. */
export type Counters = ReadonlyMap<string, number>;

/** Proxies asked; a lab has a dozen. */
const MOST_PROXIES = 60;
const AT_ONCE = 4;
const ASKING_MILLISECONDS = 10_000;

/** Reads `/clusters` of every proxy. Proxies that do not answer are passed over. Rejects with ClusterError. */
export async function readCounters(client: KubeClient, signal: AbortSignal): Promise<Counters> {
  const pods = (await client.list({ apiVersion: 'v1', kind: 'Pod' })).filter(hasRunningProxy).slice(0, MOST_PROXIES);
  const counters = new Map<string, number>();
  const waiting = [...pods];
  const work = async (): Promise<void> => {
    for (let pod = waiting.shift(); pod; pod = waiting.shift()) {
      signal.throwIfAborted();
      const page = await clustersPage(client, pod, signal);
      for (const [key, count] of countersOf(page)) counters.set(key, (counters.get(key) ?? 0) + count);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return counters;
}

/** Lines `outbound|9080|v1|HOST::ADDRESS::rq_total::N` of Envoy's page. */
export function countersOf(page: string): Map<string, number> {
  const counters = new Map<string, number>();
  for (const [, subset = '', host = '', count = ''] of page.matchAll(
    /^outbound\|\d+\|([^|:]*)\|([^:|]+)::.+::rq_total::(\d+)$/gm,
  )) {
    const key = `${host} ${subset}`;
    counters.set(key, (counters.get(key) ?? 0) + Number(count));
  }
  return counters;
}

/** One row for each destination that the routes name, in the order in which they are written. */
export function destinationCounts(route: KubeObject, before: Counters, after: Counters): DestinationCount[] {
  return destinationsOf(route).map(({ host, subset }) => {
    const key = `${host} ${subset}`;
    return { host, subset, requests: Math.max(0, (after.get(key) ?? 0) - (before.get(key) ?? 0)) };
  });
}

function destinationsOf({ spec, metadata }: KubeObject): { host: string; subset: string }[] {
  const named = ['http', 'tcp', 'tls'].flatMap((protocol) =>
    items(fields(spec)[protocol]).flatMap((rule) =>
      items(fields(rule).route).map((entry) => {
        const { host, subset } = fields(fields(entry).destination);
        return { host: fullHost(text(host) ?? '', metadata.namespace ?? 'default'), subset: text(subset) ?? '' };
      }),
    ),
  );
  return [...new Map(named.map((one) => [`${one.host} ${one.subset}`, one])).values()];
}

export interface SentRequest {
  path: string;
  /** Undefined: that of the entry. */
  host?: string;
}

/**
 * What is asked at the entry so that the routes have traffic: their own paths when a gateway obeys them; else those of
 * every route that one does, for the pages behind them call the services of the mesh.
 */
export function requestsFor(route: KubeObject, all: readonly KubeObject[]): SentRequest[] {
  const isOfGateway = ({ spec }: KubeObject): boolean =>
    texts(fields(spec).gateways).some((gateway) => gateway !== 'mesh');
  const sources = isOfGateway(route) ? [route] : all.filter(isOfGateway);
  const found = sources.flatMap(({ spec }) => {
    const host = texts(fields(spec).hosts).find((one) => !one.startsWith('*'));
    const paths = items(fields(spec).http).flatMap((rule) => {
      const matches = items(fields(rule).match);
      if (matches.length === 0) return ['/'];
      return matches.flatMap((match) => {
        const { uri, method } = fields(match);
        const path = text(fields(uri).exact) ?? text(fields(uri).prefix);
        return path?.startsWith('/') && (method === undefined || fields(method).exact === 'GET') ? [path] : [];
      });
    });
    return paths.map((path): SentRequest => ({ path, ...(host !== undefined && { host }) }));
  });
  return [...new Map(found.map((one) => [`${one.host ?? ''}${one.path}`, one])).values()].slice(0, 4);
}

async function clustersPage(client: KubeClient, pod: KubeObject, signal: AbortSignal): Promise<string> {
  const { name, namespace = 'default' } = pod.metadata;
  const command = ['pilot-agent', 'request', 'GET', 'clusters'];
  const asked = { namespace, pod: name, container: 'istio-proxy', command, timeout: ASKING_MILLISECONDS, signal };
  try {
    const { exitCode, stdout } = await client.exec(asked);
    return exitCode === 0 ? stdout : '';
  } catch {
    signal.throwIfAborted();
    return '';
  }
}

function hasRunningProxy({ spec, status, metadata }: KubeObject): boolean {
  const { containers, initContainers } = fields(spec);
  const proxied = [...items(containers), ...items(initContainers)].some((c) => fields(c).name === 'istio-proxy');
  return proxied && fields(status).phase === 'Running' && metadata.deletionTimestamp === undefined;
}
