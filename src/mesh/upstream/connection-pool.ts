// Connections of one proxy to one cluster, under its limits, as Envoy's HTTP/1.1 pools count them: a connection carries one
// request at a time, and a request without an idle connection is pending until it gets one, while it is opened too.
import type { UpstreamPolicy } from '../decision.ts';

export type SlotState = 'ready' | 'connecting' | 'waiting' | 'overflow' | 'over';

export interface Claim {
  readonly state: SlotState;
  whenItsTurn(callback: () => void): void;
  connected(): void;
  /** `reusable`: an answer came, so the connection may serve again. False when it had been released. */
  release(reusable: boolean): boolean;
}

/** Connections to one endpoint. Each idle one is the number of requests that it has served. */
interface Host {
  idle: number[];
  /** Opening or carrying a request. */
  busy: number;
  /** Carrying a request. */
  active: number;
  queue: Set<PooledClaim>;
}

type Limits = Pick<
  UpstreamPolicy,
  'maxConnections' | 'maxPendingRequests' | 'maxRequests' | 'maxRetries' | 'maxRequestsPerConnection'
>;

export class ConnectionPool {
  connections = 0;
  pending = 0;
  requests = 0;
  overflows = 0;
  pendingTotal = 0;
  readonly limits: Limits;
  readonly #pooled: boolean;
  readonly #hosts = new Map<string, Host>();
  #retries = 0;

  constructor(limits: Limits | undefined) {
    this.limits = limits ?? {};
    const { maxConnections, maxPendingRequests, maxRequests } = this.limits;
    this.#pooled = maxConnections !== undefined || maxPendingRequests !== undefined || maxRequests !== undefined;
  }

  /** Endpoints known. */
  get size(): number {
    return this.#hosts.size;
  }

  get isFull(): boolean {
    return this.requests >= (this.limits.maxRequests ?? Number.POSITIVE_INFINITY);
  }

  active(key: string): number {
    return this.#hosts.get(key)?.active ?? 0;
  }

  claim(key: string, tcp: boolean): Claim {
    return this.#pooled ? new PooledClaim(this, this.#host(key), tcp) : new FreeClaim(this, this.#host(key));
  }

  claimRetry(): (() => void) | undefined {
    const { maxRetries } = this.limits;
    if (maxRetries !== undefined && this.#retries >= maxRetries) return undefined;
    this.#retries += 1;
    let held = true;
    return () => {
      if (held) this.#retries -= 1;
      held = false;
    };
  }

  /** Forgets endpoints that are gone, once nothing of theirs is under way. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const [key, host] of this.#hosts) {
      if (keys.has(key) || host.busy > 0 || host.active > 0 || host.queue.size > 0) continue;
      this.connections -= host.idle.length;
      this.#hosts.delete(key);
    }
  }

  #host(key: string): Host {
    const known = this.#hosts.get(key);
    if (known) return known;
    const fresh: Host = { idle: [], busy: 0, active: 0, queue: new Set() };
    this.#hosts.set(key, fresh);
    return fresh;
  }
}

/** Without limits there is nothing to wait for. */
class FreeClaim implements Claim {
  state: SlotState = 'ready';
  readonly #pool: ConnectionPool;
  readonly #host: Host;

  constructor(pool: ConnectionPool, host: Host) {
    this.#pool = pool;
    this.#host = host;
    pool.requests += 1;
    host.active += 1;
  }

  whenItsTurn(): void {}

  connected(): void {}

  release(): boolean {
    if (this.state === 'over') return false;
    this.state = 'over';
    this.#pool.requests -= 1;
    this.#host.active -= 1;
    return true;
  }
}

class PooledClaim implements Claim {
  state: SlotState;
  readonly #pool: ConnectionPool;
  readonly #host: Host;
  readonly #tcp: boolean;
  /** Requests that its connection had served before. */
  #served = 0;
  #callback: (() => void) | undefined;

  constructor(pool: ConnectionPool, host: Host, tcp: boolean) {
    this.#pool = pool;
    this.#host = host;
    this.#tcp = tcp;
    this.state = this.#start();
  }

  #start(): SlotState {
    const pool = this.#pool;
    const served = this.#host.idle.pop();
    if (served !== undefined) {
      this.#host.busy += 1;
      return this.#send(served);
    }
    const { maxPendingRequests, maxConnections } = pool.limits;
    if (pool.pending >= (maxPendingRequests ?? Number.POSITIVE_INFINITY)) return this.#overflow();
    pool.pending += 1;
    pool.pendingTotal += 1;
    // An endpoint without any connection gets one over the limit: what waits for it could never go on otherwise.
    if (this.#host.busy === 0 || pool.connections < (maxConnections ?? Number.POSITIVE_INFINITY)) return this.#open();
    this.#host.queue.add(this);
    return 'waiting';
  }

  #open(): SlotState {
    this.#pool.connections += 1;
    this.#host.busy += 1;
    return 'connecting';
  }

  /** On a connection that is this claim's already, and counted as busy. */
  #send(served: number): SlotState {
    if (this.#pool.isFull) {
      this.#giveBack(served);
      return this.#overflow();
    }
    return this.#carry(served);
  }

  #carry(served: number): SlotState {
    const pool = this.#pool;
    this.#served = served;
    pool.requests += 1;
    this.#host.active += 1;
    return 'ready';
  }

  #overflow(): SlotState {
    this.#pool.overflows += 1;
    return 'overflow';
  }

  whenItsTurn(callback: () => void): void {
    if (this.state === 'waiting') this.#callback = callback;
    else callback();
  }

  connected(): void {
    if (this.state !== 'connecting') return;
    this.#pool.pending -= 1;
    this.state = this.#send(0);
  }

  release(reusable: boolean): boolean {
    const { state } = this;
    if (state === 'over' || state === 'overflow') return false;
    this.state = 'over';
    switch (state) {
      case 'ready': {
        this.#pool.requests -= 1;
        this.#host.active -= 1;
        const served = this.#served + 1;
        const most = this.#pool.limits.maxRequestsPerConnection ?? Number.POSITIVE_INFINITY;
        if (reusable && !this.#tcp && served < most) this.#giveBack(served);
        else this.#close();
        break;
      }
      case 'connecting':
        this.#pool.pending -= 1;
        this.#close();
        break;
      case 'waiting':
        this.#pool.pending -= 1;
        this.#host.queue.delete(this);
        break;
    }
    return true;
  }

  #giveBack(served: number): void {
    const pool = this.#pool;
    for (let next = this.#next(); next; next = this.#next()) {
      pool.pending -= 1;
      if (!pool.isFull) {
        next.#turn(next.#carry(served));
        return;
      }
      next.#turn(next.#overflow());
    }
    this.#host.busy -= 1;
    this.#host.idle.push(served);
  }

  #close(): void {
    this.#pool.connections -= 1;
    this.#host.busy -= 1;
    const next = this.#next();
    if (next) next.#turn(next.#open());
  }

  /** The one that has waited longest, out of the queue. */
  #next(): PooledClaim | undefined {
    const [next] = this.#host.queue;
    if (next) this.#host.queue.delete(next);
    return next;
  }

  #turn(state: SlotState): void {
    this.state = state;
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  }
}
