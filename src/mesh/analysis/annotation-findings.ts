// Annotations of Istio on Kubernetes' own objects: unknown (IST0108), misplaced (IST0107), deprecated (IST0135).
import type { KubeObject } from '../objects.ts';
import { type Finding, type Level, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function annotations({ namespaces, rawServices, pods, deployments }: Scene): Finding[] {
  return [...namespaces, ...rawServices, ...pods, ...deployments].flatMap((object) =>
    Object.keys(object.metadata.annotations ?? {})
      .filter((name) => isOfIstio(name) && !written.has(name))
      .flatMap((name) => findingsOf(object, name)),
  );
}

const isOfIstio = (name: string) =>
  name === 'kubernetes.io/ingress.class' || /istio\.io$/.test(name.split('/')[0] ?? '');

/** By controllers, not by people. */
const written = new Set(['sidecar.istio.io/status', 'gateway.istio.io/controller-version', 'istio.io/rev']);

function findingsOf(object: KubeObject, name: string): Finding[] {
  const finding = (code: string, level: Level, text: string): Finding => ({
    code,
    level,
    object: sourceOf(object, `metadata.annotations.${name}`),
    text,
  });
  const places = known.get(name);
  if (!places) return [finding('IST0108', 'Warning', `Unknown annotation: ${name}`)];
  const replaced = name === INJECT ? ` in favor of the "${INJECT}" label` : '';
  const knowsBetter = name === INJECT && object.metadata.labels?.[INJECT] !== undefined;
  const old = deprecated.has(name) && !knowsBetter;
  const misplaced = !places.includes('Any') && !places.includes(object.kind);
  return [
    ...(old
      ? [
          finding(
            'IST0135',
            'Info',
            `Annotation "${name}" has been deprecated${replaced} and may not work in future Istio versions.`,
          ),
        ]
      : []),
    ...(misplaced
      ? [finding('IST0107', 'Warning', `Misplaced annotation: ${name} can only be applied to ${places.join(', ')}`)]
      : []),
  ];
}

const INJECT = 'sidecar.istio.io/inject';

/** Where Istio's API says that each may stand. */
const byPlace: Record<string, string> = {
  Service:
    'alpha.istio.io/canonical-serviceaccounts alpha.istio.io/kubernetes-serviceaccounts networking.istio.io/exportTo ' +
    'traffic.istio.io/nodeSelector',
  Pod:
    'ambient.istio.io/bypass-inbound-capture ambient.istio.io/dns-capture ambient.istio.io/redirection ' +
    'inject.istio.io/templates istio.io/reroute-virtual-interfaces istio.io/rev prometheus.istio.io/merge-metrics ' +
    'proxy.istio.io/config proxy.istio.io/overrides readiness.status.sidecar.istio.io/applicationPorts ' +
    'readiness.status.sidecar.istio.io/failureThreshold readiness.status.sidecar.istio.io/initialDelaySeconds ' +
    'readiness.status.sidecar.istio.io/periodSeconds sidecar.istio.io/agentLogLevel ' +
    'sidecar.istio.io/bootstrapOverride sidecar.istio.io/componentLogLevel sidecar.istio.io/discoveryAddress ' +
    'sidecar.istio.io/extraStatTags sidecar.istio.io/inject sidecar.istio.io/interceptionMode ' +
    'sidecar.istio.io/logLevel sidecar.istio.io/nativeSidecar sidecar.istio.io/proxyCPU ' +
    'sidecar.istio.io/proxyCPULimit sidecar.istio.io/proxyImage sidecar.istio.io/proxyImageType ' +
    'sidecar.istio.io/proxyMemory sidecar.istio.io/proxyMemoryLimit sidecar.istio.io/rewriteAppHTTPProbers ' +
    'sidecar.istio.io/statsCompression sidecar.istio.io/statsEvictionInterval sidecar.istio.io/statsFlushInterval ' +
    'sidecar.istio.io/statsHistogramBins sidecar.istio.io/statsHistogramBuckets ' +
    'sidecar.istio.io/statsInclusionPrefixes sidecar.istio.io/statsInclusionRegexps ' +
    'sidecar.istio.io/statsInclusionSuffixes sidecar.istio.io/status sidecar.istio.io/userVolume ' +
    'sidecar.istio.io/userVolumeMount status.sidecar.istio.io/port traffic.sidecar.istio.io/excludeInboundPorts ' +
    'traffic.sidecar.istio.io/excludeInterfaces traffic.sidecar.istio.io/excludeOutboundIPRanges ' +
    'traffic.sidecar.istio.io/excludeOutboundPorts traffic.sidecar.istio.io/includeInboundPorts ' +
    'traffic.sidecar.istio.io/includeOutboundIPRanges traffic.sidecar.istio.io/includeOutboundPorts ' +
    'traffic.sidecar.istio.io/kubevirtInterfaces',
  'GatewayClass Gateway': 'ambient.istio.io/waypoint-inbound-binding',
  Any: 'galley.istio.io/analyze-suppress gateway.istio.io/controller-version',
  Gateway: 'gateway.istio.io/name-override gateway.istio.io/service-account networking.istio.io/service-type',
  WorkloadEntry:
    'istio.io/autoRegistrationGroup istio.io/connectedAt istio.io/disconnectedAt istio.io/workloadController',
  AuthorizationPolicy: 'istio.io/dry-run',
  'Service ServiceEntry Namespace': 'istio.io/use-waypoint-canary-weight',
  Ingress: 'kubernetes.io/ingress.class',
  'Namespace Service ServiceEntry': 'networking.istio.io/traffic-distribution',
  Namespace: 'topology.istio.io/controlPlaneClusters',
};

const known = new Map(
  Object.entries(byPlace).flatMap(([places, names]) =>
    names.split(' ').map((name) => [name, places.split(' ')] as const),
  ),
);

const deprecated = new Set([
  'alpha.istio.io/canonical-serviceaccounts',
  'alpha.istio.io/kubernetes-serviceaccounts',
  'sidecar.istio.io/discoveryAddress',
  'sidecar.istio.io/extraStatTags',
  INJECT,
  'sidecar.istio.io/statsCompression',
  'sidecar.istio.io/statsInclusionPrefixes',
  'sidecar.istio.io/statsInclusionRegexps',
  'sidecar.istio.io/statsInclusionSuffixes',
  'traffic.sidecar.istio.io/kubevirtInterfaces',
]);
