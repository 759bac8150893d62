// Which proxies trace, to whom and how many requests: Telemetry objects over the mesh configuration (istio-hechos §9.1).
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, integer, items, present, text } from '../../../mesh/read.ts';
import type { PushedMesh } from '../../mesh-facts.ts';
import { indexTelemetries } from '../telemetry-objects.ts';
import type { Propagation } from './trace-context.ts';

export interface TracingPolicy {
  propagation: Propagation;
  /** From 0 to 100. */
  sampling: number;
  /** Spans are made and headers written, and nothing is sent. */
  silent: boolean;
  /** Host and port of the collector's Service: `jaeger-collector.istio-system.svc.cluster.local`, 4317. */
  collector: { host: string; port: number };
  customTags: readonly CustomTag[];
}

export type CustomTag = { key: string } & ({ literal: string } | { header: string; otherwise: string });

type Mode = 'CLIENT' | 'SERVER';

/** Undefined: the proxy traces nothing, and touches no header. */
export type FindTracingPolicy = (pod: KubeObject, reporter: 'source' | 'destination') => TracingPolicy | undefined;

/** Istio's default when nothing is said anywhere. */
const DEFAULT_SAMPLING = 1;

export function createTracingPolicies(mesh: PushedMesh): FindTracingPolicy {
  const telemetries = indexTelemetries(mesh);
  const known = new WeakMap<KubeObject, Partial<Record<Mode, { policy: TracingPolicy | undefined }>>>();
  return (pod, reporter) => {
    const mode = reporter === 'source' ? 'CLIENT' : 'SERVER';
    const own = known.get(pod) ?? {};
    known.set(pod, own);
    own[mode] ??= { policy: policyFor(telemetries.for(pod), mesh, mode) };
    return own[mode].policy;
  };
}

function policyFor(
  telemetries: readonly KubeObject[],
  { meshConfig }: PushedMesh,
  mode: Mode,
): TracingPolicy | undefined {
  const settings = telemetries.flatMap((t) =>
    items(fields(t.spec).tracing)
      .map(fields)
      .filter((entry) => inMode(entry, mode)),
  );
  const last = <T>(read: (entry: Readonly<Record<string, unknown>>) => T | undefined): T | undefined =>
    settings.map(read).findLast((value) => value !== undefined);
  const named = last((entry) => text(fields(items(entry.providers)[0]).name));
  const fallback = items(fields(meshConfig.defaultProviders).tracing).find((name) => typeof name === 'string');
  const provider = findProvider(named ?? text(fallback), meshConfig) ?? (named ? undefined : meshWide(meshConfig));
  if (!provider) return undefined;
  const meshSampling = fields(fields(meshConfig.defaultConfig).tracing).sampling;
  return {
    ...provider,
    sampling: percentage(last((e) => e.randomSamplingPercentage) ?? meshSampling) ?? DEFAULT_SAMPLING,
    silent:
      last((entry) => (typeof entry.disableSpanReporting === 'boolean' ? entry.disableSpanReporting : undefined)) ??
      false,
    customTags: Object.entries(
      fields(last((entry) => (present(entry.customTags) ? entry.customTags : undefined))),
    ).flatMap(readTag),
  };
}

function findProvider(name: string | undefined, meshConfig: PushedMesh['meshConfig']) {
  const found = items(meshConfig.extensionProviders)
    .map(fields)
    .find((p) => name !== undefined && text(p.name) === name);
  if (!found) return undefined;
  const zipkin = present(found.zipkin);
  const { service, port } = fields(zipkin ? found.zipkin : found.opentelemetry);
  const number = integer(port);
  if (text(service) === undefined || number === undefined) return undefined;
  const propagation: Propagation = zipkin ? 'b3' : 'w3c';
  // `namespace/host` says where a short name is from.
  return { propagation, collector: { host: (text(service) ?? '').replace(/^[^/]*\//, ''), port: number } };
}

/** The way before providers: enableTracing and the address of a Zipkin. */
function meshWide({ enableTracing, defaultConfig }: PushedMesh['meshConfig']) {
  const address = text(fields(fields(fields(defaultConfig).tracing).zipkin).address);
  const [, host, port] = /^(.+):(\d+)$/.exec(address ?? '') ?? [];
  if (enableTracing !== true || !host) return undefined;
  const propagation: Propagation = 'b3';
  return { propagation, collector: { host, port: Number(port) } };
}

function inMode(entry: Readonly<Record<string, unknown>>, mode: Mode): boolean {
  const wanted = text(fields(entry.match).mode) ?? 'CLIENT_AND_SERVER';
  return wanted === 'CLIENT_AND_SERVER' || wanted === mode;
}

function percentage(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(100, Math.max(0, value)) : undefined;
}

function readTag([key, value]: [string, unknown]): CustomTag[] {
  const { literal, header } = fields(value);
  const fixed = text(fields(literal).value);
  if (fixed !== undefined) return [{ key, literal: fixed }];
  const name = text(fields(header).name);
  return name === undefined
    ? []
    : [{ key, header: name.toLowerCase(), otherwise: text(fields(header).defaultValue) ?? '' }];
}
