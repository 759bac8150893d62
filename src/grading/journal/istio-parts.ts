// What of an installation of Istio is a student's to hand in: which parts there are, and the few that somebody may have
// changed by hand. All else is what istioctl writes, and another version of it writes otherwise.
import type { KubeObject } from '../../mesh/objects.ts';

const home = 'istio-system';
const gateways = ['istio-ingressgateway', 'istio-egressgateway'];

const parts = new Set([
  `Namespace /${home}`,
  ...['istiod', ...gateways].flatMap((name) => [`Deployment ${home}/${name}`, `Service ${home}/${name}`]),
  `ConfigMap ${home}/istio`,
  'MutatingWebhookConfiguration /istio-sidecar-injector',
  `ValidatingWebhookConfiguration /istio-validator-${home}`,
]);

/** Beside those that labs have anyway. */
export const istioPartKinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map((kind) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
}));

export function isIstioPart({ kind, metadata: { namespace = '', name } }: KubeObject): boolean {
  return parts.has(`${kind} ${namespace}/${name}`);
}

/** That it is there says all: what is in it is istioctl's. */
export function isWholeByItself({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return kind === 'Deployment' || kind.endsWith('WebhookConfiguration');
}

export type Profile = 'minimal' | 'default' | 'demo';

/** The smallest that has all the parts; undefined without istiod. */
export function profileOf(objects: readonly KubeObject[]): Profile | undefined {
  const has = (name: string): boolean =>
    objects.some((o) => o.kind === 'Deployment' && o.metadata.namespace === home && o.metadata.name === name);
  if (!has('istiod')) return undefined;
  return has('istio-egressgateway') ? 'demo' : has('istio-ingressgateway') ? 'default' : 'minimal';
}
