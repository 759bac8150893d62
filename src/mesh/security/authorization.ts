// Whether a request (or a connection that is not HTTP) may pass: CUSTOM, then DENY, then ALLOW (istio-hechos §4.3).
import { namespaceOf } from '../config-objects.ts';
import type { Source, Step } from '../decision.ts';
import type { KubeObject } from '../objects.ts';
import { fields, text } from '../read.ts';
import type { Asked } from './attributes.ts';
import { type AuthorizationRule, compileRules } from './authorization-rules.ts';
import type { ExternalAuthorizer, ExternalAuthorizers } from './external-authorizers.ts';

export interface AuthorizationPolicies {
  custom: readonly CompiledPolicy[];
  deny: readonly CompiledPolicy[];
  allow: readonly CompiledPolicy[];
  audit: readonly CompiledPolicy[];
}

export interface CompiledPolicy {
  source: Source;
  /** Told in logs: `ns[default]-policy[no-delete]`. */
  name: string;
  /** In the order of the YAML. */
  rules: readonly AuthorizationRule[];
  /** Decides nothing: its effect is only noted. */
  dryRun: boolean;
  /** Of a CUSTOM policy. Undefined: it names nobody who could be asked. */
  authorizer?: ExternalAuthorizer;
}

export interface AuthorizationVerdict {
  steps: Step[];
  /** Undefined: it may pass. `matched` is what Envoy says: a rule, or `none`. */
  denial?: { by: 'rbac'; matched: string } | { by: 'ext_authz'; status: number };
}

export function compilePolicies(
  objects: readonly KubeObject[],
  authorizers: ExternalAuthorizers,
): AuthorizationPolicies {
  const byAction = Map.groupBy(objects, (o) => text(fields(o.spec).action) ?? 'ALLOW');
  // Envoy asks them by their names, and tells of the first that holds.
  const compiled = (action: string): CompiledPolicy[] =>
    (byAction.get(action) ?? []).map((o) => compile(o, action, authorizers)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { custom: compiled('CUSTOM'), deny: compiled('DENY'), allow: compiled('ALLOW'), audit: compiled('AUDIT') };
}

function compile(object: KubeObject, action: string, authorizers: ExternalAuthorizers): CompiledPolicy {
  const { kind, metadata, spec } = object;
  const namespace = namespaceOf(object);
  const provider = text(fields(fields(spec).provider).name) ?? '';
  const authorizer = authorizers.get(provider);
  const told = `ns[${namespace}]-policy[${metadata.name}]`;
  return {
    source: { kind, namespace, name: metadata.name, path: 'spec' },
    name: action === 'CUSTOM' ? `istio-ext-authz-${provider && `${provider}-`}${told}` : told,
    rules: compileRules(object, { keepsOut: action !== 'ALLOW', namespace }),
    dryRun: TRUE.has(metadata.annotations?.['istio.io/dry-run'] ?? ''),
    ...(authorizer && { authorizer }),
  };
}

/** As Go reads a boolean. */
const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/** Whether somebody outside must be asked first: before tokens are looked at. */
export function authorizeOutside({ custom }: AuthorizationPolicies, asked: Asked): AuthorizationVerdict {
  const steps: Step[] = [];
  for (const policy of custom) {
    const { authorizer } = policy;
    // One that speaks of requests only is not asked about connections.
    if (authorizer && !asked.request && !authorizer.connections) continue;
    const rule = matching(policy, asked);
    if (!rule) continue;
    const result = authorizer?.failOpen ? 'unanswered-open' : 'unanswered';
    steps.push(stepOf(policy, result, `spec.rules[${rule.index}]`));
    if (!authorizer) {
      const matched = `${policy.name}-rule[${rule.index}]-deny-due-to-bad-CUSTOM-action`;
      return { steps, denial: { by: 'rbac', matched } };
    }
    if (!authorizer.failOpen) return { steps, denial: { by: 'ext_authz', status: authorizer.status } };
  }
  return { steps };
}

export function authorize({ deny, allow, audit }: AuthorizationPolicies, asked: Asked): AuthorizationVerdict {
  const steps: Step[] = [];
  // Most proxies have none, and this is asked for every request.
  if (deny.length + allow.length + audit.length === 0) return { steps };
  for (const policy of [...audit, ...[...deny, ...allow].filter((p) => p.dryRun)]) {
    const rule = matching(policy, asked);
    if (rule) steps.push(stepOf(policy, 'noted', `spec.rules[${rule.index}]`));
  }
  const denied = firstMatch(active(deny), asked);
  if (denied) {
    steps.push(stepOf(denied.policy, 'denied', `spec.rules[${denied.rule.index}]`));
    return { steps, denial: { by: 'rbac', matched: `${denied.policy.name}-rule[${denied.rule.index}]` } };
  }
  steps.push(...active(deny).flatMap((policy) => skipped(policy, asked)));
  const allowing = active(allow);
  if (allowing.length === 0) return { steps };
  const allowed = firstMatch(allowing, asked);
  if (allowed) {
    steps.push(stepOf(allowed.policy, 'allowed', `spec.rules[${allowed.rule.index}]`));
    return { steps };
  }
  steps.push(...allowing.flatMap((policy) => skipped(policy, asked)));
  const [first] = allowing;
  if (first) steps.push(stepOf(first, 'denied-by-default', 'spec'));
  return { steps, denial: { by: 'rbac', matched: 'none' } };
}

function active(policies: readonly CompiledPolicy[]): readonly CompiledPolicy[] {
  return policies.filter((p) => !p.dryRun);
}

function firstMatch(policies: readonly CompiledPolicy[], asked: Asked) {
  for (const policy of policies) {
    const rule = matching(policy, asked);
    if (rule) return { policy, rule };
  }
  return undefined;
}

function matching({ rules }: CompiledPolicy, asked: Asked): AuthorizationRule | undefined {
  return rules.find((r) => r.holds(asked));
}

/** Each rule that did not hold, with the part that failed; a policy without rules holds for nothing. */
function skipped(policy: CompiledPolicy, asked: Asked): Step[] {
  if (policy.rules.length === 0) return [stepOf(policy, 'skipped', 'spec')];
  return policy.rules.map((rule) => stepOf(policy, 'skipped', rule.missing(asked)));
}

function stepOf({ source, name }: CompiledPolicy, result: string, path: string): Step {
  return { kind: 'policy', result, source: { ...source, path }, facts: { policy: name } };
}
