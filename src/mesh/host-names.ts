// Host names as Istio and Envoy compare them: short names, FQDNs of Services, wildcards.

export const CLUSTER_DOMAIN = 'svc.cluster.local';

/** A name without dots in an Istio object is a Service of the object's namespace. */
export function fullHost(host: string, namespace: string): string {
  const lower = host.toLowerCase();
  if (lower.includes('.') || lower.startsWith('*') || lower === '') return lower;
  return serviceHost(lower, namespace);
}

export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.${CLUSTER_DOMAIN}`;
}

/** The Host header without port and trailing dot, in lower case. */
export function hostOf(authority: string): string {
  const end = authority.startsWith('[') ? authority.indexOf(']') + 1 : authority.lastIndexOf(':');
  const host = end > 0 ? authority.slice(0, end) : authority;
  return (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase();
}

export function portOf(authority: string): number | undefined {
  const port = /:(\d{1,5})$/.exec(authority)?.[1];
  return port === undefined || authority.endsWith(']') ? undefined : Number(port);
}

/** Whether every host that `narrow` covers is covered by `wide`; both may be wildcards. */
export function covers(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true;
  if (!wide.startsWith('*')) return false;
  const suffix = wide.slice(1);
  const rest = narrow.startsWith('*') ? narrow.slice(1) : narrow;
  return rest.endsWith(suffix) && (narrow.startsWith('*') || rest.length > suffix.length);
}

/** The narrower of two patterns when one covers the other: the hosts that both name. */
export function intersection(one: string, other: string): string | undefined {
  if (covers(one, other)) return other;
  return covers(other, one) ? one : undefined;
}

/**
 * Values by host pattern, found as Envoy finds a virtual host: the exact name, else the longest wildcard, else `*`.
 * The cost of a search does not grow with the number of patterns.
 */
export class HostTable<T> {
  readonly #exact = new Map<string, T>();
  readonly #suffixes = new Map<string, T>();
  #lengths: number[] = [];

  get size(): number {
    return this.#exact.size + this.#suffixes.size;
  }

  at(pattern: string): T | undefined {
    return pattern.startsWith('*') ? this.#suffixes.get(pattern.slice(1)) : this.#exact.get(pattern);
  }

  set(pattern: string, value: T): void {
    if (!pattern.startsWith('*')) {
      this.#exact.set(pattern, value);
      return;
    }
    const suffix = pattern.slice(1);
    this.#suffixes.set(suffix, value);
    if (!this.#lengths.includes(suffix.length)) {
      this.#lengths = [...this.#lengths, suffix.length].sort((a, b) => b - a);
    }
  }

  /** The value of the most specific pattern that covers `host` and that `accept` takes. */
  find<R>(host: string, accept: (value: T) => R | undefined): R | undefined {
    const exact = this.#exact.get(host);
    const accepted = exact === undefined ? undefined : accept(exact);
    if (accepted !== undefined) return accepted;
    for (const length of this.#lengths) {
      if (length >= host.length) continue;
      const value = this.#suffixes.get(length === 0 ? '' : host.slice(-length));
      const found = value === undefined ? undefined : accept(value);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  *entries(): Generator<[string, T]> {
    yield* this.#exact;
    for (const [suffix, value] of this.#suffixes) yield [`*${suffix}`, value];
  }
}
