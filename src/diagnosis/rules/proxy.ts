// Why an Envoy does not have what is expected: its pod, its sidecar, and the objects from which istiod writes it.
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { findService } from '../hosts.ts';
import type { Scene } from '../scene.ts';
import { subsetsOf } from '../subsets.ts';
import type { ProxySeen, Symptom } from '../symptom.ts';
import { closest } from '../typo.ts';
import { missingSidecar } from './injection.ts';
import { ownerOf } from './owner.ts';
import { tooFewPods } from './workloads.ts';

type ProxySymptom = Extract<Symptom, { type: 'proxy' }>;

export function proxyCause(scene: Scene, { pattern, pod, seen }: ProxySymptom): Diagnosis {
  const { namespace, selector } = pattern;
  if (!pod)
    return (
      tooFewPods(scene, { namespace, selector, atLeast: 1 }) ??
      diagnose('MALLA-SAL-06', `Los pods con ${selector} de ${namespace} acaban de cambiar`)
    );
  if (!seen)
    return (
      missingSidecar(scene, namespace, [pod]) ??
      diagnose('MALLA-INY-05', `${pod.metadata.name} no lleva sidecar`, { at: ownerOf(scene, pod) })
    );
  if (!pattern.exists)
    return diagnose(
      'MALLA-PRX-03',
      `El proxy de ${pod.metadata.name} tiene ${seen.matching} así en ${pattern.section}`,
    );
  return undefinedSubset(scene, pattern) ?? asSeen(pattern, pod.metadata.name, seen);
}

function asSeen({ section, name }: ProxySymptom['pattern'], pod: string, { named, difference }: ProxySeen): Diagnosis {
  if (named > 0 && difference)
    return diagnose(
      'MALLA-PRX-02',
      `En ${section} del proxy de ${pod}, ${difference.path || 'el elemento'} no es lo que se espera`,
    );
  return diagnose(
    'MALLA-PRX-01',
    `El proxy de ${pod} no tiene ${name === undefined ? 'nada' : `«${name}»`} en ${section}`,
  );
}

/** Clusters are named `outbound|9080|v2|reviews.default.svc.cluster.local`. */
function undefinedSubset(
  scene: Scene,
  { section, name = '', namespace }: ProxySymptom['pattern'],
): Diagnosis | undefined {
  if (section !== 'clusters' && section !== 'endpoints') return undefined;
  const plain = name.replaceAll('\\', '');
  const [, subset, host = ''] = /outbound\|\d+\|([^|]+)\|([a-z0-9-]+(?:\.[a-z0-9-]+)*)/.exec(plain) ?? [];
  if (subset === undefined) return undefined;
  const [short = '', own = namespace] = host.split('.');
  const service = findService(scene, short, own);
  if (!service) return undefined;
  const rules = scene.destinationRules.filter(
    (r) => findService(scene, r.spec?.host ?? '', r.metadata.namespace ?? 'default') === service,
  );
  const subsets = subsetsOf(rules);
  if (subsets.some((s) => s.name === subset)) return undefined;
  const meant = closest(subset, subsets, (s) => s.name);
  const rule = meant?.rule ?? rules[0];
  const which = rule
    ? `${nameOf(rule)} no define el subset «${subset}»`
    : `Nadie define el subset «${subset}» de ${short}`;
  return diagnose('MALLA-PRX-04', which, { at: rule, path: rule && (meant ? `${meant.path}.name` : 'spec.subsets') });
}
