// ValidatingAdmissionPolicies: CEL that decides which writes are let through, where a binding says so.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { AdmissionRequest } from '../admission-request.ts';
import { compileRule } from '../cel/rules.ts';
import { ApiError, qualified } from '../errors.ts';
import { toCelValue } from './cel-values.ts';
import { type MatchResources, matchesResources } from './match.ts';

export interface PolicyFacts {
  /** Of admissionregistration.k8s.io, by plural. */
  configurations(plural: string): KubeObject[];
  /** A namespace, or an object that a binding names as its parameters. */
  find(resource: string, namespace: string | undefined, name: string): KubeObject | undefined;
  resourceOf(apiVersion: string, kind: string): { resource: string; namespaced: boolean } | undefined;
}

interface PolicySpec {
  failurePolicy?: string;
  matchConstraints?: MatchResources;
  matchConditions?: { name: string; expression: string }[];
  paramKind?: { apiVersion: string; kind: string };
  variables?: { name: string; expression: string }[];
  validations?: { expression: string; message?: string; messageExpression?: string; reason?: string }[];
}

interface BindingSpec {
  policyName: string;
  paramRef?: { name?: string; namespace?: string; parameterNotFoundAction?: string };
  matchResources?: MatchResources;
  validationActions?: string[];
}

type Policy = KubeObject<PolicySpec>;
type Binding = KubeObject<BindingSpec>;

interface Denial {
  message: string;
  reason: string;
}

const CODES: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 };
/** As the API server has it: messages beyond this are not shown. */
const LONGEST_MESSAGE = 5 * 1024;

/** Whether any policy is in force, which is when evaluating CEL has to be loaded. */
export function hasPolicies(facts: Pick<PolicyFacts, 'configurations'>): boolean {
  return facts.configurations('validatingadmissionpolicybindings').length > 0;
}

/** Throws ApiError when a policy refuses; a policy that only warns does so through the request. */
export function checkPolicies(request: AdmissionRequest, facts: PolicyFacts): void {
  // Policies do not judge themselves: nobody could repair a broken one.
  if (request.kind.group === 'admissionregistration.k8s.io') return;
  const bindings = facts.configurations('validatingadmissionpolicybindings') as Binding[];
  if (bindings.length === 0) return;
  for (const policy of facts.configurations('validatingadmissionpolicies') as Policy[]) {
    const own = bindings.filter(({ spec }) => spec?.policyName === policy.metadata.name);
    if (own.length === 0 || !policy.spec || !matches(policy.spec.matchConstraints, request, facts)) continue;
    for (const binding of own) {
      const within = binding.spec?.matchResources === undefined || matches(binding.spec.matchResources, request, facts);
      if (within) applyBinding(policy, binding, request, facts);
    }
  }
}

