// Why a log does not have the line: its pods, their proxy, whether it writes, whether anything passed, and what did.
import { parseSelector } from '../../../cluster/label-selector.ts';
import { fields, items, text } from '../../../mesh/read.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { hasSidecar } from '../../pods.ts';
import type { Pod, Scene } from '../../scene.ts';
import type { Symptom } from '../../symptom.ts';
import type { MeshConfig } from '../../telemetry-sighting.ts';
import { closest } from '../../typo.ts';
import { entryCause } from '../http.ts';
import { missingSidecar } from '../injection.ts';
import { ownerOf } from '../owner.ts';
import { overflowCause } from '../resilience.ts';
import { tooFewPods } from '../workloads.ts';
import { flagCause } from './flag-cause.ts';
import { entriesFor, missedTelemetry, providersOf, unknownProvider } from './scope.ts';

type LogSymptom = Extract<Symptom, { type: 'registro' }>;
interface Source {
  namespace: string;
  selector: string;
  container: string;
}

export function logCause(scene: Scene, { pattern, sighting }: LogSymptom): Diagnosis {
  const { source, also } = pattern;
  const { answer } = sighting;
  if (answer?.answer.failure) {
    const request = { url: answer.url, method: pattern.request?.method ?? 'GET', headers: {} };
    const entry = entryCause(scene, request, answer.answer.failure);
    if (entry) return entry;
  }
  const client = pattern.request && 'from' in pattern.request ? pattern.request.from : undefined;
  const noClient = client && tooFewPods(scene, { ...client, atLeast: 1 });
  if (noClient) return noClient;
  const broken = brokenSource(scene, source, sighting.otherContainers);
  if (broken) return broken;
  if (pattern.atMost !== undefined) return tooManyLines(scene, source, sighting);
  if (sighting.found < pattern.atLeast) return noLine(scene, pattern, sighting);
  const silent = also && (brokenSource(scene, also, undefined) ?? silentLog(scene, also, sighting.meshConfig));
  if (silent && (sighting.also?.requests ?? 0) === 0) return silent;
  return diagnose(
    'MALLA-OBS-11',
    `La petición está en el registro de ${source.selector}, pero no en el de ${also?.selector ?? ''}`,
  );
}

function noLine(scene: Scene, pattern: LogSymptom['pattern'], sighting: LogSymptom['sighting']): Diagnosis {
  const { source } = pattern;
  const proxy = source.container === proxyContainer;
  const silent = proxy ? silentLog(scene, source, sighting.meshConfig) : undefined;
  // Lines of before somebody turned it off stay where they are.
  if (silent) return silent;
  if (proxy && /\bUO\b/.test(pattern.line)) return overflowCause(scene, source.namespace);
  const filter = proxy ? filteredLog(scene, source) : undefined;
  if (filter && (sighting.requests > 0 || pattern.request)) return filter;
  if (sighting.requests === 0 && proxy)
    return diagnose('MALLA-OBS-09', `El registro de ${proxyContainer} en ${source.selector} no tiene ninguna petición`);
  const flag = proxy ? flagCause(scene, pattern, podsOf(scene, source)[0]) : undefined;
  if (flag) return flag;
  const last = sighting.last === undefined ? '' : `; la última es ${shorten(sighting.last)}`;
  const some =
    sighting.found > 0
      ? `Solo hay ${sighting.found} de ${pattern.atLeast} líneas así`
      : 'Ninguna línea es la que se busca';
  return diagnose('MALLA-OBS-10', `${some} en ${source.selector}${last}`);
}

/** Who decides what is written: the narrowest Telemetry of the pod. */
function tooManyLines(scene: Scene, source: Source, { found, meshConfig }: LogSymptom['sighting']): Diagnosis {
  const [pod] = podsOf(scene, source);
  const entry = pod && entriesFor(scene, pod, 'accessLogging').at(-1);
  // Where none of its providers exists, its filter is nobody's, and the log of the whole mesh goes on.
  const known = knownProviders(meshConfig);
  const named = items(entry?.value.providers).map((provider) => text(fields(provider).name) ?? '');
  const wrong = entry && !named.some((name) => known.includes(name)) && unknownProvider([entry], known);
  if (wrong) return wrong;
  const filter = entry && text(fields(entry.value.filter).expression);
  const why = entry
    ? `${nameOf(entry.at)} ${filter ? `deja pasar ${filter}` : 'no tiene filtro'}`
    : 'ningún Telemetry las filtra';
  return diagnose('MALLA-OBS-40', `Hay ${found} ${found === 1 ? 'línea' : 'líneas'} que no debían estar: ${why}`, {
    at: entry?.at,
    path: entry && `${entry.path}.filter`,
  });
}

