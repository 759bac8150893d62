// Which traces a search asks for.
import type { Span } from '../../traffic.ts';

export interface SpanQuery {
  traceIds?: string[];
  service: string;
  operation?: string;
  /** All of these must be on one span. */
  tags: ReadonlyMap<string, string>;
  /** Microseconds. */
  from: number;
  to: number;
  minDuration: number;
  maxDuration: number;
  limit: number;
}

/** Its message is the one that Jaeger would answer with a 400. */
export class QueryError extends Error {}

const DEFAULT_LIMIT = 100;
const MOST = 1_500;
const TWO_DAYS = 172_800_000_000;

/** `now` in milliseconds since the epoch. */
export function readQuery(parameters: URLSearchParams, now: number): SpanQuery {
  const traceIds = parameters.getAll('traceID');
  const service = parameters.get('service') ?? '';
  if (!service && traceIds.length === 0) throw new QueryError("parameter 'service' is required");
  const to = micros(parameters, 'end') ?? now * 1000;
  const lookback = parameters.get('lookback');
  const from = micros(parameters, 'start') ?? to - (lookback ? durationOf('lookback', lookback) : TWO_DAYS);
  const minDuration = parameters.get('minDuration');
  const maxDuration = parameters.get('maxDuration');
  const operation = parameters.get('operation');
  const query: SpanQuery = {
    ...(traceIds.length > 0 && { traceIds }),
    service,
    ...(operation && { operation }),
    tags: readTags(parameters),
    from,
    to,
    minDuration: minDuration ? durationOf('minDuration', minDuration) : 0,
    maxDuration: maxDuration ? durationOf('maxDuration', maxDuration) : Number.POSITIVE_INFINITY,
    limit: readLimit(parameters.get('limit')),
  };
  if (query.maxDuration < query.minDuration) {
    throw new QueryError("'maxDuration' should be greater than 'minDuration'");
  }
  return query;
}

/** A trace fits when one of its spans fits in all. */
export function selectTraces(traces: Iterable<readonly Span[]>, query: SpanQuery): (readonly Span[])[] {
  const found: (readonly Span[])[] = [];
  for (const trace of traces) {
    if (found.length >= query.limit) break;
    if (trace.some((span) => fits(span, query))) found.push(trace);
  }
  return found;
}

function fits(span: Span, { service, operation, tags, from, to, minDuration, maxDuration }: SpanQuery): boolean {
  if (span.service !== service || span.start < from || span.start > to) return false;
  if (span.duration < minDuration || span.duration > maxDuration) return false;
  if (operation !== undefined && span.name !== operation) return false;
  for (const [key, value] of tags) {
    if (!span.tags.some((tag) => tag.key === key && String(tag.value) === value)) return false;
  }
  return true;
}

/** `tags={"a":"b"}` and `tag=a:b`, as often as one likes. */
function readTags(parameters: URLSearchParams): Map<string, string> {
  const tags = new Map<string, string>();
  for (const json of parameters.getAll('tags')) {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      throw new QueryError(`malformed 'tags' parameter, cannot unmarshal JSON: ${json}`);
    }
    for (const [key, own] of Object.entries(value ?? {})) {
      if (typeof own !== 'string') throw new QueryError(`malformed 'tags' parameter, values must be strings: ${json}`);
      tags.set(key, own);
    }
  }
  for (const pair of parameters.getAll('tag')) {
    const colon = pair.indexOf(':');
    if (colon < 1) throw new QueryError(`malformed 'tag' parameter, expecting key:value, received: ${pair}`);
    tags.set(pair.slice(0, colon), pair.slice(colon + 1));
  }
  return tags;
}

function readLimit(text: string | null): number {
  if (text === null || text === '') return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!Number.isInteger(limit)) throw new QueryError(`unable to parse param 'limit': ${text}`);
  return Math.min(MOST, Math.max(0, limit));
}

function micros(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new QueryError(`unable to parse param '${name}': ${text}`);
  return value;
}

const UNITS: Record<string, number> = { us: 1, µs: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9, d: 8.64e10 };

/** Microseconds of `1.2s`, `100ms`, `1h30m`. */
function durationOf(name: string, text: string): number {
  let sum = 0;
  const rest = text.replace(/(\d+(?:\.\d+)?)(us|\u00b5s|ms|s|m|h|d)/g, (_all, amount: string, unit: string) => {
    sum += Number(amount) * (UNITS[unit] ?? 0);
    return '';
  });
  if (rest !== '' || text === '') throw new QueryError(`unable to parse param '${name}': ${text}`);
  return sum;
}
