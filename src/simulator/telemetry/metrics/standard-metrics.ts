// Istio's standard metrics, counted by each proxy for itself (istio-hechos §8).

import { createHistogram, type Histogram, observe, writeHistogram } from '../../histogram.ts';
import type { ProxyRecord } from '../../traffic.ts';
import type { MetricPolicy } from './metric-policy.ts';
import { labelText, recordLabels } from './record-labels.ts';

export interface StandardMetrics {
  /** A sink of telemetry. */
  record(record: ProxyRecord): void;
  /** What a proxy has counted, in the text format of Prometheus; empty for one without traffic. */
  exposition(podUid: string): string;
  forget(podUid: string): void;
}

export type MetricName = (typeof NAMES)[number];

const HTTP_NAMES = [
  'istio_requests_total',
  'istio_request_duration_milliseconds',
  'istio_request_bytes',
  'istio_response_bytes',
] as const;
const GRPC_NAMES = ['istio_request_messages_total', 'istio_response_messages_total'] as const;
const TCP_NAMES = [
  'istio_tcp_connections_opened_total',
  'istio_tcp_connections_closed_total',
  'istio_tcp_sent_bytes_total',
  'istio_tcp_received_bytes_total',
] as const;
const NAMES = [...HTTP_NAMES, ...GRPC_NAMES, ...TCP_NAMES] as const;

/** Clients write Host headers, and each is a label: past this many kinds of request a proxy counts no new ones. */
const MOST_KINDS = 2_000;

export interface StandardMetricsOptions {
  /** All metrics with all labels when missing. */
  policy?: MetricPolicy;
}

export function createStandardMetrics({ policy }: StandardMetricsOptions = {}): StandardMetrics {
  const byPod = new Map<string, ProxyRegistry>();
  let known = -1;

  function registryOf(uid: string): ProxyRegistry {
    let registry = byPod.get(uid);
    if (!registry) {
      registry = { kinds: new Map(), series: new Map() };
      byPod.set(uid, registry);
    }
    return registry;
  }

  return {
    record(record) {
      const uid = record.pod.metadata.uid ?? '';
      const registry = registryOf(uid);
      const version = policy?.version() ?? 0;
      if (version !== known) {
        known = version;
        for (const { kinds } of byPod.values()) kinds.clear();
      }
      const own = policy?.keyOf(record) ?? '';
      const key = own === '' ? kindOf(record) : `${kindOf(record)}|${own}`;
      let kind = registry.kinds.get(key);
      if (!kind) {
        if (registry.kinds.size >= MOST_KINDS) return;
        kind = describe(registry, record, policy);
        registry.kinds.set(key, kind);
      }
      count(kind, record);
    },
    exposition: (podUid) => write(byPod.get(podUid)),
    forget(podUid) {
      byPod.delete(podUid);
    },
  };
}

interface ProxyRegistry {
  /** By all that labels are made of: what a record finds its series by. */
  kinds: Map<string, Kind>;
  /** By name and labels. */
  series: Map<MetricName, Map<string, Series>>;
}

/** Series that one kind of request counts in; those that a policy has switched off are missing. */
type Kind = Partial<Record<MetricName, Series>>;

interface Series {
  labels: string;
  value: number;
  histogram?: Histogram;
}

/** Pods by their identity, so that the cost does not grow with their labels. */
function kindOf(record: ProxyRecord): string {
  const { service, peer, request } = record;
  const asked = service ? `${service.namespace}/${service.name}` : `@${request?.authority ?? ''}`;
  const known = `${record.reporter}${record.status}|${record.flags.join()}|${record.cluster}|${asked}|${record.protocol}`;
  const ends = `${peer?.metadata.uid}|${record.sourcePrincipal}|${record.destinationPrincipal}|${record.mtls}`;
  const rest = `${record.grpcStatus}|${record.route === 'block_all' || record.route === 'allow_any' ? record.route : ''}`;
  return `${known}|${ends}|${rest}`;
}

function describe(registry: ProxyRegistry, record: ProxyRecord, policy: MetricPolicy | undefined): Kind {
  const labels = recordLabels(record);
  const names =
    record.protocol === 'tcp' ? TCP_NAMES : record.protocol === 'grpc' ? [...HTTP_NAMES, ...GRPC_NAMES] : HTTP_NAMES;
  const kind: Kind = {};
  for (const name of names) {
    const own = policy ? policy.labelsOf(record, name, labels) : labels;
    if (own) kind[name] = seriesOf(registry, name, labelText(own));
  }
  return kind;
}

function seriesOf({ series }: ProxyRegistry, name: MetricName, labels: string): Series {
  let byLabels = series.get(name);
  if (!byLabels) {
    byLabels = new Map();
    series.set(name, byLabels);
  }
  let found = byLabels.get(labels);
  if (!found) {
    found = isHistogram(name) ? { labels, value: 0, histogram: createHistogram() } : { labels, value: 0 };
    byLabels.set(labels, found);
  }
  return found;
}

const isHistogram = (name: MetricName): boolean => !name.endsWith('_total');

function count(kind: Kind, record: ProxyRecord): void {
  if (record.protocol === 'tcp') {
    add(kind.istio_tcp_connections_opened_total, 1);
    add(kind.istio_tcp_connections_closed_total, 1);
    add(kind.istio_tcp_sent_bytes_total, record.bytesSent);
    add(kind.istio_tcp_received_bytes_total, record.bytesReceived);
    return;
  }
  add(kind.istio_requests_total, 1);
  add(kind.istio_request_messages_total, 1);
  add(kind.istio_response_messages_total, record.status === 200 ? 1 : 0);
  observeIn(kind.istio_request_duration_milliseconds, Math.floor(record.duration));
  observeIn(kind.istio_request_bytes, record.bytesReceived + requestHeadBytes(record));
  observeIn(kind.istio_response_bytes, record.bytesSent + (record.status > 0 ? RESPONSE_HEAD_BYTES : 0));
}

function add(series: Series | undefined, amount: number): void {
  if (series) series.value += amount;
}

function observeIn(series: Series | undefined, value: number): void {
  if (series?.histogram) observe(series.histogram, value);
}

/** Envoy counts bytes on the wire. A record has no headers of the answer: this is what Bookinfo's have. */
const RESPONSE_HEAD_BYTES = 190;

function requestHeadBytes({ request }: ProxyRecord): number {
  if (!request) return 0;
  let bytes = request.method.length + request.path.length + request.authority.length + 20;
  for (const name in request.headers) bytes += name.length + (request.headers[name]?.length ?? 0) + 4;
  return bytes;
}

function write(registry: ProxyRegistry | undefined): string {
  if (!registry) return '';
  let text = '';
  for (const name of NAMES) {
    const series = registry.series.get(name);
    if (!series) continue;
    text += `# TYPE ${name} ${isHistogram(name) ? 'histogram' : 'counter'}\n`;
    for (const { labels, value, histogram } of series.values()) {
      text += histogram ? writeHistogram(name, labels, histogram) : `${name}{${labels}} ${value}\n`;
    }
  }
  return text;
}
