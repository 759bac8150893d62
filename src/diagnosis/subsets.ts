// Which DestinationRules count for a service, and what their subsets select (istio-hechos §2.1).

import { type Labels, selects } from '../cluster/labels.ts';
import { covers, fullHost } from '../mesh/host-names.ts';
import { nameOfService } from './hosts.ts';
import { type DestinationRule, type Pod, rootNamespace, type Scene, type Service } from './scene.ts';

export interface Subset {
  name: string;
  labels: Labels;
  rule: DestinationRule;
  /** YAML path of the subset in its rule. */
  path: string;
}

/** In the first of the caller's, the service's and the root namespace that has any: oldest first, merged. */
export function rulesFor(scene: Scene, service: Service, callerNamespace: string): DestinationRule[] {
  const name = nameOfService(service);
  const namesIt = (rule: DestinationRule): boolean =>
    covers(fullHost(rule.spec?.host ?? '', rule.metadata.namespace ?? 'default'), name);
  const candidates = scene.destinationRules.filter(namesIt);
  for (const namespace of [callerNamespace, service.metadata.namespace, rootNamespace]) {
    const found = candidates.filter((rule) => rule.metadata.namespace === namespace);
    if (found.length > 0) return found.toSorted(byAge);
  }
  return [];
}

export function subsetsOf(rules: readonly DestinationRule[]): Subset[] {
  return rules.flatMap((rule) =>
    (rule.spec?.subsets ?? []).map((s, i) => ({
      name: s.name ?? '',
      labels: s.labels ?? {},
      rule,
      path: `spec.subsets[${i}]`,
    })),
  );
}

/** Pods of the service, all of them when there is no subset. */
export function podsBehind(scene: Scene, service: Service, subset?: Subset): Pod[] {
  return scene.pods.filter(
    (p) =>
      p.metadata.namespace === service.metadata.namespace &&
      selects(service.spec?.selector, p.metadata.labels) &&
      Object.entries(subset?.labels ?? {}).every(([key, value]) => p.metadata.labels?.[key] === value),
  );
}

interface Dated {
  metadata: { creationTimestamp?: string; name: string; namespace?: string };
}

/** Istio's order of precedence: creation, then name, then namespace. */
export function byAge(a: Dated, b: Dated): number {
  const key = ({ metadata: m }: Dated): string[] => [m.creationTimestamp ?? '', m.name, m.namespace ?? ''];
  const [left, right] = [key(a), key(b)];
  const first = left.findIndex((text, i) => text !== right[i]);
  if (first < 0) return 0;
  return (left[first] ?? '') < (right[first] ?? '') ? -1 : 1;
}
