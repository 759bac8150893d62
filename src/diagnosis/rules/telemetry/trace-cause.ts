// Why a trace is not there, or not whole: the way in, Jaeger, who asks for traces, who makes spans, and who loses them.
import { fields, items, text } from '../../../mesh/read.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { gatewayPod } from '../../gateway-pods.ts';
import { ruleAtWork } from '../../hop.ts';
import { hasSidecar } from '../../pods.ts';
import { decideAtEntry, type EntryRequest } from '../../prediction.ts';
import type { Pod, Scene } from '../../scene.ts';
import type { Symptom } from '../../symptom.ts';
import type { MeshConfig } from '../../telemetry-sighting.ts';
import { strayBinding } from '../entry.ts';
import { entryCause } from '../http.ts';
import { missingSidecar } from '../injection.ts';
import { ownerOf } from '../owner.ts';
import { strayRule } from '../stray-rules.ts';
import { type Entry, entriesFor, missedTelemetry, providersOf, unknownProvider } from './scope.ts';
import { missingTool } from './tool-pods.ts';

type TraceSymptom = Extract<Symptom, { type: 'traza' }>;

export function traceCause(scene: Scene, { pattern, sighting }: TraceSymptom): Diagnosis {
  const { url, answer, outcome, meshConfig } = sighting;
  const entry = entryCause(
    scene,
    { url, method: pattern.method, headers: pattern.headers },
    answer.failure ?? answer.status,
  );
  if (entry) return entry;
  switch (outcome.kind) {
    case 'absent':
      return diagnose('MALLA-OBS-30', 'No hay ningún Service tracing en istio-system');
    case 'silent':
      return (
        missingTool(scene, 'app=jaeger') ??
        diagnose('MALLA-OBS-31', `Jaeger no contesta: ${outcome.detail.slice(0, 200)}`)
      );
    case 'none': {
      const pod = gatewayPod(scene);
      return (
        (pod && untraced(scene, pod, meshConfig, !pattern.own)) ??
        diagnose('MALLA-OBS-38', 'Jaeger no tiene ninguna traza de la petición que se ha enviado')
      );
    }
    case 'trace':
      return brokenTrace(scene, pattern, sighting, outcome.spans);
  }
}

type Spans = Extract<TraceSymptom['sighting']['outcome'], { kind: 'trace' }>['spans'];

function brokenTrace(
  scene: Scene,
  { services, spans: least, method, headers }: TraceSymptom['pattern'],
  { strays, meshConfig, url }: TraceSymptom['sighting'],
  spans: Spans,
): Diagnosis {
  const seen = new Set(spans.map((s) => s.service));
  const missing = services.filter((s) => !seen.has(s));
  // Who is in the trace and begins another one: from there on the chain is lost.
  const [forgetful] = strays;
  if (forgetful !== undefined && missing.length > 0)
    return diagnose('MALLA-OBS-36', `La traza se corta en ${forgetful}: sus llamadas empiezan otra traza`, {
      at: ownerOfService(scene, forgetful),
    });
  for (const service of missing) {
    const pods = podsOfService(scene, service);
    const [first] = pods;
    if (!first) continue;
    const bare = pods.find((p) => !hasSidecar(p));
    const why =
      bare &&
      (missingSidecar(scene, bare.metadata.namespace ?? 'default', pods) ??
        diagnose('MALLA-OBS-01', `El pod ${bare.metadata.name} no lleva sidecar`, { at: ownerOf(scene, bare) }));
    const silent = why ?? untraced(scene, first, meshConfig, false);
    if (silent) return silent;
  }
  if (missing.length > 0) return elsewhere(scene, { url, method, headers }, missing, [...seen]);
  return diagnose('MALLA-OBS-39', `La traza tiene ${spans.length} tramos, y se esperan ${least ?? 1}`);
}

/** The request did not come by: the rule of the entry that sends it to another is told, if there is one. */
function elsewhere(
  scene: Scene,
  request: EntryRequest,
  missing: readonly string[],
  seen: readonly string[],
): Diagnosis {
  const stray = strayBinding(scene) ?? strayRule(scene);
  if (stray) return stray;
  const decision = decideAtEntry(scene, request);
  const ruler = ruleAtWork(scene, decision);
  const first = decision?.outcome.kind === 'forward' ? decision.outcome.service : undefined;
  const there = `En la traza no está ${missing.join(', ')}`;
  if (!ruler || !first || seen.indexOf(`${first.name}.${first.namespace}`) < 0)
    return diagnose('MALLA-OBS-37', `${there}; los que están: ${seen.join(', ')}`);
  return diagnose('MALLA-OBS-37', `${there}: ${nameOf(ruler.vs)} envía ${request.url.pathname} a ${first.name}`, {
    at: ruler.vs,
    path: `spec.http[${ruler.index}].route`,
  });
}

