// The headers by which a trace goes on from proxy to proxy (istio-hechos §9.3): read in any form, written in the
// provider's own.

type Headers = Record<string, string>;

export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 digits: of whoever sent the headers. */
  spanId: string;
  /** Undefined: nobody has decided yet. */
  sampled: boolean | undefined;
}

export type Propagation = 'w3c' | 'b3';

/** What the caller wrote, in the family that the provider understands. A damaged header counts as none. */
export function readContext(headers: Readonly<Headers>, propagation: Propagation): TraceContext | undefined {
  return propagation === 'w3c' ? readW3c(headers) : (readB3Multi(headers) ?? readB3Single(headers));
}

/** B3 may carry a decision alone: "whatever this becomes, (do not) sample it". */
export function readDecision(headers: Readonly<Headers>, propagation: Propagation): boolean | undefined {
  if (propagation === 'w3c') return undefined;
  const { b3 } = headers;
  if (b3 === '0') return false;
  if (b3 === '1' || b3 === 'd') return true;
  return decisionOf(headers['x-b3-sampled'], headers['x-b3-flags']);
}

export function writeContext(
  headers: Headers,
  propagation: Propagation,
  {
    traceId,
    spanId,
    parentSpanId,
    sampled,
  }: { traceId: string; spanId: string; parentSpanId?: string; sampled: boolean },
): void {
  if (propagation === 'w3c') {
    headers.traceparent = `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
    return;
  }
  headers['x-b3-traceid'] = traceId;
  headers['x-b3-spanid'] = spanId;
  if (parentSpanId) headers['x-b3-parentspanid'] = parentSpanId;
  headers['x-b3-sampled'] = sampled ? '1' : '0';
  // One family at a time: the single header would say something else.
  delete headers.b3;
}

function readW3c({ traceparent }: Readonly<Headers>): TraceContext | undefined {
  const [, version, traceId, spanId, flags] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || !flags || version === 'ff' || isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function readB3Multi(headers: Readonly<Headers>): TraceContext | undefined {
  const context = b3Ids(headers['x-b3-traceid'], headers['x-b3-spanid']);
  return context && { ...context, sampled: decisionOf(headers['x-b3-sampled'], headers['x-b3-flags']) };
}

function readB3Single({ b3 }: Readonly<Headers>): TraceContext | undefined {
  const [traceId, spanId, decision] = (b3 ?? '').split('-');
  const context = b3Ids(traceId, spanId);
  return context && { ...context, sampled: decisionOf(decision === 'd' ? '1' : decision, undefined) };
}

function b3Ids(traceId = '', spanId = ''): Pick<TraceContext, 'traceId' | 'spanId'> | undefined {
  const [trace, span] = [traceId.toLowerCase(), spanId.toLowerCase()];
  if (!/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(trace) || !/^[0-9a-f]{16}$/.test(span)) return undefined;
  if (isZero(trace) || isZero(span)) return undefined;
  return { traceId: trace.padStart(32, '0'), spanId: span };
}

function decisionOf(sampled: string | undefined, flags: string | undefined): boolean | undefined {
  if (flags === '1') return true;
  if (sampled === '1' || sampled === 'true') return true;
  return sampled === '0' || sampled === 'false' ? false : undefined;
}

function isZero(hex: string): boolean {
  return /^0+$/.test(hex);
}
