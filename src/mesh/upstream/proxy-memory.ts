// What one proxy remembers between requests: round-robin cursors, requests in flight, connections, ejected endpoints.
//
// For each try, the data plane does this:
//
//   const slot = memory.begin(forward, endpoint);
//   if (slot.state === 'waiting') await the callback given to slot.whenItsTurn()
//   if (slot.state === 'connecting') spend the time that a connection takes, then slot.connected()
//   if (slot.state === 'overflow') answer 503 UO; it is over and release() does nothing
//   else send; slot.release(status), or release('failed') | release('timed-out') | release('cancelled')
//
// release() must be called exactly once, at any state: it frees the connection or leaves the queue. A second call does
// nothing. Before a try after the first, beginRetry() says whether the cluster allows one more at the same time.
// States change only inside these calls: there is no timer here.
import type { Endpoint, Forward, UpstreamPolicy } from '../decision.ts';
import type { Chance } from '../engine.ts';
import { ConnectionPool, type SlotState } from './connection-pool.ts';
import { OutlierDetector } from './outlier-detection.ts';

/** How a try ended: the answer's status, or why there was none. `cancelled` (the client went away) counts for nothing. */
export type TryEnd = number | 'failed' | 'timed-out' | 'cancelled';

export interface Slot {
  /** `ready`: send now. */
  readonly state: SlotState;
  /** Called once when a waiting slot becomes `ready`, `connecting` or `overflow`. */
  whenItsTurn(callback: () => void): void;
  /** The connection that a connecting slot was told to open is open: it becomes `ready`, or `overflow`. */
  connected(): void;
  release(end: TryEnd): void;
}

/** What a slot is taken for: a decision of the engine, or the way from a sidecar to its program. */
export type Towards = Pick<Forward, 'cluster' | 'upstream' | 'candidates' | 'tcp'>;

export interface ProxyMemory extends Chance {
  active(cluster: string, endpoint: Endpoint): number;
  ejected(cluster: string, endpoint: Endpoint, upstream?: UpstreamPolicy): boolean;
  begin(forward: Towards, endpoint: Endpoint): Slot;
  /** To be called before the back-off. Undefined: too many at once (the failure stands, with flag UO); else its release. */
  beginRetry(forward: Forward): (() => void) | undefined;
  /** Figures of the clusters in memory, as `pilot-agent request GET clusters` and stats show them. */
  clusters(): ClusterFigures[];
}

export interface ClusterFigures {
  name: string;
  connections: number;
  pending: number;
  requests: number;
  /** Over limits since the start: upstream_rq_pending_overflow. */
  overflows: number;
  /** Waited for a connection since the start: upstream_rq_pending_total. */
  pendingTotal: number;
  ejections: readonly { address: string; port: number }[];
}

export interface Surroundings {
  random(): number;
  /** Milliseconds, never going back. */
  now(): number;
}

/** Names come from configurations, of which a proxy sees any number. */
const REMEMBERED_CLUSTERS = 1_000;

interface ClusterMemory {
  cursor: number;
  policy: UpstreamPolicy | undefined;
  pool: ConnectionPool;
  outlier: OutlierDetector | undefined;
}

export function createProxyMemory(surroundings: Surroundings): ProxyMemory {
  return new Memory(surroundings);
}

