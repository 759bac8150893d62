// What the fields that name other things name: one table for completion, definitions, references and rename.
import { type PathPart, patternOf } from './paths.ts';

/**
 * - `host`: a Service or a host of a ServiceEntry, as Istio writes it.
 * - `service`: a Service of the same namespace, by its name.
 * - `subset`: of the host beside it.
 * - `port`: number of a port of the host beside it, or of the gateways that are bound.
 * - `gateway`: `name`, `namespace/name` or `mesh`.
 * - `route`: the VirtualService that a rule delegates to.
 */
export type Role =
  | 'host'
  | 'service'
  | 'subset'
  | 'port'
  | 'gateway-port'
  | 'gateway'
  | 'route'
  | 'namespace'
  | 'pod-labels'
  | 'own-name';

const everywhere: Record<string, Role> = { 'metadata.namespace': 'namespace', 'spec.exportTo[]': 'namespace' };

const byKind: Record<string, Record<string, Role>> = {
  VirtualService: {
    'metadata.name': 'own-name',
    'spec.hosts[]': 'host',
    'spec.gateways[]': 'gateway',
    'spec.http[].delegate.name': 'route',
    'spec.http[].delegate.namespace': 'namespace',
    'spec.http[].mirror.host': 'host',
    'spec.http[].mirror.subset': 'subset',
    'spec.http[].mirror.port.number': 'port',
    'spec.http[].mirrors[].destination.host': 'host',
    'spec.http[].mirrors[].destination.subset': 'subset',
    'spec.http[].mirrors[].destination.port.number': 'port',
    ...Object.fromEntries(
      ['http', 'tcp', 'tls'].flatMap((protocol): [string, Role][] => [
        [`spec.${protocol}[].route[].destination.host`, 'host'],
        [`spec.${protocol}[].route[].destination.subset`, 'subset'],
        [`spec.${protocol}[].route[].destination.port.number`, 'port'],
        [`spec.${protocol}[].match[].gateways[]`, 'gateway'],
        [`spec.${protocol}[].match[].port`, 'gateway-port'],
        [`spec.${protocol}[].match[].sourceNamespace`, 'namespace'],
        [`spec.${protocol}[].match[].sourceLabels`, 'pod-labels'],
      ]),
    ),
  },
  DestinationRule: {
    'spec.host': 'host',
    'spec.subsets[].name': 'subset',
    'spec.subsets[].labels': 'pod-labels',
    'spec.trafficPolicy.portLevelSettings[].port.number': 'port',
    'spec.subsets[].trafficPolicy.portLevelSettings[].port.number': 'port',
    'spec.workloadSelector.matchLabels': 'pod-labels',
  },
  Gateway: { 'metadata.name': 'own-name', 'spec.selector': 'pod-labels' },
  Service: { 'metadata.name': 'own-name', 'spec.selector': 'pod-labels' },
  ServiceEntry: { 'spec.hosts[]': 'own-name', 'spec.workloadSelector.labels': 'pod-labels' },
  Sidecar: { 'spec.workloadSelector.labels': 'pod-labels' },
  PeerAuthentication: { 'spec.selector.matchLabels': 'pod-labels' },
  RequestAuthentication: { 'spec.selector.matchLabels': 'pod-labels' },
  Telemetry: { 'spec.selector.matchLabels': 'pod-labels' },
  AuthorizationPolicy: {
    'spec.selector.matchLabels': 'pod-labels',
    'spec.rules[].from[].source.namespaces[]': 'namespace',
    'spec.rules[].from[].source.notNamespaces[]': 'namespace',
  },
  HTTPRoute: { 'spec.rules[].backendRefs[].name': 'service' },
  GRPCRoute: { 'spec.rules[].backendRefs[].name': 'service' },
};

export function roleOf(kind: string, path: readonly PathPart[]): Role | undefined {
  const pattern = patternOf(path);
  return (Object.hasOwn(byKind, kind) ? byKind[kind]?.[pattern] : undefined) ?? everywhere[pattern];
}

/** The keys of `path` itself are names of labels: `spec.selector.istio`. */
export function labelsAt(kind: string, path: readonly PathPart[]): boolean {
  return roleOf(kind, path) === 'pod-labels';
}
