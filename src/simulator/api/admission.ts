// Admission by the webhooks that the cluster's own configurations name.
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../mesh/objects.ts';
import { type AdmissionReview, type WebhookCaller, WebhookUnreachable } from '../contract.ts';
import type { AdmissionRequest } from './admission-request.ts';
import { ApiError } from './errors.ts';
import { type LabelSelector, matchesSelector } from './label-selector.ts';
import { checkPolicies, type PolicyFacts } from './policies/validating.ts';

export interface AdmissionContext extends PolicyFacts {
  caller: WebhookCaller | undefined;
  namespaceLabels(name: string): Record<string, string>;
}

interface Webhook {
  name: string;
  clientConfig: { service?: { namespace: string; name: string; path?: string; port?: number }; url?: string };
  rules?: {
    apiGroups?: string[];
    apiVersions?: string[];
    resources?: string[];
    operations?: string[];
    scope?: string;
  }[];
  failurePolicy?: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  timeoutSeconds?: number;
}

/** The object after all mutating webhooks. Throws ApiError when one refuses. */
export function mutate(request: AdmissionRequest, context: AdmissionContext): KubeObject | undefined {
  let object = request.object;
  for (const hook of matching('mutatingwebhookconfigurations', { ...request, object }, context)) {
    object = call(hook, { ...request, object }, context) ?? object;
  }
  return object;
}

/** Throws ApiError when a policy or a validating webhook refuses. */
export function validate(request: AdmissionRequest, context: AdmissionContext): void {
  checkPolicies(request, context);
  for (const hook of matching('validatingwebhookconfigurations', request, context)) call(hook, request, context);
}

function matching(plural: string, request: AdmissionRequest, context: AdmissionContext): Webhook[] {
  // Webhook configurations themselves are never sent to webhooks: nobody could repair a broken one.
  if (request.kind.group === 'admissionregistration.k8s.io') return [];
  const hooks = context
    .configurations(plural)
    .flatMap((c) => (Array.isArray(c.webhooks) ? (c.webhooks as Webhook[]) : []));
  return hooks.filter((hook) => applies(hook, request, context));
}

function applies(
  hook: Webhook,
  { kind, version, operation, object, previous }: AdmissionRequest,
  context: AdmissionContext,
): boolean {
  const has = (list: string[] | undefined, value: string): boolean =>
    list?.some((v) => v === '*' || v === value) ?? false;
  const ruled = hook.rules?.some(
    (rule) =>
      has(rule.apiGroups, kind.group) &&
      (has(rule.apiVersions, version) || kind.versions.some((v) => has(rule.apiVersions, v))) &&
      (has(rule.resources, kind.plural) || has(rule.resources, '*/*')) &&
      has(rule.operations, operation) &&
      (rule.scope === undefined || rule.scope === '*' || (rule.scope === 'Namespaced') === kind.namespaced),
  );
  if (!ruled) return false;
  const namespace = (object ?? previous)?.metadata.namespace;
  const namespaceLabels =
    kind.group === '' && kind.kind === 'Namespace'
      ? ((object ?? previous)?.metadata.labels ?? {})
      : namespace
        ? context.namespaceLabels(namespace)
        : undefined;
  if (namespaceLabels && !matchesSelector(hook.namespaceSelector, namespaceLabels)) return false;
  return [object, previous].some((o) => o && matchesSelector(hook.objectSelector, o.metadata.labels ?? {}));
}

function call(hook: Webhook, request: AdmissionRequest, context: AdmissionContext): KubeObject | undefined {
  const service = hook.clientConfig.service;
  try {
    if (!service || !context.caller) throw new WebhookUnreachable(`no service to call`);
    const target = {
      namespace: service.namespace,
      name: service.name,
      path: service.path ?? '/',
      port: service.port ?? 443,
    };
    const answer = context.caller.call(target, reviewOf(request));
    for (const warning of answer.warnings ?? []) request.warn(warning);
    if (answer.allowed) return answer.object;
    throw new ApiError(
      400,
      // A webhook that gives no reason leaves the Status without one.
      '',
      `admission webhook "${hook.name}" denied the request: ${answer.message ?? 'denied'}`,
    );
  } catch (error) {
    if (!(error instanceof WebhookUnreachable)) throw error;
    if (hook.failurePolicy === 'Ignore') return undefined;
    throw new ApiError(
      500,
      'InternalError',
      `Internal error occurred: failed calling webhook "${hook.name}": failed to call webhook: ${error.message}`,
    );
  }
}

function reviewOf({ kind, version, operation, object, previous, dryRun }: AdmissionRequest): AdmissionReview {
  const subject = object ?? previous;
  return {
    uid: randomUUID(),
    operation,
    resource: { group: kind.group, version, resource: kind.plural },
    kind: { group: kind.group, version, kind: kind.kind },
    ...(subject?.metadata.namespace ? { namespace: subject.metadata.namespace } : {}),
    ...(subject?.metadata.name ? { name: subject.metadata.name } : {}),
    ...(object ? { object } : {}),
    ...(previous ? { oldObject: previous } : {}),
    dryRun,
  };
}
