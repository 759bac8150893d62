// Why a query does not give what it should: Prometheus, the query itself, who is counted, and whether anything happened.

import { fields, items, text } from '../../../mesh/read.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { hasSidecar, isReady } from '../../pods.ts';
import { type Pod, rootNamespace, type Scene, type Service } from '../../scene.ts';
import type { Symptom } from '../../symptom.ts';
import { closest } from '../../typo.ts';
import { closedEntry, unboundEntry } from '../entry.ts';
import { missingSidecar } from '../injection.ts';
import { ownerOf } from '../owner.ts';
import { hiddenRule } from '../stray-rules.ts';
import { wrongNames, wrongShape } from './query-cause.ts';
import { entriesFor } from './scope.ts';
import { missingTool } from './tool-pods.ts';

type MetricSymptom = Extract<Symptom, { type: 'metrica' }>;

export function metricCause(scene: Scene, symptom: MetricSymptom): Diagnosis {
  const { pattern, sighting } = symptom;
  const { outcome, query } = sighting;
  switch (outcome.kind) {
    case 'no query':
      return unwritten(pattern, outcome);
    case 'absent':
      return diagnose('MALLA-OBS-12', 'No hay ningún Service prometheus en istio-system');
    case 'silent':
      return (
        missingTool(scene, prometheusPods) ??
        diagnose('MALLA-OBS-13', `Prometheus no contesta: ${outcome.detail.slice(0, 200)}`)
      );
    case 'refused':
      return diagnose(
        'MALLA-OBS-14',
        `Prometheus no entiende «${query.slice(0, 120)}»: ${outcome.detail.slice(0, 200)}`,
      );
    case 'values':
      return (
        wrongNames(sighting.selectors) ??
        uncounted(scene, symptom) ??
        unmeasured(scene, symptom, outcome) ??
        (pattern.is === 'como' ? wrongShape(sighting, outcome) : undefined) ??
        wrongValue(pattern, outcome)
      );
  }
}

const prometheusPods = 'app.kubernetes.io/name=prometheus';

function unwritten(
  { query }: MetricSymptom['pattern'],
  { configMap, keys }: { configMap: boolean; keys: string[] },
): Diagnosis {
  if (typeof query === 'string') return diagnose('MALLA-OBS-20', 'La comprobación no tiene consulta');
  const { namespace, configMap: name, key } = query;
  if (!configMap) return diagnose('MALLA-OBS-20', `No existe el ConfigMap ${namespace}/${name}`);
  const at = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } };
  const meant = closest(key, keys, (k) => k);
  const found = keys.includes(key)
    ? `La clave «${key}» de ${name} está vacía`
    : `${name} no tiene la clave «${key}»${meant ? `, y sí «${meant}»` : ''}`;
  return diagnose('MALLA-OBS-20', found, { at, path: `data.${key}` });
}

/** What keeps the proxies that the query asks about from being counted. */
function uncounted(scene: Scene, { sighting }: MetricSymptom): Diagnosis | undefined {
  const { outcome, selectors, targets } = sighting;
  if (outcome.kind !== 'values' || (outcome.values.some((v) => v !== 0) && selectors.every((s) => s.known)))
    return undefined;
  const pods = askedAbout(scene, sighting);
  for (const pod of pods) {
    const off = offMetrics(scene, pod) ?? unscraped(scene, pod, targets);
    if (off) return off;
  }
  const bare = pods.find((p) => !hasSidecar(p));
  if (bare) {
    const why = missingSidecar(scene, bare.metadata.namespace ?? 'default', [bare]);
    const { name } = bare.metadata;
    return why ?? diagnose('MALLA-OBS-01', `El pod ${name} no lleva sidecar`, { at: ownerOf(scene, bare) });
  }
  return undefined;
}

/** Pods whose workload, app or service the query names; else all that the mesh has outside of its own namespace. */
function askedAbout(scene: Scene, { selectors }: MetricSymptom['sighting']): Pod[] {
  const names = selectors.flatMap((s) => s.matchers.filter((m) => m.operator === '=' && whose.test(m.name)));
  const ready = scene.pods.filter((p) => p.metadata.namespace !== rootNamespace && isReady(p));
  const named = ready.filter((p) => names.some(({ value }) => isNamed(p, value.split('.')[0] ?? '')));
  return named.length > 0 ? named : ready.filter(hasSidecar);
}

