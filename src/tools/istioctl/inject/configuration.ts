// What istiod knows when it injects: the ConfigMaps istio-sidecar-injector and istio, read into one object.
import { parse } from 'yaml';
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Resources } from './pod-shape.ts';

export interface InjectionConfiguration {
  policy: 'enabled' | 'disabled';
  alwaysInjectSelector: LabelSelector[];
  neverInjectSelector: LabelSelector[];
  injectedAnnotations: Record<string, string>;
  revision: string;
  /** `istio-proxy` among initContainers with restartPolicy Always: every kubelet is 1.33 or newer. */
  nativeSidecars: boolean;
  values: InjectionValues;
  mesh: MeshConfig;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface InjectionValues {
  hub: string;
  tag: string;
  variant: string;
  istioNamespace: string;
  imagePullPolicy: string;
  imagePullSecrets: string[];
  logLevel: string;
  caAddress: string;
  clusterName: string;
  network: string;
  meshId: string;
  rewriteProbes: boolean;
  tokenAudience: string;
  proxy: {
    image: string;
    initImage: string;
    clusterDomain: string;
    logLevel: string;
    componentLogLevel: string;
    includeIPRanges: string;
    excludeIPRanges: string;
    includeInboundPorts: string;
    excludeInboundPorts: string;
    includeOutboundPorts: string;
    excludeOutboundPorts: string;
    statusPort: number;
    privileged: boolean;
    holdApplicationUntilProxyStarts: boolean;
    readiness: { initialDelaySeconds: number; periodSeconds: number; failureThreshold: number };
    startupFailureThreshold: number | undefined;
    resources: Resources;
  };
}

export interface MeshConfig {
  trustDomain: string;
  enablePrometheusMerge: boolean;
  /** As PROXY_CONFIG prints it: only what differs from the defaults. */
  proxyConfig: Record<string, unknown>;
  accessLogFile: string;
}

/** Reads the configuration from the two ConfigMaps' text. Missing fields get Istio's own defaults. */
export function readInjectionConfiguration(
  injector: KubeObject | undefined,
  mesh: KubeObject | undefined,
  nativeSidecars: boolean,
): InjectionConfiguration {
  const data = record(injector?.data);
  const config = record(parseYaml(withoutTemplates(text(data.config))));
  const values = record(parseYaml(text(data.values)));
  return {
    policy: config.policy === 'disabled' ? 'disabled' : 'enabled',
    alwaysInjectSelector: list<LabelSelector>(config.alwaysInjectSelector),
    neverInjectSelector: list<LabelSelector>(config.neverInjectSelector),
    injectedAnnotations: strings(config.injectedAnnotations),
    revision: text(values.revision) || 'default',
    nativeSidecars,
    values: readValues(values),
    mesh: readMesh(record(parseYaml(text(record(mesh?.data).mesh)))),
  };
}

function readValues(values: Fields): InjectionValues {
  const global = record(values.global);
  const proxy = record(global.proxy);
  const startup = record(proxy.startupProbe);
  return {
    hub: text(global.hub),
    tag: text(global.tag),
    variant: text(global.variant),
    istioNamespace: text(global.istioNamespace) || 'istio-system',
    imagePullPolicy: text(global.imagePullPolicy),
    imagePullSecrets: list<string>(global.imagePullSecrets),
    logLevel: text(record(global.logging).level) || 'default:info',
    caAddress: text(global.caAddress),
    clusterName: text(record(global.multiCluster).clusterName) || 'Kubernetes',
    network: text(global.network),
    meshId: text(global.meshID),
    rewriteProbes: record(values.sidecarInjectorWebhook).rewriteAppHTTPProbe !== false,
    tokenAudience: text(record(record(global.sds).token).aud) || 'istio-ca',
    proxy: {
      image: text(proxy.image) || 'proxyv2',
      initImage: text(record(global.proxy_init).image) || 'proxyv2',
      clusterDomain: text(proxy.clusterDomain) || 'cluster.local',
      logLevel: text(proxy.logLevel) || 'warning',
      componentLogLevel: text(proxy.componentLogLevel) || 'misc:error',
      includeIPRanges: text(proxy.includeIPRanges) || '*',
      excludeIPRanges: text(proxy.excludeIPRanges),
      includeInboundPorts: text(proxy.includeInboundPorts) || '*',
      excludeInboundPorts: text(proxy.excludeInboundPorts),
      includeOutboundPorts: text(proxy.includeOutboundPorts),
      excludeOutboundPorts: text(proxy.excludeOutboundPorts),
      statusPort: number(proxy.statusPort, 15020),
      privileged: proxy.privileged === true,
      holdApplicationUntilProxyStarts: proxy.holdApplicationUntilProxyStarts === true,
      readiness: {
        initialDelaySeconds: number(proxy.readinessInitialDelaySeconds, 0),
        periodSeconds: number(proxy.readinessPeriodSeconds, 15),
        failureThreshold: number(proxy.readinessFailureThreshold, 4),
      },
      startupFailureThreshold: startup.enabled === false ? undefined : number(startup.failureThreshold, 600),
      resources: record(proxy.resources) as Resources,
    },
  };
}

function readMesh(mesh: Fields): MeshConfig {
  const proxyConfig = { ...record(mesh.defaultConfig) };
  // The default address is left out of PROXY_CONFIG.
  if (text(proxyConfig.discoveryAddress) === 'istiod.istio-system.svc:15012') delete proxyConfig.discoveryAddress;
  return {
    trustDomain: text(mesh.trustDomain) || 'cluster.local',
    enablePrometheusMerge: mesh.enablePrometheusMerge !== false,
    proxyConfig,
    accessLogFile: text(mesh.accessLogFile),
  };
}

/** The templates are most of the text and are not evaluated here: what they say is what sidecar.ts and gateway.ts build. */
function withoutTemplates(config: string): string {
  const at = config.search(/^templates:/m);
  return at < 0 ? config : config.slice(0, at);
}

type Fields = Record<string, unknown>;

function parseYaml(source: string): unknown {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}

const record = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);
const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(record(value)).map(([k, v]) => [k, String(v)]));
