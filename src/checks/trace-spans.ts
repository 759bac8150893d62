// The spans of a trace as far as a check looks at them: who made each, on which side, under which other.
import type { JaegerSpan, JaegerTrace } from '../cluster/jaeger.ts';
import type { SeenSpan } from '../diagnosis/telemetry-sighting.ts';

export function spansOf({ spans, processes }: JaegerTrace): SeenSpan[] {
  return spans.map((span) => ({
    id: span.spanID,
    parent: parentOf(span),
    service: processes[span.processID]?.serviceName ?? '?',
    side: sideOf(span),
  }));
}

/** A service that was called in this trace and calls nobody in it: the end of a chain, or of its headers. */
export function isOrphan(spans: readonly SeenSpan[], service: string): boolean {
  const own = spans.filter((s) => s.service === service);
  return own.some((s) => s.side === 'server') && !own.some((s) => s.side === 'client');
}

/** Services whose proxy began this trace when they called somebody: nobody had handed them one to go on with. */
export function startsOfTraces(trace: JaegerTrace): Set<string> {
  const spans = spansOf(trace);
  return new Set(spans.filter((s) => s.parent === '' && s.side === 'client').map((s) => s.service));
}

function parentOf({ references = [] }: JaegerSpan): string {
  return references.find((r) => r.refType === 'CHILD_OF')?.spanID ?? '';
}

function sideOf({ tags = [] }: JaegerSpan): SeenSpan['side'] {
  const kind = tags.find((t) => t.key === 'span.kind')?.value;
  return kind === 'client' || kind === 'server' ? kind : 'other';
}