const whose = /^(?:source|destination)_(?:workload|app|service|service_name|canonical_service)$|^(?:app|pod)$/;

function isNamed({ metadata }: Pod, name: string): boolean {
  return name !== '' && (metadata.labels?.app === name || metadata.name.startsWith(`${name}-`));
}

function unscraped(scene: Scene, pod: Pod, targets: MetricSymptom['sighting']['targets']): Diagnosis | undefined {
  const asks = pod.metadata.annotations?.['prometheus.io/scrape'];
  if (asks !== 'true')
    return hasSidecar(pod)
      ? diagnose(
          'MALLA-OBS-21',
          `El pod ${pod.metadata.name} tiene ${asks === undefined ? 'sin poner' : `a "${asks}"`} la anotación prometheus.io/scrape`,
          { at: ownerOf(scene, pod), path: 'spec.template.metadata.annotations["prometheus.io/scrape"]' },
        )
      : undefined;
  const target = targets.find((t) => t.pod === pod.metadata.name && t.namespace === pod.metadata.namespace);
  if (!target || target.up) return undefined;
  return diagnose(
    'MALLA-OBS-18',
    `Prometheus no consigue las cuentas de ${pod.metadata.name}: ${target.error.slice(0, 160)}`,
    {
      at: ownerOf(scene, pod),
    },
  );
}

function offMetrics(scene: Scene, pod: Pod): Diagnosis | undefined {
  for (const { at, path, value } of entriesFor(scene, pod, 'metrics')) {
    for (const [i, override] of items(value.overrides).entries()) {
      if (fields(override).disabled !== true) continue;
      const metric = text(fields(fields(override).match).metric) ?? 'ALL_METRICS';
      return diagnose('MALLA-OBS-22', `${nameOf(at)} apaga las métricas de ${pod.metadata.name} (${metric})`, {
        at,
        path: `${path}.overrides[${i}].disabled`,
      });
    }
  }
  return undefined;
}

/** Nothing to count: nobody comes in, or nobody has yet. */
function unmeasured(
  scene: Scene,
  { pattern: { is }, sighting: { entry, selectors } }: MetricSymptom,
  { values, reference }: { values: number[]; reference?: number },
): Diagnosis | undefined {
  const nothing =
    is === 'como' ? reference === undefined : values.length === 0 || (is === 'mayor' && values.every((v) => v === 0));
  if (!nothing) return undefined;
  const closed = entry && (closedEntry(scene, entry) ?? unboundEntry(scene, entry, entry.hostname));
  const answers = selectors.some(({ matchers }) => matchers.some(({ name }) => name.startsWith('response_')));
  return (
    closed ??
    (answers ? hiddenRule(scene, servicesAsked(scene, selectors)) : undefined) ??
    diagnose('MALLA-OBS-19', 'Prometheus todavía no tiene dos recogidas con peticiones como las que se piden')
  );
}

/** Those whose answers are counted: what a rule should do to them may be what is missed. */
function servicesAsked({ services }: Scene, selectors: MetricSymptom['sighting']['selectors']): Service[] {
  const asked = selectors.flatMap(({ matchers }) =>
    matchers.filter(({ name, operator }) => operator === '=' && name.startsWith('destination_service')),
  );
  return services.filter(({ metadata }) => asked.some(({ value }) => value.split('.')[0] === metadata.name));
}

function wrongValue(
  { is, value }: MetricSymptom['pattern'],
  { values, reference }: { values: number[]; reference?: number },
): Diagnosis {
  const wanted = is === 'mayor' || is === 'menor' ? `algo ${is} que ${print(value)}` : print(reference ?? value);
  const [first] = values;
  const seen = first === undefined ? 'no da ningún valor: nada cumple a la vez todo lo que pide' : `da ${print(first)}`;
  return diagnose('MALLA-OBS-26', `La consulta ${seen}, y se espera ${wanted}`);
}

function print(value: number | undefined): string {
  return new Intl.NumberFormat('es-ES', { maximumSignificantDigits: 4 }).format(value ?? 0);
}
