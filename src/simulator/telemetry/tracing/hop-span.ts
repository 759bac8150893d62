// From what a proxy tells of a request to the span it reports (istio-hechos §9.2).
import type { KubeObject } from '../../../mesh/objects.ts';
import { firstValue } from '../../../mesh/repeated-headers.ts';
import type { HopTrace, ProxyRecord, Span, SpanTag } from '../../traffic.ts';
import type { Propagation } from './trace-context.ts';
import type { CustomTag } from './tracing-policy.ts';

export interface HopSpanOptions {
  customTags: readonly CustomTag[];
  propagation: Propagation;
}

/** One, and since 1.28 one more of a gateway: of what it sent on, under that of what it was asked. */
export function hopSpans(record: ProxyRecord, trace: HopTrace, options: HopSpanOptions): Span[] {
  const own = hopSpan(record, trace, options);
  const { upstreamSpanId } = trace;
  if (upstreamSpanId === undefined) return [own];
  const asked: Span = { ...own, kind: 'server' };
  const { cluster, upstreamHost } = record;
  if (cluster === undefined || upstreamHost === undefined) return [asked];
  const sent: Span = {
    ...own,
    spanId: upstreamSpanId,
    parentSpanId: own.spanId,
    name: `router ${envoyClusterName(cluster)} egress`,
    kind: 'client',
    tags: upstreamTags(record, cluster, upstreamHost),
  };
  return [asked, sent];
}

function upstreamTags({ request, status, flags }: ProxyRecord, cluster: string, upstreamHost: string): SpanTag[] {
  return [
    { key: 'component', value: 'proxy' },
    { key: 'http.protocol', value: request?.version ?? 'HTTP/1.1' },
    { key: 'upstream_address', value: upstreamHost },
    { key: 'peer.address', value: upstreamHost },
    { key: 'upstream_cluster', value: cluster },
    { key: 'upstream_cluster.name', value: envoyClusterName(cluster) },
    { key: 'http.status_code', value: String(status) },
    { key: 'response_flags', value: flags.join(',') || '-' },
    ...(status === 0 || status >= 500 ? [{ key: 'error', value: true }] : []),
  ];
}

function hopSpan(record: ProxyRecord, trace: HopTrace, { customTags, propagation }: HopSpanOptions): Span {
  const { pod, reporter, request, start, duration } = record;
  const labels = pod.metadata.labels ?? {};
  const namespace = pod.metadata.namespace ?? 'default';
  return {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentSpanId && { parentSpanId: trace.parentSpanId }),
    name: operation(record),
    kind: reporter === 'source' ? 'client' : 'server',
    service: `${labels['service.istio.io/canonical-name'] ?? labels.app ?? pod.metadata.name}.${namespace}`,
    start: Math.round(start * 1000),
    duration: Math.max(1, Math.round(duration * 1000)),
    tags: [
      ...requestTags(record),
      ...meshTags(pod),
      ...customTags.map((tag) => ({
        key: tag.key,
        value: 'literal' in tag ? tag.literal : firstValue(request?.headers[tag.header] ?? tag.otherwise),
      })),
    ],
    processTags: propagation === 'w3c' ? [{ key: 'telemetry.sdk.language', value: 'cpp' }] : [],
  };
}

/** Named by the service that was asked for, at both ends; the server's proxy knows it from its port. */
function operation({ service, cluster, pod, request }: ProxyRecord): string {
  if (service) return `${service.name}.${service.namespace}.svc.cluster.local:${service.port}/*`;
  const labels = pod.metadata.labels ?? {};
  const port = cluster?.split('|')[1];
  if (port && labels.app) return `${labels.app}.${pod.metadata.namespace ?? 'default'}.svc.cluster.local:${port}/*`;
  return request?.authority ?? '-';
}

function requestTags(record: ProxyRecord): SpanTag[] {
  const { request, status, flags, bytesReceived, bytesSent, cluster, downstreamRemote } = record;
  const failed = status === 0 || status >= 500;
  return [
    { key: 'component', value: 'proxy' },
    ...(request
      ? [
          { key: 'guid:x-request-id', value: request.headers['x-request-id'] ?? '' },
          { key: 'http.method', value: request.method },
          { key: 'http.protocol', value: request.version ?? 'HTTP/1.1' },
          { key: 'http.url', value: `http://${request.authority}${request.path}` },
          { key: 'user_agent', value: request.headers['user-agent'] ?? '-' },
        ]
      : []),
    { key: 'http.status_code', value: String(status) },
    { key: 'response_flags', value: flags.join(',') || '-' },
    { key: 'request_size', value: String(bytesReceived) },
    { key: 'response_size', value: String(bytesSent) },
    { key: 'downstream_cluster', value: '-' },
    ...(cluster
      ? [
          { key: 'upstream_cluster', value: cluster },
          { key: 'upstream_cluster.name', value: envoyClusterName(cluster) },
        ]
      : []),
    { key: 'peer.address', value: downstreamRemote.replace(/:\d+$/, '') },
    ...(failed ? [{ key: 'error', value: true }] : []),
  ];
}

/** Statistics' name of a cluster: the same with `;` at its end. */
function envoyClusterName(cluster: string): string {
  return `${cluster};`;
}

function meshTags(pod: KubeObject): SpanTag[] {
  const { namespace = 'default', name, labels = {} } = pod.metadata;
  const address = (pod.status as { podIP?: string } | undefined)?.podIP ?? '';
  const role = labels.istio?.endsWith('gateway') ? 'router' : 'sidecar';
  return [
    { key: 'node_id', value: `${role}~${address}~${name}.${namespace}~${namespace}.svc.cluster.local` },
    { key: 'istio.canonical_service', value: labels['service.istio.io/canonical-name'] ?? labels.app ?? name },
    {
      key: 'istio.canonical_revision',
      value: labels['service.istio.io/canonical-revision'] ?? labels.version ?? 'latest',
    },
    { key: 'istio.mesh_id', value: 'cluster.local' },
    { key: 'istio.cluster_id', value: 'Kubernetes' },
    { key: 'istio.namespace', value: namespace },
  ];
}
