// Envoy's outlier detection for one cluster, without a timer: what its sweeps would have done by now is worked out when
// somebody asks.
import type { OutlierPolicy } from '../decision.ts';

/** Envoy's max_ejection_time, which Istio leaves alone. */
const LONGEST_EJECTION = 300_000;

interface Host {
  consecutive5xx: number;
  consecutiveGateway: number;
  /** Times the base time that an ejection lasts: up by one with each, down by one with each sweep that finds it in. */
  multiplier: number;
  /** Undefined: in the rotation. */
  ejected: number | undefined;
  /** Sweeps that it has been through. */
  sweeps: number;
}

export class OutlierDetector {
  readonly #policy: OutlierPolicy;
  readonly #start: number;
  readonly #interval: number;
  readonly #longest: number;
  readonly #hosts = new Map<string, Host>();

  constructor(policy: OutlierPolicy, now: number) {
    this.#policy = policy;
    this.#start = now;
    this.#interval = Math.max(1, policy.interval);
    this.#longest = Math.max(LONGEST_EJECTION, policy.baseEjectionTime);
  }

  isEjected(key: string, now: number): boolean {
    const host = this.#hosts.get(key);
    return host !== undefined && this.#swept(host, now).ejected !== undefined;
  }

  ejectedAt(now: number): string[] {
    return [...this.#hosts.keys()].filter((key) => this.isEjected(key, now));
  }

  /** A status that the endpoint answered, or that stands for its failure. `all`: the cluster's endpoints. */
  put(key: string, status: number, all: readonly string[], now: number): void {
    const host = this.#hosts.get(key);
    if (status < 500 || status > 599) {
      if (!host) return;
      host.consecutive5xx = 0;
      host.consecutiveGateway = 0;
      return;
    }
    this.#fail(host ?? this.#add(key, all, now), status, all, now);
  }

  #fail(host: Host, status: number, all: readonly string[], now: number): void {
    const { consecutive5xx, consecutiveGatewayErrors } = this.#policy;
    host.consecutiveGateway = status >= 502 && status <= 504 ? host.consecutiveGateway + 1 : 0;
    host.consecutive5xx += 1;
    const byGateway = reached(host.consecutiveGateway, consecutiveGatewayErrors);
    const by5xx = reached(host.consecutive5xx, consecutive5xx);
    if (byGateway) host.consecutiveGateway = 0;
    if (by5xx) host.consecutive5xx = 0;
    if (byGateway || by5xx) this.#eject(host, all, now);
  }

  /** Strictly under the limit, so a small cluster with the default of 10 % never ejects. */
  #eject(host: Host, all: readonly string[], now: number): void {
    if (this.#swept(host, now).ejected !== undefined) return;
    const already = all.filter((key) => this.isEjected(key, now)).length;
    if (100 * (already + 1) > Math.min(100, this.#policy.maxEjectionPercent) * all.length) return;
    host.ejected = now;
    const { baseEjectionTime } = this.#policy;
    if (host.multiplier * baseEjectionTime < this.#longest + baseEjectionTime) host.multiplier += 1;
  }

  #add(key: string, all: readonly string[], now: number): Host {
    if (this.#hosts.size > 2 * all.length + 16) {
      const present = new Set(all);
      for (const known of this.#hosts.keys()) if (!present.has(known)) this.#hosts.delete(known);
    }
    const host: Host = {
      consecutive5xx: 0,
      consecutiveGateway: 0,
      multiplier: 0,
      ejected: undefined,
      sweeps: this.#sweepsBy(now),
    };
    this.#hosts.set(key, host);
    return host;
  }

  #sweepsBy(time: number): number {
    return Math.max(0, Math.floor((time - this.#start) / this.#interval));
  }

  /** Brings back what the sweeps up to now bring back. */
  #swept(host: Host, now: number): Host {
    const sweeps = this.#sweepsBy(now);
    if (sweeps <= host.sweeps) return host;
    let first = host.sweeps + 1;
    host.sweeps = sweeps;
    if (host.ejected !== undefined) {
      const until = host.ejected + Math.min(this.#policy.baseEjectionTime * host.multiplier, this.#longest);
      const back = Math.max(first, Math.ceil((until - this.#start) / this.#interval));
      if (back > sweeps) return host;
      host.ejected = undefined;
      host.consecutive5xx = 0;
      host.consecutiveGateway = 0;
      first = back + 1;
    }
    host.multiplier = Math.max(0, host.multiplier - (sweeps - first + 1));
    return host;
  }
}

/** 0 and undefined: not looked at. */
function reached(count: number, limit: number | undefined): boolean {
  return limit !== undefined && limit > 0 && count >= limit;
}