/** Why the proxy of a pod makes no spans. `decides`: it is the first one, and the share of traces is its own matter. */
function untraced(scene: Scene, pod: Pod, meshConfig: MeshConfig, decides: boolean): Diagnosis | undefined {
  const entries = entriesFor(scene, pod, 'tracing');
  const known = providersOf(meshConfig, tracers);
  const wrong = unknownProvider(entries, known);
  if (wrong) return wrong;
  const silent = entries.findLast(({ value }) => typeof value.disableSpanReporting === 'boolean');
  if (silent?.value.disableSpanReporting === true)
    return diagnose('MALLA-OBS-34', `${nameOf(silent.at)} apaga el envío de tramos`, {
      at: silent.at,
      path: `${silent.path}.disableSpanReporting`,
    });
  const provider = providerOf(entries, meshConfig);
  if (provider === undefined)
    return (
      missedTelemetry(scene, pod, 'tracing') ??
      diagnose('MALLA-OBS-32', 'Ningún objeto Telemetry nombra un proveedor de trazas para la malla')
    );
  return (decides ? fewTraces(entries, meshConfig) : undefined) ?? lostCollector(scene, provider, meshConfig);
}

const tracers = ['opentelemetry', 'zipkin', 'skywalking', 'datadog', 'lightstep', 'stackdriver'];

function providerOf(entries: readonly Entry[], meshConfig: MeshConfig): string | undefined {
  const named = entries
    .map(({ value }) => text(fields(items(value.providers)[0]).name))
    .findLast((n) => n !== undefined);
  return named ?? text(items(fields(meshConfig.defaultProviders).tracing)[0]);
}

function fewTraces(entries: readonly Entry[], meshConfig: MeshConfig): Diagnosis | undefined {
  const entry = entries.findLast(({ value }) => typeof value.randomSamplingPercentage === 'number');
  if (entry) {
    const share = Number(entry.value.randomSamplingPercentage);
    if (share >= 100) return undefined;
    return diagnose('MALLA-OBS-33', `${nameOf(entry.at)} solo pide el ${spanish(share)} % de las trazas`, {
      at: entry.at,
      path: `${entry.path}.randomSamplingPercentage`,
    });
  }
  const wide = fields(fields(meshConfig.defaultConfig).tracing).sampling;
  if (typeof wide === 'number' && wide >= 100) return undefined;
  const [first] = entries;
  return diagnose(
    'MALLA-OBS-33',
    `Nadie dice qué parte de las peticiones se traza: vale lo de siempre, el ${spanish(typeof wide === 'number' ? wide : 1)} %`,
    { at: first?.at, path: first?.path },
  );
}

function lostCollector(scene: Scene, name: string, meshConfig: MeshConfig): Diagnosis | undefined {
  const provider = items(meshConfig.extensionProviders)
    .map(fields)
    .find((p) => text(p.name) === name);
  const host = text(fields(provider?.opentelemetry ?? provider?.zipkin).service)?.replace(/^[^/]*\//, '');
  const [service, namespace, kind] = host?.split('.') ?? [];
  if (!service || !namespace || kind !== 'svc') return undefined;
  if (scene.services.some((s) => s.metadata.name === service && s.metadata.namespace === namespace)) return undefined;
  return diagnose('MALLA-OBS-35', `El proveedor «${name}» envía a ${service}.${namespace}, y ese Service no existe`);
}

/** `productpage.default` is what proxies call the app of a pod in its namespace. */
function podsOfService(scene: Scene, service: string): Pod[] {
  const dot = service.lastIndexOf('.');
  const [app, namespace] = [service.slice(0, dot), service.slice(dot + 1)];
  return scene.pods.filter((p) => p.metadata.namespace === namespace && p.metadata.labels?.app === app);
}

function ownerOfService(scene: Scene, service: string) {
  const [pod] = podsOfService(scene, service);
  return pod && ownerOf(scene, pod);
}

function spanish(value: number): string {
  return new Intl.NumberFormat('es-ES', { maximumFractionDigits: 2 }).format(value);
}
