// From Jaeger's answers to lists and trees.
import type { KubeClient } from '../../cluster/contract.ts';
import { findJaeger, type JaegerSpan, type JaegerTrace } from '../../cluster/jaeger.ts';
import type { TraceList, TraceSpan, TraceSummary, TracesQuestion, TraceTree } from './trace.ts';

/** Jaeger traces what it is asked itself. Services of the mesh have a dot in their name. */
const OF_JAEGER = /^jaeger(-[a-z-]+)?$/;

/** Jaeger answers for one service at a time. Rejects with ClusterError. */
export async function readTraces(client: KubeClient, question: TracesQuestion): Promise<TraceList> {
  const jaeger = await findJaeger(client);
  if (!jaeger) return { missing: true, services: [], traces: [] };
  const services = (await jaeger.services()).filter((name) => !OF_JAEGER.test(name));
  const wanted = question.service === undefined ? services : [question.service];
  const parameters = { limit: String(question.limit), lookback: `${question.minutes}m` };
  const found = await Promise.all(wanted.map((service) => jaeger.traces({ ...parameters, service })));
  const traces = new Map(found.flat().map((trace) => [trace.traceID, trace]));
  return {
    missing: false,
    services,
    traces: [...traces.values()]
      .map(summaryOf)
      .sort((a, b) => b.start - a.start)
      .slice(0, question.limit),
  };
}

/** Undefined when there is no Jaeger or no such trace. Rejects with ClusterError. */
export async function readTrace(client: KubeClient, id: string): Promise<TraceTree | undefined> {
  const trace = await (await findJaeger(client))?.trace(id);
  return trace && treeOf(trace);
}

export function summaryOf(trace: JaegerTrace): TraceSummary {
  const { spans, processes, traceID } = trace;
  const first = spans.reduce((a, b) => (b.startTime < a.startTime ? b : a));
  const tree = treeOf(trace);
  return {
    id: traceID,
    operation: first.operationName,
    service: processes[first.processID]?.serviceName ?? '?',
    start: tree.start,
    duration: tree.duration,
    spans: spans.length,
    services: [...new Set(spans.map((s) => processes[s.processID]?.serviceName ?? '?'))].sort(),
    errors: tree.spans.filter((s) => s.error).length,
  };
}

export function treeOf({ traceID, spans, processes }: JaegerTrace): TraceTree {
  const start = Math.min(...spans.map((s) => s.startTime));
  const end = Math.max(...spans.map((s) => s.startTime + s.duration));
  const known = new Set(spans.map((s) => s.spanID));
  const children = Map.groupBy(spans, (span) => {
    const parent = span.references?.find((r) => r.refType === 'CHILD_OF')?.spanID;
    // The parent of a first span may be a client that sends no spans.
    return parent !== undefined && known.has(parent) && parent !== span.spanID ? parent : '';
  });
  const ordered: TraceSpan[] = [];
  const seen = new Set<string>();
  const visit = (parent: string, depth: number): void => {
    for (const span of (children.get(parent) ?? []).toSorted((a, b) => a.startTime - b.startTime)) {
      // Proxies of one hop may share a span id (B3): each span is told once.
      if (seen.has(identity(span))) continue;
      seen.add(identity(span));
      ordered.push(describe(span, depth, start, processes[span.processID]?.serviceName ?? '?'));
      visit(span.spanID, depth + 1);
    }
  };
  visit('', 0);
  // What hangs from itself, in a trace that somebody else made wrong, is shown all the same.
  for (const span of spans) {
    if (seen.has(identity(span))) continue;
    seen.add(identity(span));
    ordered.push(describe(span, 0, start, processes[span.processID]?.serviceName ?? '?'));
  }
  return { id: traceID, start: start / 1000, duration: (end - start) / 1000, spans: ordered };
}

function identity({ spanID, processID, startTime }: JaegerSpan): string {
  return `${spanID}/${processID}/${startTime}`;
}

function describe(span: JaegerSpan, depth: number, start: number, service: string): TraceSpan {
  const tags = (span.tags ?? []).map(({ key, value }) => ({ name: key, value: String(value) }));
  const tag = (name: string): string | undefined => tags.find((t) => t.name === name)?.value;
  const status = tag('http.status_code') ?? tag('http.response.status_code');
  const flags = tag('response_flags');
  const kind = tag('span.kind');
  return {
    id: span.spanID,
    depth,
    service,
    operation: span.operationName,
    side: kind === 'client' ? 'cliente' : kind === 'server' ? 'servidor' : 'programa',
    offset: (span.startTime - start) / 1000,
    duration: span.duration / 1000,
    ...(status && { status }),
    ...(flags && flags !== '-' && { flags }),
    error: tag('error') === 'true' || (status?.startsWith('5') ?? false),
    tags,
  };
}
