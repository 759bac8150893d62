import { uninjectedNamespace } from '../../diagnosis/rules/injection.ts';
import { createScene } from '../../diagnosis/scene.ts';
import type { CheckKind } from '../check-kind.ts';
import { evidenceOf } from '../evidence.ts';

export const inyeccion: CheckKind<'inyeccion'> = {
  looksAt: 'resources',
  expects: ({ pattern: { namespace } }) => expectation(namespace),
  async observe({ pattern: { namespace } }, { cluster: { client } }) {
    const [namespaces, webhooks, istiods] = await Promise.all([
      client.list({ apiVersion: 'v1', kind: 'Namespace' }),
      client.list({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' }),
      client.list({ apiVersion: 'apps/v1', kind: 'Deployment', labelSelector: 'app=istiod' }),
    ]);
    const own = namespaces.find((n) => n.metadata.name === namespace);
    const cause = uninjectedNamespace(createScene([...namespaces, ...webhooks, ...istiods]), namespace);
    const labels = Object.entries(own?.metadata.labels ?? {}).filter(([key]) => !key.startsWith('kubernetes.io/'));
    const text = labels.map(([key, value]) => `${key}=${value}`).join(', ');
    return {
      expected: expectation(namespace),
      observed: own ? `${namespace} tiene ${text || 'solo las etiquetas de fábrica'}` : `no existe ${namespace}`,
      evidence: evidenceOf(own ? [own] : []),
      ...(cause ? { symptom: { type: 'inyeccion', pattern: { namespace } } } : {}),
    };
  },
  watches: () => [
    { apiVersion: 'v1', kind: 'Namespace' },
    { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' },
  ],
};

function expectation(namespace: string): string {
  return `los pods nuevos de ${namespace} reciben sidecar`;
}
