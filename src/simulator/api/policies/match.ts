// Which writes the matchConstraints of a policy, or the matchResources of a binding, speak of.
import type { AdmissionRequest } from '../admission-request.ts';
import { type LabelSelector, matchesSelector } from '../label-selector.ts';

export interface MatchResources {
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  resourceRules?: ResourceRule[];
  excludeResourceRules?: ResourceRule[];
  matchPolicy?: string;
}

interface ResourceRule {
  resourceNames?: string[];
  operations?: string[];
  apiGroups?: string[];
  apiVersions?: string[];
  resources?: string[];
  scope?: string;
}

export function matchesResources(
  rules: MatchResources,
  request: AdmissionRequest,
  namespaceLabels: (name: string) => Record<string, string>,
): boolean {
  const { object, previous, kind } = request;
  const subject = object ?? previous;
  const { namespace, labels = {} } = subject?.metadata ?? {};
  if (rules.excludeResourceRules?.some((rule) => speaksOf(rule, request))) return false;
  if (rules.resourceRules?.length && !rules.resourceRules.some((rule) => speaksOf(rule, request))) return false;
  const isNamespace = kind.group === '' && kind.kind === 'Namespace';
  const around = isNamespace ? labels : namespace === undefined ? undefined : namespaceLabels(namespace);
  if (around && !matchesSelector(rules.namespaceSelector, around)) return false;
  return [object, previous].some(
    (o) => o !== undefined && matchesSelector(rules.objectSelector, o.metadata.labels ?? {}),
  );
}

function speaksOf(rule: ResourceRule, { kind, version, operation, object, previous }: AdmissionRequest): boolean {
  const has = (list: string[] | undefined, value: string) => list?.some((v) => v === '*' || v === value) ?? false;
  const { name = '' } = (object ?? previous)?.metadata ?? {};
  return (
    has(rule.apiGroups, kind.group) &&
    (has(rule.apiVersions, version) || kind.versions.some((v) => has(rule.apiVersions, v))) &&
    (has(rule.resources, kind.plural) || (rule.resources?.includes('*/*') ?? false)) &&
    has(rule.operations, operation) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name)) &&
    (rule.scope === undefined || rule.scope === '*' || (rule.scope === 'Namespaced') === kind.namespaced)
  );
}
