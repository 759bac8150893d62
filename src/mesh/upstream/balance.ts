// Which endpoint of a cluster gets a request.
import type { Endpoint, LocalityGroup, UpstreamPolicy } from '../decision.ts';
import type { Chance, MeshRequest } from '../engine.ts';
import { areEqual, drawWeighted, turnsOf } from './endpoint-weights.ts';
import { hashOf, newCookie, type StickyCookie } from './hash-policy.ts';
import type { HashTable } from './hash-tables.ts';
import type { LoadBalancer } from './load-balancer.ts';

/** What balancing needs to know of a cluster. */
export interface Balanced {
  name: string;
  endpoints: readonly Endpoint[];
  loadBalancer: LoadBalancer;
  groups?: readonly LocalityGroup[];
  upstream: UpstreamPolicy;
}

/** The cookie to hand out with the answer; to be given to `balance` too. Undefined for nearly all requests. */
export function stickyCookie(cluster: Balanced, request: MeshRequest, chance: Chance): StickyCookie | undefined {
  const { hash } = cluster.loadBalancer;
  return hash && cluster.endpoints.length > 0 ? newCookie(hash.key, request, chance) : undefined;
}

/** The index of the endpoint that gets the request; -1 when there is none, or none in the rotation. */
export function balance(cluster: Balanced, chance: Chance, request?: MeshRequest, cookie?: string): number {
  const { endpoints, loadBalancer } = cluster;
  const size = endpoints.length;
  if (size === 0) return -1;
  if (loadBalancer.balance === 'PASSTHROUGH') return original(endpoints, chance, request);
  const usable = cluster.groups || cluster.upstream.outlier ? usableOf(cluster, chance) : undefined;
  if (usable?.length === 0) return -1;
  if (loadBalancer.hash && request) {
    const hash = hashOf(loadBalancer.hash.key, request, cookie);
    if (hash !== undefined) return tableOf(cluster).find(hash, (index) => !usable || usable.includes(index));
  }
  const count = usable?.length ?? size;
  if (count === 1) return usable?.[0] ?? 0;
  const order = orderOf(cluster, usable);
  if (loadBalancer.balance === 'ROUND_ROBIN') {
    const turns = order ?? usable;
    const turn = chance.next(cluster.name, turns?.length ?? count);
    return turns ? (turns[turn] ?? -1) : bounded(turn, count);
  }
  if (order) return drawWeighted(endpoints, usable ?? [...endpoints.keys()], chance.random());
  const first = one(count, usable, chance);
  if (loadBalancer.balance !== 'LEAST_REQUEST' || !chance.active) return first;
  return lessBusy(cluster, first, one(count, usable, chance), chance);
}

function one(count: number, usable: readonly number[] | undefined, chance: Chance): number {
  const position = bounded(chance.random() * count, count);
  return usable ? (usable[position] ?? -1) : position;
}

/** A chance may be anybody's. */
function bounded(value: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(value) || 0));
}

/** Two drawn at random: the one with fewer requests in flight, the first of equals. */
function lessBusy({ name, endpoints }: Balanced, first: number, second: number, chance: Chance): number {
  const a = endpoints[first];
  const b = endpoints[second];
  if (!a || !b || !chance.active || first === second) return first;
  return chance.active(name, b) < chance.active(name, a) ? second : first;
}

/** The address that the client asked for when it is an endpoint's; else, as kube-proxy would, any. */
function original(endpoints: readonly Endpoint[], chance: Chance, request: MeshRequest | undefined): number {
  const asked = endpoints.findIndex((endpoint) => endpoint.address === request?.destinationAddress);
  return asked >= 0 ? asked : one(endpoints.length, undefined, chance);
}

/** Envoy sends this much more than its health says to a priority before the next one gets any. */
const OVERPROVISIONING = 1.4;

type Rotation = Pick<Balanced, 'name' | 'endpoints' | 'groups'> & Partial<Pick<Balanced, 'upstream'>>;

/** Indexes of the endpoints in the rotation, of one group when places matter. Empty: none is healthy. */
export function usableOf(cluster: Rotation, chance: Chance): readonly number[] {
  const { groups, endpoints } = cluster;
  if (!groups) return healthyOf(cluster, [...endpoints.keys()], chance);
  const healthy = groups.map(({ priority, weight, indexes }) => {
    const own = healthyOf(cluster, indexes, chance);
    return { priority, weight, own, load: (OVERPROVISIONING * own.length) / indexes.length };
  });
  let draw = chance.random() * Math.min(1, sum(healthy.map(({ load }) => load)));
  const shared = healthy.every(({ priority }) => priority === 0);
  if (shared) draw = chance.random() * sum(healthy.map(({ weight, load }) => weight * Math.min(1, load)));
  for (const { weight, own, load } of healthy) {
    draw -= shared ? weight * Math.min(1, load) : load;
    if (draw < 0) return own;
  }
  // Rounding may leave a crumb of the draw.
  return healthy.findLast(({ own }) => own.length > 0)?.own ?? [];
}

function healthyOf(cluster: Rotation, indexes: readonly number[], chance: Chance): readonly number[] {
  const { name, endpoints, upstream } = cluster;
  const outlier = upstream?.outlier;
  if (!outlier || !chance.ejected) return indexes;
  const healthy = indexes.filter((index) => {
    const endpoint = endpoints[index];
    return endpoint && !chance.ejected?.(name, endpoint, upstream);
  });
  return 100 * healthy.length < outlier.minHealthPercent * indexes.length ? indexes : healthy;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

const tables = new WeakMap<Balanced, HashTable>();

/** Made for the first request that needs it: most clusters have none. */
function tableOf(cluster: Balanced): HashTable {
  const known = tables.get(cluster);
  if (known) return known;
  const table = cluster.loadBalancer.hash?.table(cluster.endpoints) ?? { find: () => -1 };
  tables.set(cluster, table);
  return table;
}

const orders = new WeakMap<readonly Endpoint[], readonly number[] | 'equal'>();

/** Turns by weight, of the usable ones. Undefined when all weigh the same. */
function orderOf({ endpoints }: Balanced, usable: readonly number[] | undefined): readonly number[] | undefined {
  let order = orders.get(endpoints);
  if (!order) {
    order = areEqual(endpoints) ? 'equal' : turnsOf(endpoints);
    orders.set(endpoints, order);
  }
  if (order === 'equal') return undefined;
  return usable ? order.filter((index) => usable.includes(index)) : order;
}
