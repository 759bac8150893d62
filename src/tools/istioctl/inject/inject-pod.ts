// (pod, namespace, configuration) → the pod with Istio's proxy. Pure; the same for istiod's webhook and `kube-inject`.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { InjectionConfiguration } from './configuration.ts';
import { gatewayOverlay } from './gateway.ts';
import type { Overlay } from './overlay.ts';
import type { Container, PodObject, PodSpec } from './pod-shape.ts';
import { rewriteProbes } from './probes.ts';
import { forPod } from './proxy-config.ts';
import { sidecarOverlay } from './sidecar.ts';

/** `proxyConfigs`: the ProxyConfig objects of the cluster. Throws ProxyConfigError for an annotation that cannot be read. */
export function injectPod(
  pod: PodObject,
  namespace: string,
  given: InjectionConfiguration,
  proxyConfigs: readonly KubeObject[] = [],
): PodObject {
  const configuration = forPod(given, pod, namespace, proxyConfigs);
  const result = structuredClone(pod);
  const spec: PodSpec = result.spec ?? {};
  result.spec = spec;
  const templates = (pod.metadata.annotations?.['inject.istio.io/templates'] ?? 'sidecar').split(',');
  const overlay = templates.some((t) => t.trim() === 'gateway')
    ? gatewayOverlay(pod, namespace, configuration)
    : sidecarOverlay(pod, namespace, configuration);
  const custom = (spec.containers ?? []).find((c) => c.name === 'istio-proxy');
  spec.containers = inOrder(
    merge(spec.containers ?? [], overlay.containers, custom),
    configuration.values.proxy.holdApplicationUntilProxyStarts,
  );
  spec.initContainers = mergeInit(spec, overlay, custom);
  if (spec.initContainers.length === 0) delete spec.initContainers;
  spec.volumes = [...overlay.volumes, ...(spec.volumes ?? []).filter((v) => !named(overlay.volumes, v.name))];
  if (overlay.securityContext) spec.securityContext = { ...overlay.securityContext, ...spec.securityContext };
  const secrets = configuration.values.imagePullSecrets.map((name) => ({ name }));
  if (secrets.length > 0) spec.imagePullSecrets = [...secrets, ...(spec.imagePullSecrets ?? [])];
  result.metadata.labels = { ...result.metadata.labels, ...overlay.labels };
  result.metadata.annotations = {
    ...result.metadata.annotations,
    ...configuration.injectedAnnotations,
    ...overlay.annotations,
  };
  const proxy = named(spec.initContainers ?? [], 'istio-proxy') ?? named(spec.containers, 'istio-proxy');
  if (proxy) adoptApplication(result, spec, proxy, configuration);
  result.metadata.annotations['sidecar.istio.io/status'] = status(overlay, configuration);
  return result;
}

/** Fields that a pod itself gives to its container istio-proxy win over the template's; lists are joined by name. */
function merge(existing: Container[], added: Container[], custom: Container | undefined): Container[] {
  const kept = existing.filter((c) => !named(added, c.name));
  return [...kept, ...added.map((c) => (custom?.name === c.name ? customised(c, custom) : c))];
}

function mergeInit(spec: PodSpec, overlay: Overlay, custom: Container | undefined): Container[] {
  const native = named(overlay.initContainers, 'istio-proxy');
  if (native && custom && spec.containers) spec.containers = spec.containers.filter((c) => c.name !== 'istio-proxy');
  const own = (spec.initContainers ?? []).filter((c) => !named(overlay.initContainers, c.name));
  return [
    ...overlay.initContainers.map((c) => (custom && c.name === 'istio-proxy' ? customised(c, custom) : c)),
    ...own,
  ];
}

function customised(template: Container, custom: Container): Container {
  const { image, env = [], ports = [], volumeMounts = [], ...rest } = custom;
  const joined = <T extends { name?: string }>(base: T[] = [], mine: T[]) => [
    ...mine,
    ...base.filter((b) => !mine.some((m) => m.name !== undefined && m.name === b.name)),
  ];
  return {
    ...template,
    ...rest,
    ...(image && image !== 'auto' ? { image } : {}),
    env: joined(template.env, env),
    ports: joined(template.ports, ports),
    volumeMounts: joined(template.volumeMounts, volumeMounts),
    securityContext: { ...record(template.securityContext), ...record(rest.securityContext) },
    ...(Object.keys(rest.resources ?? {}).length === 0 && template.resources ? { resources: template.resources } : {}),
  };
}

/** The proxy comes last, or first when the application must wait for it. */
function inOrder(containers: Container[], proxyFirst: boolean): Container[] {
  const proxy = containers.filter((c) => c.name === 'istio-proxy');
  const rest = containers.filter((c) => c.name !== 'istio-proxy');
  return proxyFirst ? [...proxy, ...rest] : [...rest, ...proxy];
}

/** Metrics and probes of the application are served by the agent from here on. */
function adoptApplication(
  pod: PodObject,
  spec: PodSpec,
  proxy: Container,
  { values, mesh }: InjectionConfiguration,
): void {
  const annotations = pod.metadata.annotations ?? {};
  pod.metadata.annotations = annotations;
  const environment = proxy.env ?? [];
  proxy.env = environment;
  if (
    mesh.enablePrometheusMerge &&
    annotations['prometheus.istio.io/merge-metrics'] !== 'false' &&
    // Who asks not to be scraped is not: the annotations stay as they are.
    annotations['prometheus.io/scrape'] !== 'false'
  ) {
    const scraped = scrapeTarget(annotations);
    if (scraped) environment.push({ name: 'ISTIO_PROMETHEUS_ANNOTATIONS', value: JSON.stringify(scraped) });
    annotations['prometheus.io/scrape'] = 'true';
    annotations['prometheus.io/port'] = String(values.proxy.statusPort);
    annotations['prometheus.io/path'] = '/stats/prometheus';
  }
  const wished = annotations['sidecar.istio.io/rewriteAppHTTPProbers'];
  if (wished === 'false' || (!values.rewriteProbes && wished !== 'true')) return;
  const probed = rewriteProbes(spec.containers ?? [], values.proxy.statusPort);
  if (Object.keys(probed).length > 0)
    environment.push({ name: 'ISTIO_KUBE_APP_PROBERS', value: JSON.stringify(probed) });
}

function scrapeTarget(annotations: Record<string, string>) {
  const scrape = annotations['prometheus.io/scrape'] ?? '';
  const path = annotations['prometheus.io/path'] ?? '';
  const port = annotations['prometheus.io/port'] ?? '';
  // Written by an earlier injection (a pod template made by kube-inject): nothing of the application's own.
  if (scrape === 'true' && path === '/stats/prometheus') return undefined;
  return scrape || path || port ? { scrape, path, port } : undefined;
}

function status(overlay: Overlay, configuration: InjectionConfiguration): string {
  const names = (items: { name: string }[]) => (items.length > 0 ? items.map((i) => i.name) : null);
  const secrets = configuration.values.imagePullSecrets;
  return JSON.stringify({
    initContainers: names(overlay.initContainers),
    containers: names(overlay.containers),
    volumes: names(overlay.volumes),
    imagePullSecrets: secrets.length > 0 ? secrets : null,
    revision: configuration.revision,
  });
}

const named = <T extends { name: string }>(items: T[], name: string) => items.find((i) => i.name === name);
const record = (value: unknown) => (typeof value === 'object' && value !== null ? value : {});
