// The configuration of one pod's proxy: the mesh's, what an annotation of the pod changes, and over it ProxyConfig objects of the root
// namespace, of the pod's, and those that select the pod.
import { parse } from 'yaml';
import { byAge, isIstio, namespaceOf } from '../../../mesh/config-objects.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, integer, present, stringMap, text } from '../../../mesh/read.ts';
import type { InjectionConfiguration } from './configuration.ts';
import type { PodObject } from './pod-shape.ts';

const ANNOTATION = 'proxy.istio.io/config';

export class ProxyConfigError extends Error {}

type ProxyConfig = Record<string, unknown>;

/** Throws ProxyConfigError when the annotation cannot be read. */
export function forPod(
  configuration: InjectionConfiguration,
  pod: PodObject,
  namespace: string,
  objects: readonly KubeObject[] = [],
): InjectionConfiguration {
  const { mesh, values } = configuration;
  const wished = annotated(pod.metadata.annotations?.[ANNOTATION]);
  const levels = levelsFor(objects, pod.metadata.labels ?? {}, namespace, values.istioNamespace);
  if (!wished && levels.length === 0) return configuration;
  const proxyConfig = ordered([wished ?? {}, ...levels.map(asProxyConfig)].reduce(merged, mesh.proxyConfig));
  const waits = proxyConfig.holdApplicationUntilProxyStarts;
  const holdApplicationUntilProxyStarts =
    typeof waits === 'boolean' ? waits : values.proxy.holdApplicationUntilProxyStarts;
  return {
    ...configuration,
    mesh: { ...mesh, proxyConfig },
    values: { ...values, proxy: { ...values.proxy, holdApplicationUntilProxyStarts } },
  };
}

/** `proxyv2:1.30.2-distroless`. Empty: no type is asked for. */
export function imageType({ mesh }: InjectionConfiguration): string {
  const type = text(fields(mesh.proxyConfig.image).imageType) ?? '';
  return type === 'default' ? '' : type;
}

export function proxyMetadata({ mesh }: InjectionConfiguration): [name: string, value: string][] {
  return [...stringMap(mesh.proxyConfig.proxyMetadata)].sort(([a], [b]) => (a < b ? -1 : 1));
}

function annotated(written: string | undefined): ProxyConfig | undefined {
  if (written === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = parse(written);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ProxyConfigError(
      `failed to run injection template: 1 error occurred:\n\t* invalid value '${written}' for annotation ` +
        `'${ANNOTATION}': failed to convert to apply proxy config: yaml: ${why}\n\n`,
    );
  }
  return Object.fromEntries(Object.entries(fields(parsed)).filter(([name]) => ORDER.includes(name)));
}

/** Of several at one level the oldest counts. */
function levelsFor(
  objects: readonly KubeObject[],
  labels: Readonly<Record<string, string>>,
  namespace: string,
  root: string,
): KubeObject[] {
  const all = objects.filter((o) => isIstio(o, 'ProxyConfig')).sort(byAge);
  const selector = ({ spec }: KubeObject) => stringMap(fields(fields(spec).selector).matchLabels);
  const whole = (of: string) => all.find((o) => namespaceOf(o) === of && selector(o).size === 0);
  const selecting = all.find(
    (o) => namespaceOf(o) === namespace && selector(o).size > 0 && hasLabels(labels, selector(o)),
  );
  return [...new Set([whole(root), whole(namespace), selecting])].filter((o) => o !== undefined);
}

function asProxyConfig({ spec }: KubeObject): ProxyConfig {
  const { concurrency, environmentVariables, image } = fields(spec);
  const workers = integer(concurrency);
  return {
    ...(workers !== undefined && { concurrency: workers }),
    ...(present(environmentVariables) && { proxyMetadata: fields(environmentVariables) }),
    ...(present(image) && { image: fields(image) }),
  };
}

function merged(below: ProxyConfig, above: ProxyConfig): ProxyConfig {
  const proxyMetadata = { ...fields(below.proxyMetadata), ...fields(above.proxyMetadata) };
  const sorted = Object.fromEntries(Object.entries(proxyMetadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...below, ...above, ...(Object.keys(sorted).length > 0 && { proxyMetadata: sorted }) };
}

/** As PROXY_CONFIG prints them. */
const ORDER = (
  'configPath binaryPath serviceCluster drainDuration discoveryAddress statsdUdpAddress proxyAdminPort ' +
  'controlPlaneAuthPolicy customConfigFile statNameLength concurrency proxyBootstrapTemplatePath interceptionMode ' +
  'tracing envoyAccessLogService envoyMetricsService proxyMetadata runtimeValues statusPort extraStatTags gatewayTopology ' +
  'terminationDrainDuration meshId readinessProbe proxyStatsMatcher holdApplicationUntilProxyStarts caCertificatesPem ' +
  'image privateKeyProvider proxyHeaders fileFlushInterval fileFlushMinSizeKb statsCompression'
).split(' ');

function ordered(config: ProxyConfig): ProxyConfig {
  const at = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return Object.fromEntries(Object.entries(config).sort(([a], [b]) => at(a) - at(b)));
}