const proxyContainer = 'istio-proxy';

function brokenSource(scene: Scene, source: Source, others: string[] | undefined): Diagnosis | undefined {
  const { namespace, selector, container } = source;
  const few = tooFewPods(scene, { namespace, selector, atLeast: 1 });
  if (few) return few;
  const pods = podsOf(scene, source);
  const bare = pods.find((p) => !hasSidecar(p) && !isProxyOnly(p));
  if (container === proxyContainer && bare) {
    const why = missingSidecar(scene, namespace, pods);
    if (why) return why;
    return diagnose('MALLA-OBS-01', `El pod ${bare.metadata.name} no lleva sidecar`, { at: ownerOf(scene, bare) });
  }
  if (!others) return undefined;
  const meant = closest(container, others, (c) => c);
  const have = meant ? `¿querías decir «${meant}»?` : `tiene ${others.join(', ')}`;
  const [first] = pods;
  return diagnose('MALLA-OBS-02', `Los pods con ${selector} no tienen el contenedor «${container}»: ${have}`, {
    at: first && ownerOf(scene, first),
  });
}

/** Why the proxies of these pods write nothing. */
function silentLog(scene: Scene, source: Source, meshConfig: MeshConfig): Diagnosis | undefined {
  const [pod] = podsOf(scene, source);
  if (!pod) return undefined;
  const entries = entriesFor(scene, pod, 'accessLogging');
  const off = entries.findLast(({ value }) => value.disabled === true);
  if (off && entries.at(-1) === off)
    return diagnose('MALLA-OBS-03', `${nameOf(off.at)} apaga el registro de acceso de ${source.selector}`, {
      at: off.at,
      path: `${off.path}.disabled`,
    });
  const wrong = unknownProvider(entries, knownProviders(meshConfig));
  if (wrong) return wrong;
  if (entries.length > 0 || text(meshConfig.accessLogFile)) return undefined;
  return (
    missedTelemetry(scene, pod, 'accessLogging') ??
    diagnose('MALLA-OBS-04', 'Ni la configuración de la malla ni ningún Telemetry encienden el registro de acceso')
  );
}

function knownProviders(meshConfig: MeshConfig): string[] {
  return ['envoy', ...providersOf(meshConfig, logProviders)];
}

const logProviders = ['envoyFileAccessLog', 'envoyHttpAls', 'envoyTcpAls', 'envoyOtelAls'];

function filteredLog(scene: Scene, source: Source): Diagnosis | undefined {
  const [pod] = podsOf(scene, source);
  const entry = pod && entriesFor(scene, pod, 'accessLogging').findLast(({ value }) => value.filter !== undefined);
  const expression = entry && text(fields(entry.value.filter).expression);
  if (!entry || !expression) return undefined;
  return diagnose('MALLA-OBS-08', `${nameOf(entry.at)} solo registra las peticiones con ${expression}`, {
    at: entry.at,
    path: `${entry.path}.filter.expression`,
  });
}

function podsOf(scene: Scene, { namespace, selector }: Source): Pod[] {
  const matches = parseSelector(selector);
  return scene.pods.filter((p) => p.metadata.namespace === namespace && matches(p.metadata.labels));
}

/** A gateway's pod is its proxy. */
function isProxyOnly({ spec }: Pod): boolean {
  return (spec?.containers ?? []).some((c) => c.name === proxyContainer);
}

/** Method, path, status and flags: what people compare. */
function shorten(line: string): string {
  return /"([A-Z]+ \S+ HTTP\/[\d.]+)" \d+ \S+/.exec(line)?.[0] ?? line.slice(0, 120);
}
