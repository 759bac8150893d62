// The conditions in CEL that a lab puts on an object.
import { ClusterError } from '../cluster/cluster-error.ts';
import type { KubeObject } from '../mesh/objects.ts';

export interface ObjectRule {
  /** CEL over `self`. */
  rule: string;
  /** Spanish, without a final period: what it means that it is not kept. */
  message: string;
}

/**
 * The message of the first rule that the object does not keep; undefined when it keeps all. A field that is not there is
 * a rule that is not kept. Rejects when a rule is no CEL or costs too much: that is the lab's fault, not the student's.
 */
export async function brokenRule(object: KubeObject, rules: readonly ObjectRule[]): Promise<string | undefined> {
  if (rules.length === 0) return undefined;
  const [{ compile }, { toCel }] = await Promise.all([import('../cel/program.ts'), import('../cel/values.ts')]);
  const self = toCel(object, undefined);
  const spent = { cost: 0 };
  for (const { rule, message } of rules) {
    const outcome = compile(rule).run({ self }, spent);
    if (outcome.kind === 'value') {
      if (outcome.value !== true) return message;
    } else if (outcome.kind === 'error' && /^(no such key|index out of bounds)/.test(outcome.message)) return message;
    else
      throw new ClusterError('invalid', `La regla «${rule}» de la comprobación no se puede evaluar: ${said(outcome)}.`);
  }
  return undefined;
}

function said(outcome: { kind: 'error'; message: string } | { kind: 'unknown' | 'exceeded' }): string {
  if (outcome.kind === 'error') return outcome.message;
  return outcome.kind === 'exceeded' ? 'cuesta demasiado' : 'usa una función que no se conoce';
}
