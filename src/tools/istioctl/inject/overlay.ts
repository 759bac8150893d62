// What injection adds to a pod: the outcome of Istio's templates `sidecar` and `gateway`.
import type { InjectionConfiguration } from './configuration.ts';
import type { Container, PodObject, Resources, Volume } from './pod-shape.ts';
import { imageType } from './proxy-config.ts';
import { workloadOwner } from './workload-owner.ts';

export interface Overlay {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  initContainers: Container[];
  containers: Container[];
  volumes: Volume[];
  securityContext?: Record<string, unknown>;
}

/** An annotation of the pod, or the mesh's value. */
export const annotationOr = (pod: PodObject, name: string, otherwise: string) =>
  pod.metadata.annotations?.[name] ?? otherwise;

export function canonicalLabels(pod: PodObject): Record<string, string> {
  const labels = pod.metadata.labels ?? {};
  const name =
    labels['service.istio.io/canonical-name'] ||
    labels['app.kubernetes.io/name'] ||
    labels.app ||
    workloadOwner(pod).name;
  return {
    'service.istio.io/canonical-name': name.slice(0, 63).replace(/^[-_.]+|[-_.]+$/g, ''),
    'service.istio.io/canonical-revision':
      labels['service.istio.io/canonical-revision'] ||
      labels['app.kubernetes.io/version'] ||
      labels.version ||
      'latest',
  };
}

export function commonAnnotations(
  pod: PodObject,
  configuration: InjectionConfiguration,
  firstApplication: string | undefined,
): Record<string, string> {
  const annotations: Record<string, string> = { 'istio.io/rev': configuration.revision };
  if (firstApplication === undefined) return annotations;
  for (const name of ['kubectl.kubernetes.io/default-container', 'kubectl.kubernetes.io/default-logs-container'])
    annotations[name] = annotationOr(pod, name, firstApplication);
  return annotations;
}

export function proxyImage(pod: PodObject, configuration: InjectionConfiguration, image: string): string {
  const { hub, tag, variant } = configuration.values;
  const wished = annotationOr(pod, 'sidecar.istio.io/proxyImage', image);
  if (wished.includes('/')) return wished;
  const type = annotationOr(pod, 'sidecar.istio.io/proxyImageType', imageType(configuration) || variant);
  const plain = type === '' || type === 'default' || tag.endsWith(`-${type}`);
  return `${hub}/${image}:${tag}${plain ? '' : `-${type}`}`;
}

export function proxyArguments(
  pod: PodObject,
  role: 'sidecar' | 'router',
  { values }: InjectionConfiguration,
): string[] {
  const { proxy } = values;
  return [
    'proxy',
    role,
    '--domain',
    `$(POD_NAMESPACE).svc.${proxy.clusterDomain}`,
    `--proxyLogLevel=${annotationOr(pod, 'sidecar.istio.io/logLevel', proxy.logLevel)}`,
    `--proxyComponentLogLevel=${annotationOr(pod, 'sidecar.istio.io/componentLogLevel', proxy.componentLogLevel)}`,
    `--log_output_level=${annotationOr(pod, 'sidecar.istio.io/agentLogLevel', values.logLevel)}`,
  ];
}

export function proxyResources(pod: PodObject, { values }: InjectionConfiguration): Resources {
  const wished = (name: string) => pod.metadata.annotations?.[`sidecar.istio.io/${name}`];
  const group = (cpu: string | undefined, memory: string | undefined) =>
    cpu === undefined && memory === undefined
      ? undefined
      : { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  const requests = group(wished('proxyCPU'), wished('proxyMemory'));
  const limits = group(wished('proxyCPULimit'), wished('proxyMemoryLimit'));
  // One annotation replaces the mesh's resources as a whole.
  if (requests || limits) return { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) };
  return mapQuantities(values.proxy.resources);
}

export const proxyPort = { containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' };

export function proxyVolumes(tokenAudience: string): Volume[] {
  const fromField = (path: string) => ({ path, fieldRef: { apiVersion: 'v1', fieldPath: `metadata.${path}` } });
  return [
    { name: 'workload-socket', emptyDir: {} },
    { name: 'credential-socket', emptyDir: {} },
    { name: 'workload-certs', emptyDir: {} },
    { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
    { name: 'istio-data', emptyDir: {} },
    { name: 'istio-podinfo', downwardAPI: { items: [fromField('labels'), fromField('annotations')] } },
    {
      name: 'istio-token',
      projected: {
        sources: [{ serviceAccountToken: { path: 'istio-token', expirationSeconds: 43200, audience: tokenAudience } }],
      },
    },
    { name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert' } },
  ];
}

export const crlVolume: Volume = { name: 'istio-ca-crl', configMap: { name: 'istio-ca-crl', optional: true } };
export const crlMount = { mountPath: '/var/run/secrets/istio/crl', name: 'istio-ca-crl' };

/** The mounts that both templates make, in two parts: the sidecar's list of revoked certificates stands between. */
export const certificateMounts = [
  { mountPath: '/var/run/secrets/workload-spiffe-uds', name: 'workload-socket' },
  { mountPath: '/var/run/secrets/credential-uds', name: 'credential-socket' },
  { mountPath: '/var/run/secrets/workload-spiffe-credentials', name: 'workload-certs' },
  { mountPath: '/var/run/secrets/istio', name: 'istiod-ca-cert' },
];
export const stateMounts = [
  { mountPath: '/var/lib/istio/data', name: 'istio-data' },
  { mountPath: '/etc/istio/proxy', name: 'istio-envoy' },
  { mountPath: '/var/run/secrets/tokens', name: 'istio-token' },
  { mountPath: '/etc/istio/pod', name: 'istio-podinfo' },
];

/** Quantities in the canonical form that the API server stores: 2000m is 2, 1024Mi is 1Gi. */
function mapQuantities(resources: Resources): Resources {
  const canonical = (group: Record<string, string>) =>
    Object.fromEntries(Object.entries(group).map(([name, quantity]) => [name, canonicalQuantity(String(quantity))]));
  return {
    ...(resources.limits ? { limits: canonical(resources.limits) } : {}),
    ...(resources.requests ? { requests: canonical(resources.requests) } : {}),
  };
}

function canonicalQuantity(quantity: string): string {
  const milli = /^(\d+)000m$/.exec(quantity);
  if (milli) return String(milli[1]);
  const mebi = /^(\d+)Mi$/.exec(quantity);
  if (mebi && Number(mebi[1]) % 1024 === 0) return `${Number(mebi[1]) / 1024}Gi`;
  return quantity;
}
