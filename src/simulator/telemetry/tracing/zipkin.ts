// Spans in Zipkin's JSON, version 2.
import type { Span } from '../../traffic.ts';

const KINDS: Record<string, Span['kind']> = {
  CLIENT: 'client',
  SERVER: 'server',
  PRODUCER: 'producer',
  CONSUMER: 'consumer',
};

/** Throws SyntaxError when it is no JSON array; spans without ids are dropped. */
export function readZipkin(body: string): Span[] {
  const spans: unknown = JSON.parse(body);
  if (!Array.isArray(spans)) throw new SyntaxError('not a JSON array');
  return spans.flatMap(readSpan);
}

function readSpan(value: unknown): Span[] {
  const { traceId, id, parentId, kind, name, timestamp, duration, localEndpoint, tags } = (value ?? {}) as Record<
    string,
    unknown
  >;
  const [trace, span] = [String(traceId ?? '').toLowerCase(), String(id ?? '').toLowerCase()];
  if (!/^[0-9a-f]{16,32}$/.test(trace) || !/^[0-9a-f]{16}$/.test(span)) return [];
  const parent = String(parentId ?? '').toLowerCase();
  const { serviceName } = (localEndpoint ?? {}) as { serviceName?: unknown };
  return [
    {
      traceId: trace.padStart(32, '0'),
      spanId: span,
      ...(/^[0-9a-f]{16}$/.test(parent) && { parentSpanId: parent }),
      name: String(name ?? ''),
      kind: KINDS[String(kind)] ?? 'internal',
      service: typeof serviceName === 'string' && serviceName !== '' ? serviceName : 'unknown',
      start: microseconds(timestamp),
      duration: microseconds(duration),
      tags: Object.entries((tags ?? {}) as Record<string, unknown>).map(([key, own]) => ({ key, value: String(own) })),
      processTags: [],
    },
  ];
}

function microseconds(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? Math.round(number) : 0;
}
