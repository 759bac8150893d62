// The traces that one collector keeps in memory: the newest, and no more of each than can be looked at.
import type { Span } from '../../traffic.ts';

export interface SpanStore {
  add(spans: readonly Span[]): void;
  services(): string[];
  /** Span names of a service, with their kinds. */
  operations(service: string): { name: string; kind: Span['kind'] }[];
  trace(traceId: string): readonly Span[] | undefined;
  /** Newest first. */
  traces(): Iterable<readonly Span[]>;
}

const MOST_TRACES = 5_000;
const MOST_SPANS = 2_000;

export function createSpanStore(): SpanStore {
  // In the order of their first span: the oldest is the first to go.
  const traces = new Map<string, Span[]>();
  return {
    add(spans) {
      for (const span of spans) {
        const trace = traces.get(span.traceId) ?? [];
        if (trace.length === 0) traces.set(span.traceId, trace);
        if (trace.length < MOST_SPANS) trace.push(span);
        if (traces.size > MOST_TRACES) {
          const [oldest] = traces.keys();
          if (oldest !== undefined) traces.delete(oldest);
        }
      }
    },
    services: () => [...new Set(allSpans().map((s) => s.service))].sort(),
    operations(service) {
      const found = new Map<string, { name: string; kind: Span['kind'] }>();
      for (const { service: own, name, kind } of allSpans())
        if (own === service) found.set(`${kind} ${name}`, { name, kind });
      return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    trace: (traceId) => traces.get(traceId.toLowerCase().padStart(32, '0')),
    traces: () => [...traces.values()].reverse(),
  };

  function allSpans(): Span[] {
    return [...traces.values()].flat();
  }
}
