// istiod makes its own webhooks usable: its CA bundle in all, and the validating ones fail closed once it serves them.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Registry, ResourceId } from '../contract.ts';

export const webhookKinds = [
  'admissionregistration.k8s.io/mutatingwebhookconfigurations',
  'admissionregistration.k8s.io/validatingwebhookconfigurations',
] as const;

interface Webhook {
  clientConfig?: { caBundle?: string; service?: { name: string; namespace: string } };
  failurePolicy?: string;
}

export function openWebhook(
  registry: Registry,
  kind: ResourceId,
  configuration: KubeObject,
  revision: string,
  certificate: string,
): void {
  if (configuration.metadata.labels?.['istio.io/rev'] !== revision) return;
  const bundle = Buffer.from(certificate).toString('base64');
  const validating = kind.endsWith('/validatingwebhookconfigurations');
  const settled = (webhook: Webhook) =>
    webhook.clientConfig?.caBundle === bundle && (!validating || webhook.failurePolicy === 'Fail');
  if (webhooksOf(configuration).every(settled)) return;
  registry.edit(
    kind,
    undefined,
    configuration.metadata.name,
    (copy) => {
      for (const webhook of webhooksOf(copy)) {
        webhook.clientConfig = { ...webhook.clientConfig, caBundle: bundle };
        if (validating) webhook.failurePolicy = 'Fail';
      }
    },
    { fieldManager: 'pilot-discovery' },
  );
}

const webhooksOf = (configuration: KubeObject) => (configuration.webhooks ?? []) as Webhook[];
