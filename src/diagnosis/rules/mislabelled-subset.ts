// A subset that has the name of one version and selects the pods of another.
import { printLabels } from '../../cluster/labels.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { findService } from '../hosts.ts';
import type { Scene } from '../scene.ts';
import { podsBehind, rulesFor, subsetsOf } from '../subsets.ts';
import type { WrittenRule } from './meant-rules.ts';

/** In the first destination of the rule that uses such a subset, where there are pods of the version that it is named after. */
export function mislabelledSubset(scene: Scene, { vs, rule }: WrittenRule): Diagnosis | undefined {
  const { namespace = 'default' } = vs.metadata;
  for (const { destination, weight } of rule.route ?? []) {
    const service = findService(scene, destination?.host ?? '', namespace);
    if (!service || weight === 0) continue;
    const subset = subsetsOf(rulesFor(scene, service, namespace)).find((s) => s.name === destination?.subset);
    if (!subset) continue;
    const reached = versionsOf(podsBehind(scene, service, subset));
    const all = versionsOf(podsBehind(scene, service));
    if (reached.length === 0 || reached.includes(subset.name) || !all.includes(subset.name)) continue;
    return diagnose(
      'MALLA-DES-05',
      `El subset ${subset.name} de ${nameOf(subset.rule)} selecciona ${printLabels(subset.labels)}: son pods de ${reached.join(', ')}`,
      { at: subset.rule, path: `${subset.path}.labels` },
    );
  }
  return undefined;
}

function versionsOf(pods: readonly { metadata: { labels?: Record<string, string> } }[]): string[] {
  return [...new Set(pods.flatMap(({ metadata }) => metadata.labels?.version ?? []))];
}
