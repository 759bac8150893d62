// Why a request is denied that should pass, and why one passes that should be denied.
import type { Step } from '../../../mesh/decision.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, items, text } from '../../../mesh/read.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import type { Scene } from '../../scene.ts';
import type { Journey } from '../../security/journey.ts';
import { byAge } from '../../subsets.ts';
import { applying, misplaced } from './misplaced.ts';
import { find, unguarded } from './peer-cause.ts';
import { rulesOf } from './token-cause.ts';
import { mostLikely, type Unmatched, unmatched, valueAt } from './unmatched.ts';

/** 403, and the request should pass. */
export function whyDenied(scene: Scene, journey: Journey): Diagnosis | undefined {
  const { arrival, caller } = journey;
  if (!arrival) return undefined;
  const steps = policySteps(arrival.steps);
  const denied = steps.find((s) => s.result === 'denied');
  if (denied) return deniedBy(scene, denied);
  const refused = steps.find((s) => s.result === 'denied-by-default');
  const policy = find(scene, refused?.source);
  if (!refused || !policy) return undefined;
  const passedOver = unmatchedOf(scene, journey, steps, 'ALLOW');
  const atGateway = arrival.pod === caller;
  const likely = mostLikely(passedOver);
  return (
    (likely?.kind === 'mistake' || likely?.rightCaller ? likely.diagnosis : undefined) ??
    misplaced(scene, { kind: 'AuthorizationPolicy', pod: arrival.pod, caller, serves: isAllow }) ??
    (atGateway
      ? diagnose('MALLA-AUT-24', `La pasarela deniega la petición por ${nameOf(policy)}`, { at: policy, path: 'spec' })
      : undefined) ??
    likely?.diagnosis ??
    diagnose('MALLA-AUT-08', `${nameOf(policy)} no permite nada, y ninguna otra política permite esta petición`, {
      at: policy,
      path: 'spec',
    })
  );
}

/** The request passes, and should get 403. */
export function whyAdmitted(scene: Scene, journey: Journey): Diagnosis | undefined {
  const { arrival, caller } = journey;
  if (!arrival) return undefined;
  const open = unguarded(scene, arrival);
  if (open) return open;
  const { pod } = arrival;
  const steps = policySteps(arrival.steps);
  const noted = find(scene, steps.find((s) => s.result === 'noted')?.source);
  if (noted)
    return diagnose('MALLA-AUT-19', `${nameOf(noted)} está de prueba: solo se apunta en el registro`, {
      at: noted,
      path: 'metadata.annotations',
    });
  const passedOver = mostLikely(unmatchedOf(scene, journey, steps, 'DENY'));
  if (passedOver?.kind === 'mistake') return passedOver.diagnosis;
  const allowed = steps.find((s) => s.result === 'allowed');
  const astray = misplaced(scene, { kind: 'AuthorizationPolicy', pod, caller });
  if (astray) return astray;
  if (allowed) return allowedBy(scene, journey, allowed);
  if (passedOver?.diagnosis.code === 'MALLA-JWT-15') return deniesWhoHasOne(scene, steps);
  if (passedOver) return passedOver.diagnosis;
  const [rule] = rulesOf(scene, arrival);
  const authentication = find(scene, rule?.source);
  if (authentication && arrival.token.kind === 'none')
    return diagnose('MALLA-JWT-09', `${nameOf(authentication)} comprueba los tokens, pero ninguna política exige uno`, {
      at: authentication,
    });
  const others = misplaced(scene, { kind: 'AuthorizationPolicy', pod, caller, whoever: true });
  if (others) return others;
  return diagnose('MALLA-AUT-01', `Ninguna AuthorizationPolicy se aplica a ${pod.metadata.name}`);
}

/** A policy that names those with a token, and denies them: whoever has none passes. */
function deniesWhoHasOne(scene: Scene, steps: readonly Step[]): Diagnosis {
  const policy = steps.map((s) => find(scene, s.source)).find((o) => actionOf(o) === 'DENY');
  const who = policy ? `: ${nameOf(policy)} es DENY, y deniega a quien lo lleva` : '';
  return diagnose('MALLA-JWT-09', `Ninguna política exige el token${who}`, { at: policy, path: 'spec.action' });
}