/** Nothing but what it has to remember: most proxies of a large cluster never see a request. */
class Memory implements ProxyMemory {
  readonly #surroundings: Surroundings;
  #clusters: Map<string, ClusterMemory> | undefined;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  random(): number {
    return this.#surroundings.random();
  }

  next(name: string, size: number): number {
    const memory = this.#remembered(name);
    if (memory.cursor < 0) memory.cursor = Math.floor(this.random() * size);
    else memory.cursor = (memory.cursor + 1) % Number.MAX_SAFE_INTEGER;
    return memory.cursor % size;
  }

  active(name: string, endpoint: Endpoint): number {
    return this.#clusters?.get(name)?.pool.active(keyOf(endpoint)) ?? 0;
  }

  ejected(name: string, endpoint: Endpoint, upstream?: UpstreamPolicy): boolean {
    const memory = this.#clusters?.get(name);
    if (!memory) return false;
    if (upstream && upstream !== memory.policy) this.#redefine(memory, upstream);
    return memory.outlier?.isEjected(keyOf(endpoint), this.#surroundings.now()) ?? false;
  }

  begin(forward: Towards, endpoint: Endpoint): Slot {
    const { now } = this.#surroundings;
    const { pool, outlier } = this.#clusterOf(forward);
    const key = keyOf(endpoint);
    const { candidates } = forward;
    if (pool.size > 2 * candidates.length + 16) pool.keepOnly(new Set(candidates.map(keyOf)));
    const claim = pool.claim(key, forward.tcp === true);
    return {
      get state() {
        return claim.state;
      },
      whenItsTurn: (callback) => claim.whenItsTurn(callback),
      connected: () => claim.connected(),
      release(end) {
        const counted = claim.state === 'ready' || claim.state === 'connecting';
        const first = claim.release(typeof end === 'number');
        if (first && counted && end !== 'cancelled') outlier?.put(key, statusOf(end), candidates.map(keyOf), now());
      },
    };
  }

  beginRetry(forward: Forward): (() => void) | undefined {
    return this.#clusterOf(forward).pool.claimRetry();
  }

  clusters(): ClusterFigures[] {
    return [...(this.#clusters ?? [])].map(([name, memory]) => figures(name, memory, this.#surroundings.now()));
  }

  #remembered(name: string): ClusterMemory {
    this.#clusters ??= new Map();
    const known = this.#clusters.get(name);
    if (known) return known;
    if (this.#clusters.size >= REMEMBERED_CLUSTERS) forgetIdle(this.#clusters);
    const fresh = { cursor: -1, policy: undefined, pool: new ConnectionPool(undefined), outlier: undefined };
    this.#clusters.set(name, fresh);
    return fresh;
  }

  #clusterOf({ cluster, upstream }: Towards): ClusterMemory {
    const memory = this.#remembered(cluster);
    if (memory.policy !== upstream) this.#redefine(memory, upstream);
    return memory;
  }

  #redefine(memory: ClusterMemory, upstream: UpstreamPolicy | undefined): void {
    // Envoy makes a cluster anew when its definition changes, and only then: with it goes all that was counted.
    if (!samePolicy(memory.policy, upstream)) {
      memory.pool = new ConnectionPool(upstream);
      memory.outlier = upstream?.outlier && new OutlierDetector(upstream.outlier, this.#surroundings.now());
    }
    memory.policy = upstream;
  }
}

/** Failures count as the statuses that a client would see. */
function statusOf(end: Exclude<TryEnd, 'cancelled'>): number {
  if (typeof end === 'number') return end;
  return end === 'timed-out' ? 504 : 503;
}

function figures(name: string, { pool, outlier }: ClusterMemory, now: number): ClusterFigures {
  const ejections = (outlier?.ejectedAt(now) ?? []).map((key) => {
    const colon = key.lastIndexOf(':');
    return { address: key.slice(0, colon), port: Number(key.slice(colon + 1)) };
  });
  const { connections, pending, requests, overflows, pendingTotal } = pool;
  return { name, connections, pending, requests, overflows, pendingTotal, ejections };
}

function forgetIdle(clusters: Map<string, ClusterMemory>): void {
  for (const [name, { pool }] of clusters) {
    if (clusters.size <= REMEMBERED_CLUSTERS / 2) return;
    if (pool.requests === 0 && pool.pending === 0) clusters.delete(name);
  }
}

function samePolicy(a: UpstreamPolicy | undefined, b: UpstreamPolicy | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function keyOf({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}
