// Whether a request (or a connection that is not HTTP) may pass: CUSTOM, then DENY, then ALLOW (istio-hechos §4.3).
import { namespaceOf } from '../config-objects.ts';
import type { Source, Step } from '../decision.ts';
import type { KubeObject } from '../objects.ts';
import { fields, text } from '../read.ts';
import type { Asked } from './attributes.ts';
import { type AuthorizationRule, compileRules } from './authorization-rules.ts';

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
  rules: readonly AuthorizationRule[];
  /** Decides nothing: its effect is only noted. */
  dryRun: boolean;
  /** Of a CUSTOM policy. */
  provider: string;
}

export interface AuthorizationVerdict {
  steps: Step[];
  /** Undefined: it may pass. `matched` is what Envoy says: a rule, or `none`. */
  denial?: { by: 'rbac'; matched: string } | { by: 'ext_authz'; provider: string };
}

export function compilePolicies(objects: readonly KubeObject[]): AuthorizationPolicies {
  const byAction = Map.groupBy(objects, (o) => text(fields(o.spec).action) ?? 'ALLOW');
  const compiled = (action: string): CompiledPolicy[] => (byAction.get(action) ?? []).map((o) => compile(o, action));
  return { custom: compiled('CUSTOM'), deny: compiled('DENY'), allow: compiled('ALLOW'), audit: compiled('AUDIT') };
}

function compile(object: KubeObject, action: string): CompiledPolicy {
  const { kind, metadata, spec } = object;
  const namespace = namespaceOf(object);
  return {
    source: { kind, namespace, name: metadata.name, path: 'spec' },
    name: `ns[${namespace}]-policy[${metadata.name}]`,
    rules: compileRules(object, { deny: action !== 'ALLOW', namespace }),
    dryRun: metadata.annotations?.['istio.io/dry-run'] === 'true',
    provider: text(fields(fields(spec).provider).name) ?? '',
  };
}

export function authorize({ custom, deny, allow, audit }: AuthorizationPolicies, asked: Asked): AuthorizationVerdict {
  const steps: Step[] = [];
  // Most proxies have none, and this is asked for every request.
  if (custom.length + deny.length + allow.length + audit.length === 0) return { steps };
  for (const policy of [...audit, ...[...deny, ...allow].filter((p) => p.dryRun)]) {
    const rule = policy.rules.find((r) => r.holds(asked));
    if (rule) steps.push(stepOf(policy, 'noted', `spec.rules[${rule.index}]`));
  }
  // Nobody answers for an external authorizer here, and Envoy refuses when it cannot ask.
  const asking = firstMatch(custom, asked);
  if (asking) {
    steps.push(stepOf(asking.policy, 'unanswered', `spec.rules[${asking.rule.index}]`));
    return { steps, denial: { by: 'ext_authz', provider: asking.policy.provider } };
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
    const rule = policy.rules.find((r) => r.holds(asked));
    if (rule) return { policy, rule };
  }
  return undefined;
}

/** Each rule that did not hold, with the part that failed; a policy without rules holds for nothing. */
function skipped(policy: CompiledPolicy, asked: Asked): Step[] {
  if (policy.rules.length === 0) return [stepOf(policy, 'skipped', 'spec')];
  return policy.rules.map((rule) => stepOf(policy, 'skipped', rule.missing(asked)));
}

function stepOf({ source, name }: CompiledPolicy, result: string, path: string): Step {
  return { kind: 'policy', result, source: { ...source, path }, facts: { policy: name } };
}