function deniedBy(scene: Scene, step: Step): Diagnosis | undefined {
  const policy = find(scene, step.source);
  const path = step.source?.path ?? '';
  if (!policy) return undefined;
  const rule = fields(valueAt(policy, path));
  const whole = Object.keys(rule).length === 0;
  const message = whole ? `${nameOf(policy)} deniega todas las peticiones` : `${nameOf(policy)} deniega esta petición`;
  return diagnose(whole || !limits(rule) ? 'MALLA-AUT-10' : 'MALLA-AUT-21', message, { at: policy, path });
}

function allowedBy(scene: Scene, { arrival }: Journey, step: Step): Diagnosis | undefined {
  const policy = find(scene, step.source);
  const path = step.source?.path ?? '';
  if (!policy || !arrival) return undefined;
  const rule = fields(valueAt(policy, path));
  const at = { at: policy, path };
  if (Object.keys(rule).length === 0)
    return diagnose('MALLA-AUT-09', `${nameOf(policy)} tiene una regla vacía, que lo permite todo`, at);
  if (isSplit(policy, rule))
    return diagnose(
      'MALLA-AUT-18',
      `${nameOf(policy)} permite esta petición por ${path}, que no dice ${rule.from ? 'qué' : 'quién'}`,
      at,
    );
  const doubled = twiceAllowed(scene, step, arrival.pod);
  if (doubled) return doubled;
  return diagnose('MALLA-AUT-16', `${nameOf(policy)} permite esta petición por ${path}`, at);
}

/** `from` in one rule and `to` in another. */
function isSplit(policy: KubeObject, rule: Readonly<Record<string, unknown>>): boolean {
  const rules = items(fields(policy.spec).rules).map(fields);
  const half = (r: Readonly<Record<string, unknown>>, has: 'from' | 'to', lacks: 'from' | 'to'): boolean =>
    r[has] !== undefined && r[lacks] === undefined;
  if (half(rule, 'from', 'to')) return rules.some((r) => half(r, 'to', 'from'));
  return half(rule, 'to', 'from') && rules.some((r) => half(r, 'from', 'to'));
}

/** The last of several ALLOW policies for the pod, when it is the one that lets this in beside an older one. */
function twiceAllowed(scene: Scene, step: Step, pod: Parameters<typeof applying>[2]): Diagnosis | undefined {
  const allows = applying(scene, 'AuthorizationPolicy', pod).filter(
    (o) => isAllow(o) && items(fields(o.spec).rules).length > 0,
  );
  const last = allows.toSorted(byAge).at(-1);
  const chosen = find(scene, step.source);
  if (!last || allows.length < 2 || !chosen) return undefined;
  const message = `${nameOf(last)} es ALLOW: no quita nada a lo que ya permiten las demás`;
  return diagnose('MALLA-AUT-20', message, { at: last, path: 'spec.action' });
}

function unmatchedOf(scene: Scene, journey: Journey, steps: readonly Step[], action: 'ALLOW' | 'DENY'): Unmatched[] {
  return steps
    .filter((s) => s.result === 'skipped' && actionOf(find(scene, s.source)) === action)
    .flatMap((s) => unmatched(scene, journey, s) ?? []);
}

function policySteps(steps: readonly Step[]): Step[] {
  return steps.filter((s) => s.kind === 'policy' && s.source?.kind === 'AuthorizationPolicy');
}

function isAllow(object: KubeObject): boolean {
  return actionOf(object) === 'ALLOW';
}

function actionOf(object: KubeObject | undefined): string {
  return text(fields(object?.spec).action) ?? 'ALLOW';
}

/** Says for whom, or for what. */
function limits(rule: Readonly<Record<string, unknown>>): boolean {
  return ['from', 'to', 'when'].some((part) => items(rule[part]).some((entry) => says(entry)));
}

function says(entry: unknown): boolean {
  const all = Object.values(fields(entry)).flatMap((value) =>
    Array.isArray(value) ? [value] : Object.values(fields(value)),
  );
  return all.some((list) => items(list).some((v) => v !== '*')) || text(fields(entry).key) !== undefined;
}
