// Sends the spans of sampled requests to the collector that their proxy is told to use. What nobody collects is lost, as
// on a real mesh.
import type { ProxyRecord, Span } from '../../traffic.ts';
import type { RecordSink } from '../telemetry.ts';
import { hopSpans } from './hop-span.ts';
import type { FindTracingPolicy } from './tracing-policy.ts';

/** What takes spans at a Service's port; undefined when no running pod does. */
export type FindCollector = (host: string, port: number) => ((spans: readonly Span[]) => void) | undefined;

export function createSpanReporter(policyOf: FindTracingPolicy, findCollector: FindCollector): RecordSink {
  return {
    record(record: ProxyRecord) {
      const { trace, pod, reporter } = record;
      if (!trace?.sampled) return;
      const policy = policyOf(pod, reporter);
      if (!policy || policy.silent) return;
      const { host, port } = policy.collector;
      findCollector(host, port)?.(hopSpans(record, trace, policy));
    },
  };
}
