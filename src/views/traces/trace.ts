// Traces as data: what a list shows of each, and one as a tree of spans.

export interface TracesQuestion {
  /** A service as Jaeger names it: `productpage.default`. All when undefined. */
  service?: string;
  minutes: number;
  limit: number;
}

export interface TraceList {
  /** Jaeger is not installed: there is nothing to look for. */
  missing: boolean;
  services: string[];
  traces: TraceSummary[];
}

export interface TraceSummary {
  id: string;
  /** Of its first span. */
  operation: string;
  service: string;
  /** Milliseconds since the epoch. */
  start: number;
  /** Milliseconds. */
  duration: number;
  spans: number;
  /** Services on its way. */
  services: string[];
  errors: number;
}

export interface TraceTree {
  id: string;
  start: number;
  duration: number;
  /** Depth first, as a waterfall shows them. */
  spans: TraceSpan[];
}

export interface TraceSpan {
  id: string;
  /** 0 for the first. */
  depth: number;
  service: string;
  operation: string;
  /** `cliente`: made by the caller's proxy; `servidor`: by that of who was called. */
  side: 'cliente' | 'servidor' | 'programa';
  /** Milliseconds after the start of the trace. */
  offset: number;
  duration: number;
  status?: string;
  /** Envoy's response flags. */
  flags?: string;
  error: boolean;
  tags: { name: string; value: string }[];
}
