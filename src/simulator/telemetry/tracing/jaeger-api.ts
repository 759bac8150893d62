// Jaeger's query API, as its own page asks it (istio-hechos §9.4).

import type { Span, SpanTag } from '../../traffic.ts';
import { QueryError, readQuery, type SpanQuery, selectTraces } from './jaeger-query.ts';
import type { SpanStore } from './span-store.ts';

export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** `path` below `/api/`. `now` in milliseconds since the epoch. */
export function answerQuery(store: SpanStore, path: string, parameters: URLSearchParams, now: number): ApiAnswer {
  const parts = path.split('/').map(decode);
  const [what, name, detail] = parts;
  if (what === 'services' && parts.length === 1) return good(store.services());
  if (what === 'services' && name !== undefined && detail === 'operations') {
    return good(store.operations(name).map((o) => o.name));
  }
  if (what === 'operations' && parts.length === 1) return operations(store, parameters);
  if (what === 'traces' && parts.length === 1) return search(store, parameters, now);
  if (what === 'traces' && name !== undefined && parts.length === 2) return oneTrace(store, name);
  if (what === 'dependencies' && parts.length === 1) return good(dependencies(store));
  return failed(404, 'not found');
}

function operations(store: SpanStore, parameters: URLSearchParams): ApiAnswer {
  const service = parameters.get('service');
  if (!service) return failed(400, "parameter 'service' is required");
  const kind = parameters.get('spanKind');
  const found = store.operations(service).filter((o) => !kind || o.kind === kind);
  return good(found.map((o) => ({ name: o.name, spanKind: o.kind })));
}

function search(store: SpanStore, parameters: URLSearchParams, now: number): ApiAnswer {
  let query: SpanQuery;
  try {
    query = readQuery(parameters, now);
  } catch (error) {
    if (error instanceof QueryError) return failed(400, error.message);
    throw error;
  }
  const found = query.traceIds
    ? query.traceIds.flatMap((id) => {
        const trace = store.trace(id);
        return trace ? [trace] : [];
      })
    : selectTraces(store.traces(), query);
  return good(found.map(toJaeger));
}

function oneTrace(store: SpanStore, id: string): ApiAnswer {
  if (!/^[0-9a-fA-F]{1,32}$/.test(id)) return failed(400, `malformed trace ID: ${id}`);
  const trace = store.trace(id);
  return trace ? good([toJaeger(trace)]) : failed(404, 'trace not found');
}

/** Calls between services, counted over what is kept. */
function dependencies(store: SpanStore): unknown[] {
  const calls = new Map<string, { parent: string; child: string; callCount: number }>();
  for (const trace of store.traces()) {
    const services = new Map(trace.map((s) => [s.spanId, s.service]));
    for (const { service, parentSpanId } of trace) {
      const parent = services.get(parentSpanId ?? '');
      if (parent === undefined || parent === service) continue;
      const call = calls.get(`${parent} ${service}`) ?? { parent, child: service, callCount: 0 };
      call.callCount += 1;
      calls.set(`${parent} ${service}`, call);
    }
  }
  return [...calls.values()];
}

export function toJaeger(spans: readonly Span[]) {
  const processes = new Map<string, { id: string; tags: readonly SpanTag[] }>();
  for (const { service, processTags } of spans) {
    if (!processes.has(service)) processes.set(service, { id: `p${processes.size + 1}`, tags: processTags });
  }
  const traceID = spans[0]?.traceId ?? '';
  return {
    traceID,
    spans: spans.map((span) => ({
      traceID,
      spanID: span.spanId,
      flags: 1,
      operationName: span.name,
      references: span.parentSpanId ? [{ refType: 'CHILD_OF', traceID, spanID: span.parentSpanId }] : [],
      startTime: span.start,
      duration: span.duration,
      tags: [...span.tags, ...kindTag(span)].map(toTag),
      logs: [],
      processID: processes.get(span.service)?.id ?? 'p1',
      warnings: null,
    })),
    processes: Object.fromEntries(
      [...processes].map(([serviceName, { id, tags }]) => [id, { serviceName, tags: tags.map(toTag) }]),
    ),
    warnings: null,
  };
}

function kindTag({ kind }: Span): SpanTag[] {
  return [{ key: 'span.kind', value: kind }];
}

function toTag({ key, value }: SpanTag) {
  const type =
    typeof value === 'boolean'
      ? 'bool'
      : typeof value === 'string'
        ? 'string'
        : Number.isInteger(value)
          ? 'int64'
          : 'float64';
  return { key, type, value };
}

function good(data: readonly unknown[]): ApiAnswer {
  return { status: 200, body: { data, total: data.length, limit: 0, offset: 0, errors: null } };
}

function failed(code: number, msg: string): ApiAnswer {
  return { status: code, body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] } };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
