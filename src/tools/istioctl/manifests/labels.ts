// The labels of installed objects: the charts' and the installer's.
import type { KubeObject } from '../../../mesh/objects.ts';
import { istioVersion } from './settings.ts';

export type Component = 'Base' | 'Pilot' | 'IngressGateways' | 'EgressGateways';

const owner = 'install.operator.istio.io/owning-resource';

/** Labels of a chart's object. `name` is app.kubernetes.io/name. */
export function chartLabels(chart: string, name: string): Record<string, string> {
  return {
    'app.kubernetes.io/instance': 'istio',
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': 'istio',
    'app.kubernetes.io/version': istioVersion,
    'helm.sh/chart': `${chart}-${istioVersion}`,
    release: 'istio',
  };
}

/** On objects of the charts that name their component themselves. */
export const componentLabels = (component: Component): Record<string, string> => ({
  'operator.istio.io/component': component,
  [owner]: 'unknown',
  'istio.io/rev': 'default',
});

/** What the installer adds to everything it applies; `uninstall --purge` finds its objects by them. */
export function managed(object: KubeObject, component: Component, namespace: string): KubeObject {
  const labels = {
    ...object.metadata.labels,
    'operator.istio.io/component': component,
    'operator.istio.io/managed': 'Reconcile',
    'operator.istio.io/version': istioVersion,
    [`${owner}-namespace`]: namespace,
    'istio.io/rev': 'default',
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}