function applyBinding(policy: Policy, binding: Binding, request: AdmissionRequest, facts: PolicyFacts): void {
  const names = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`;
  for (const { message, reason } of denials(policy, binding, request, facts)) {
    const actions = binding.spec?.validationActions ?? ['Deny'];
    if (actions.includes('Warn')) request.warn(`Validation failed for ${names}: ${message}`);
    if (actions.includes('Deny')) throw refused(request, `${names} denied request: ${message}`, reason);
  }
}

function denials({ spec = {} }: Policy, binding: Binding, request: AdmissionRequest, facts: PolicyFacts): Denial[] {
  const failed = (message: string): Denial[] =>
    spec.failurePolicy === 'Ignore' ? [] : [{ message, reason: 'Invalid' }];
  const found = paramsOf(spec, binding, request, facts);
  if ('missing' in found) return found.missing ? failed(`failed to configure binding: ${found.missing}`) : [];
  const scope = scopeOf(request, facts, found.params, spec.variables ?? []);
  for (const { name, expression } of spec.matchConditions ?? []) {
    const outcome = scope.run(expression);
    if (outcome.kind === 'value' && outcome.value === true) continue;
    if (outcome.kind === 'value') return [];
    return failed(`expression '${expression}' resulted in error: ${errorOf(outcome)} (${name})`);
  }
  return (spec.validations ?? []).flatMap((validation): Denial[] => {
    const outcome = scope.run(validation.expression);
    if (outcome.kind === 'value' && outcome.value === true) return [];
    if (outcome.kind !== 'value')
      return failed(`expression '${validation.expression}' resulted in error: ${errorOf(outcome)}`);
    const own = validation.messageExpression ? scope.run(validation.messageExpression) : undefined;
    const written = own?.kind === 'value' && typeof own.value === 'string' ? own.value.trim() : '';
    const usable = written !== '' && written.length <= LONGEST_MESSAGE && !written.includes('\n');
    const message =
      (usable && written) || validation.message?.trim() || `failed expression: ${validation.expression.trim()}`;
    return [{ message, reason: validation.reason ?? 'Invalid' }];
  });
}

function paramsOf(
  { paramKind }: PolicySpec,
  { spec }: Binding,
  { object, previous }: AdmissionRequest,
  facts: PolicyFacts,
): { params: KubeObject | undefined } | { missing: string | undefined } {
  const reference = spec?.paramRef;
  if (!paramKind || !reference?.name) return { params: undefined };
  const kind = facts.resourceOf(paramKind.apiVersion, paramKind.kind);
  if (!kind)
    return {
      missing: `failed to find resource referenced by paramKind: '${paramKind.apiVersion}, Kind=${paramKind.kind}'`,
    };
  const namespace = kind.namespaced ? (reference.namespace ?? (object ?? previous)?.metadata.namespace) : undefined;
  const params = facts.find(kind.resource, namespace, reference.name);
  if (params) return { params };
  if (reference.parameterNotFoundAction === 'Allow') return { missing: undefined };
  return { missing: 'no params found for policy binding with `Deny` parameterNotFoundAction' };
}

function scopeOf(
  request: AdmissionRequest,
  facts: PolicyFacts,
  params: KubeObject | undefined,
  variables: { name: string; expression: string }[],
) {
  const { object, previous, kind, version, operation, dryRun } = request;
  const { namespace, name } = (object ?? previous)?.metadata ?? { name: '' };
  const spent = { cost: 0 };
  const known = new Map<string, unknown>();
  const inside = kind.group === '' && kind.kind === 'Namespace' ? undefined : namespace;
  const given = {
    object: toCelValue(object),
    oldObject: toCelValue(previous),
    params: toCelValue(params),
    namespaceObject: toCelValue(inside === undefined ? undefined : facts.find('namespaces', undefined, inside)),
    request: toCelValue({
      kind: { group: kind.group, version, kind: kind.kind },
      resource: { group: kind.group, version, resource: kind.plural },
      name,
      ...(namespace && { namespace }),
      operation,
      dryRun,
    }),
    variables: known,
  };
  const run = (expression: string) => compileRule(expression).run(given, spent);
  // One that fails is missed by who asks for it, and only then.
  for (const { name: variable, expression } of variables) {
    const outcome = run(expression);
    if (outcome.kind === 'value') known.set(variable, outcome.value);
  }
  return { run };
}

function errorOf(outcome: ReturnType<ReturnType<typeof scopeOf>['run']>): string {
  if (outcome.kind === 'error') return outcome.message;
  if (outcome.kind === 'exceeded') return 'operation cancelled: actual cost limit exceeded';
  return 'no such overload';
}

function matches(rules: MatchResources | undefined, request: AdmissionRequest, facts: PolicyFacts): boolean {
  const labels = (name: string) => facts.find('namespaces', undefined, name)?.metadata.labels ?? {};
  return rules !== undefined && matchesResources(rules, request, labels);
}

function refused({ kind, object, previous }: AdmissionRequest, message: string, reason: string): ApiError {
  const { name, generateName } = (object ?? previous)?.metadata ?? { name: '' };
  const resource = qualified(kind.plural, kind.group);
  const text = `${resource} "${name || generateName || ''}" is forbidden: ${message}`;
  return new ApiError(CODES[reason] ?? 422, reason, text, {
    name,
    ...(kind.group && { group: kind.group }),
    kind: kind.plural,
    causes: [{ message }],
  });
}
