// Who is told of the traffic: the access log, and whoever else was plugged in (metrics, spans).
import type { LogBook } from '../contract.ts';
import type { PushedMesh } from '../mesh-facts.ts';
import type { HopTrace, ProxyRecord, Telemetry } from '../traffic.ts';
import { formatAccessLog } from './access-log.ts';
import { createAccessLogPolicy } from './access-log-policy.ts';

/** Told each record as it ends, in order. Must be quick: a request waits for it. */
export interface RecordSink {
  record(record: ProxyRecord): void;
}

export type Tracer = Telemetry['trace'];

export interface TelemetryOptions {
  logs: Pick<LogBook, 'append'>;
  /** Asked once per record, so that it may be another each time. */
  mesh(): PushedMesh;
  sinks?: readonly RecordSink[];
  tracer?: Tracer;
  /** A sink that throws loses its record and disturbs nobody. */
  onBug?(error: unknown): void;
}

export function createTelemetry({ logs, mesh, sinks = [], tracer, onBug }: TelemetryOptions): Telemetry {
  const all = [accessLogSink(logs, mesh), ...sinks];
  return {
    record(record) {
      for (const sink of all) {
        try {
          sink.record(record);
        } catch (error) {
          onBug?.(error);
        }
      }
    },
    trace: tracer ?? untraced,
  };
}

const untraced = (): HopTrace | undefined => undefined;

function accessLogSink(logs: Pick<LogBook, 'append'>, mesh: () => PushedMesh): RecordSink {
  let known: PushedMesh | undefined;
  let policy = createAccessLogPolicy({ version: 0, objects: [], meshConfig: {}, rootNamespace: '' });
  return {
    record(record) {
      const current = mesh();
      if (current !== known) {
        known = current;
        policy = createAccessLogPolicy(current);
      }
      for (const encoding of policy(record)) {
        for (const line of formatAccessLog(record, encoding).split('\n'))
          logs.append(record.pod.metadata.uid ?? '', 'istio-proxy', line);
      }
    },
  };
}
