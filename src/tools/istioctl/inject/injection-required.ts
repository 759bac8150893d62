// Whether istiod injects a pod that its webhook was asked about. The webhook's own selectors have been applied before.
import type { InjectionConfiguration, LabelSelector } from './configuration.ts';
import type { PodObject } from './pod-shape.ts';

const neverInjected = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

export function injectionRequired(pod: PodObject, namespace: string, configuration: InjectionConfiguration): boolean {
  if (pod.spec?.hostNetwork || neverInjected.has(namespace)) return false;
  const labels = pod.metadata.labels ?? {};
  // The label wins over the annotation; any word but true and false leaves the decision to the selectors.
  const wish = labels['sidecar.istio.io/inject'] ?? pod.metadata.annotations?.['sidecar.istio.io/inject'];
  if (wish === 'true') return true;
  if (wish === 'false') return false;
  if (configuration.neverInjectSelector.some((s) => selects(s, labels))) return false;
  if (configuration.alwaysInjectSelector.some((s) => selects(s, labels))) return true;
  return configuration.policy === 'enabled';
}

function selects(selector: LabelSelector, labels: Record<string, string>): boolean {
  const equalities = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  // An empty selector would match everything; istiod skips it.
  if (equalities.length + expressions.length === 0) return false;
  return (
    equalities.every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
