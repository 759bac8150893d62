// What makes a revision tag: a Service that leads to the istiods of a revision, and the injector for those who name the tag.
import type { KubeObject } from '../../../mesh/objects.ts';
import { istiodService } from './istiod.ts';
import { chartLabels } from './labels.ts';

export interface TagSettings {
  tag: string;
  revision: string;
  namespace: string;
  /** Of the webhook that the revision has: where to ask, and whom to trust. */
  clientConfig: unknown;
}

export const tagWebhookName = (tag: string): string => `istio-revision-tag-${tag}`;
export const tagServiceName = (tag: string): string => `istiod-revision-tag-${tag}`;

export function revisionTag({ tag, revision, namespace, clientConfig }: TagSettings): KubeObject[] {
  const marks = { 'istio.io/rev': revision, 'istio.io/tag': tag };
  const labels = { ...chartLabels('istiod', 'istiod'), ...marks };
  const service = istiodService(
    tagServiceName(tag),
    namespace,
    { app: 'istiod', istio: 'pilot', ...labels },
    { app: 'istiod', 'istio.io/rev': revision },
  );
  const injector: KubeObject = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: tagWebhookName(tag), labels: { app: 'sidecar-injector', ...labels } },
    webhooks: webhooksOf(tag, clientConfig),
  };
  return [service, injector];
}

interface Expression {
  key: string;
  operator: string;
  values?: string[];
}

function webhooksOf(tag: string, clientConfig: unknown): unknown[] {
  const named: Expression = { key: 'istio.io/rev', operator: 'In', values: [tag] };
  const injected: Expression = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };
  const absent = (key: string): Expression => ({ key, operator: 'DoesNotExist' });
  const webhook = (prefix: string, namespaces: Expression[], objects: Expression[]) => ({
    name: `${prefix}.sidecar-injector.istio.io`,
    admissionReviewVersions: ['v1'],
    clientConfig,
    failurePolicy: 'Fail',
    namespaceSelector: { matchExpressions: namespaces },
    objectSelector: { matchExpressions: objects },
    reinvocationPolicy: 'Never',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    sideEffects: 'None',
  });
  return [
    webhook('rev.namespace', [named, absent('istio-injection')], [injected]),
    webhook('rev.object', [absent('istio.io/rev'), absent('istio-injection')], [injected, named]),
  ];
}
