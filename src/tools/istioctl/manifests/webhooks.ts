// The webhook configurations that point the API server at istiod.
import type { KubeObject } from '../../../mesh/objects.ts';
import { istiodService } from './istiod.ts';
import { chartLabels, componentLabels } from './labels.ts';
import { at, type InstallSettings } from './settings.ts';

const istiodLabels = { ...chartLabels('istiod', 'istiod'), ...componentLabels('Pilot') };
const admission = 'admissionregistration.k8s.io';

export function injectorWebhook(settings: InstallSettings): KubeObject {
  return injector('istio-sidecar-injector', settings, {});
}

/** What becomes of the injector's own configuration once the tag `default` answers in its place: it matches nothing. */
export function silencedInjector(settings: InstallSettings): KubeObject {
  const never = { matchLabels: { 'istio.io/deactivated': 'never-match' } };
  const object = injectorWebhook(settings);
  const webhooks = object.webhooks as object[];
  return { ...object, webhooks: webhooks.map((w) => ({ ...w, namespaceSelector: never, objectSelector: never })) };
}

export function validatorWebhook({ namespace }: InstallSettings): KubeObject {
  const labels = { app: 'istiod', istio: 'istiod', 'istio.io/rev': 'default', ...chartLabels('istiod', 'istiod') };
  const selector = { key: 'istio.io/rev', operator: 'In', values: ['default'] };
  return validator(`istio-validator-${namespace}`, namespace, labels, 'rev.validation.istio.io', selector);
}

/** The tag `default`: what makes this revision the one that plain labels and unlabelled objects get. */
export function defaultTag(settings: InstallSettings): KubeObject[] {
  const tag = { 'istio.io/tag': 'default', 'install.operator.istio.io/owning-resource-not-pruned': 'true' };
  const labels = { app: 'istiod', ...istiodLabels, ...tag };
  const unlabelled = { key: 'istio.io/rev', operator: 'DoesNotExist' };
  return [
    istiodService(
      'istiod-revision-tag-default',
      settings.namespace,
      { ...labels, istio: 'pilot' },
      {
        app: 'istiod',
        'istio.io/rev': 'default',
      },
    ),
    injector('istio-revision-tag-default', settings, tag),
    validator(
      'istiod-default-validator',
      settings.namespace,
      { ...labels, istio: 'istiod' },
      'validation.istio.io',
      unlabelled,
    ),
  ];
}

interface Expression {
  key: string;
  operator: string;
  values?: string[];
}

const injected: Expression = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };
const wanted: Expression = { key: 'sidecar.istio.io/inject', operator: 'In', values: ['true'] };
const thisRevision: Expression = { key: 'istio.io/rev', operator: 'In', values: ['default'] };
const noRevision: Expression = { key: 'istio.io/rev', operator: 'DoesNotExist' };
const noInjection: Expression = { key: 'istio-injection', operator: 'DoesNotExist' };
const enabled: Expression = { key: 'istio-injection', operator: 'In', values: ['enabled'] };

function injector(name: string, { namespace, values }: InstallSettings, tag: Record<string, string>): KubeObject {
  const reinvocationPolicy = String(at(values, 'sidecarInjectorWebhook.reinvocationPolicy') ?? 'Never');
  const webhook = (prefix: string, namespaces: Expression[], objects: Expression[]) => ({
    name: `${prefix}.sidecar-injector.istio.io`,
    admissionReviewVersions: ['v1'],
    clientConfig: { service: { name: 'istiod', namespace, path: '/inject', port: 443 } },
    failurePolicy: 'Fail',
    namespaceSelector: { matchExpressions: namespaces },
    objectSelector: { matchExpressions: objects },
    reinvocationPolicy,
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    sideEffects: 'None',
  });
  return {
    apiVersion: `${admission}/v1`,
    kind: 'MutatingWebhookConfiguration',
    metadata: { name, labels: { app: 'sidecar-injector', ...istiodLabels, ...tag } },
    webhooks: [
      webhook('rev.namespace', [thisRevision, noInjection], [injected]),
      webhook('rev.object', [noRevision, noInjection], [injected, thisRevision]),
      webhook('namespace', [enabled], [injected]),
      webhook('object', [noInjection, noRevision], [wanted, noRevision]),
    ],
  };
}

function validator(
  name: string,
  namespace: string,
  labels: Record<string, string>,
  webhook: string,
  selector: Expression,
): KubeObject {
  const apiGroups = ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'];
  return {
    apiVersion: `${admission}/v1`,
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name, labels },
    webhooks: [
      {
        name: webhook,
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { name: 'istiod', namespace, path: '/validate', port: 443 } },
        // istiod turns this into Fail once it serves.
        failurePolicy: 'Ignore',
        objectSelector: { matchExpressions: [selector] },
        rules: [{ apiGroups, apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'] }],
        sideEffects: 'None',
      },
    ],
  };
}
