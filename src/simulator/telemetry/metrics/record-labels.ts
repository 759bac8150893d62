// The labels of the standard metrics for one record, in the order of Istio's filter, and its words for what is unknown.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { ProxyRecord } from '../../traffic.ts';
import { type Workload, workloadOf } from './workload.ts';

export type MetricLabel = readonly [name: string, value: string];

const UNKNOWN = 'unknown';

export function recordLabels(record: ProxyRecord): MetricLabel[] {
  const client = record.reporter === 'source';
  const own = ownEnd(record.pod);
  const other = otherEnd(record, client);
  const [source, destination] = client ? [own, other] : [other, own];
  const principals = {
    source: record.sourcePrincipal ?? UNKNOWN,
    destination: record.destinationPrincipal ?? UNKNOWN,
  };
  const service = serviceOf(record);
  const labels: MetricLabel[] = [
    ['reporter', record.reporter],
    ...end('source', source, principals.source),
    ['destination_workload', destination.workload],
    ['destination_workload_namespace', destination.namespace],
    ['destination_principal', principals.destination],
    ['destination_app', destination.app],
    ['destination_version', destination.version],
    ['destination_service', service.host || (client ? UNKNOWN : destination.service)],
    ['destination_canonical_service', destination.service],
    ['destination_canonical_revision', destination.revision],
    ['destination_service_name', service.name || (client ? UNKNOWN : destination.service)],
    ['destination_service_namespace', destination.namespace],
    ['destination_cluster', destination.cluster],
    ['request_protocol', record.protocol],
  ];
  if (record.protocol !== 'tcp') {
    labels.push(['response_code', String(record.status)], ['grpc_response_status', grpcStatus(record)]);
  }
  labels.push(
    ['response_flags', record.flags.length > 0 ? record.flags.join(',') : '-'],
    // A client's proxy does not tell.
    ['connection_security_policy', client ? UNKNOWN : record.mtls ? 'mutual_tls' : 'none'],
  );
  return labels;
}

/** `a="1",b="2"`, escaped: Host headers may hold anything. */
export function labelText(labels: readonly MetricLabel[]): string {
  return labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(',');
}

function escaped(value: string): string {
  return /["\\\n]/.test(value) ? value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n') : value;
}

interface End {
  workload: string;
  namespace: string;
  app: string;
  version: string;
  service: string;
  revision: string;
  cluster: string;
}

function end(side: 'source', ends: End, principal: string): MetricLabel[] {
  return [
    [`${side}_workload`, ends.workload],
    [`${side}_canonical_service`, ends.service],
    [`${side}_canonical_revision`, ends.revision],
    [`${side}_workload_namespace`, ends.namespace],
    [`${side}_principal`, principal],
    [`${side}_app`, ends.app],
    [`${side}_version`, ends.version],
    [`${side}_cluster`, ends.cluster],
  ];
}

/** The proxy's own metadata, as it is: a missing label stays empty. */
function ownEnd(pod: KubeObject): End {
  return { ...workloadOf(pod), cluster: 'Kubernetes' };
}

function otherEnd(record: ProxyRecord, client: boolean): End {
  const found: Partial<Workload> = record.peer ? workloadOf(record.peer) : {};
  const principal = client ? record.destinationPrincipal : record.sourcePrincipal;
  return {
    workload: found.workload || UNKNOWN,
    namespace: namespaceOf(principal) || found.namespace || UNKNOWN,
    app: found.app || UNKNOWN,
    version: found.version || UNKNOWN,
    service: found.service || UNKNOWN,
    revision: found.revision || 'latest',
    cluster: record.peer ? 'Kubernetes' : UNKNOWN,
  };
}

function namespaceOf(principal: string | undefined): string | undefined {
  return principal === undefined ? undefined : /\/ns\/([^/]+)\//.exec(principal)?.[1];
}

const SPECIAL = new Set(['PassthroughCluster', 'BlackHoleCluster', 'InboundPassthroughCluster']);

/** The Service where one is known; else what the client wrote in Host. */
function serviceOf({ service, cluster, route, request }: ProxyRecord): { host: string; name: string } {
  const asked = request?.authority ?? '';
  if (route === 'block_all') return { host: asked, name: 'BlackHoleCluster' };
  if (route === 'allow_any') return { host: asked, name: 'PassthroughCluster' };
  if (cluster !== undefined && SPECIAL.has(cluster)) return { host: asked, name: cluster };
  const outbound = cluster?.startsWith('outbound|') ? cluster.split('|')[3] : undefined;
  if (outbound) return { host: outbound, name: service?.name ?? outbound };
  if (service) return { host: `${service.name}.${service.namespace}.svc.cluster.local`, name: service.name };
  return { host: asked, name: asked };
}

function grpcStatus({ protocol, grpcStatus: status }: ProxyRecord): string {
  return protocol === 'grpc' ? (status ?? '') : '';
}
