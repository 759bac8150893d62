// Why a token is refused that should pass, and why one passes that should be refused.
import type { TokenRule } from '../../../mesh/engine.ts';
import type { Code } from '../../catalogue.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { engineOf } from '../../prediction.ts';
import type { Scene } from '../../scene.ts';
import type { Arrival, Journey } from '../../security/journey.ts';
import { bearerClaims, hasBearer } from '../../security/token.ts';
import { misplaced } from './misplaced.ts';
import { find, unguarded } from './peer-cause.ts';

/** `body` is what the proxy said: 401, or 403 for an audience. */
export function whyTokenRefused(scene: Scene, { arrival }: Journey, body: string): Diagnosis | undefined {
  const refusal = refusals.find(({ says }) => says.test(body));
  const rules = arrival ? rulesOf(scene, arrival) : [];
  if (!refusal || !arrival || rules.length === 0) return undefined;
  const claims = bearerClaims(arrival.request.headers);
  const rule = rules.find((r) => r.issuer === claims?.iss) ?? rules[0];
  const object = find(scene, rule?.source);
  if (!rule || !object) return undefined;
  const message = refusal.message({ claims: claims ?? {}, rule, name: nameOf(object), body });
  // A token that is too old or too young is nobody's YAML.
  if (refusal.field === undefined) return diagnose(refusal.code, message);
  return diagnose(refusal.code, message, { at: object, path: `${rule.source.path}.${refusal.field}` });
}

/** A bad token goes through, or is not even looked at. */
export function whyTokenUnseen(scene: Scene, { caller, arrival }: Journey): Diagnosis | undefined {
  if (!arrival) return undefined;
  const open = unguarded(scene, arrival);
  if (open) return open;
  const rules = rulesOf(scene, arrival);
  if (rules.length === 0)
    return (
      misplaced(scene, { kind: 'RequestAuthentication', pod: arrival.pod, caller }) ??
      diagnose('MALLA-JWT-01', `Ninguna RequestAuthentication se aplica a ${arrival.pod.metadata.name}`)
    );
  return lookedForElsewhere(scene, arrival, rules);
}

/** The token goes in Authorization, and no rule looks there. */
export function lookedForElsewhere(
  scene: Scene,
  { request, token }: Arrival,
  rules: readonly TokenRule[],
): Diagnosis | undefined {
  if (token.kind !== 'none' || !hasBearer(request.headers)) return undefined;
  const [rule] = rules;
  const object = find(scene, rule?.source);
  if (!rule || !object) return undefined;
  const places = [...rule.fromHeaders.map((h) => h.name), ...rule.fromParams, ...rule.fromCookies];
  const field = rule.fromHeaders.length > 0 ? 'fromHeaders' : rule.fromParams.length > 0 ? 'fromParams' : 'fromCookies';
  return diagnose('MALLA-JWT-08', `${nameOf(object)} busca el token en ${places.join(', ')}, y va en Authorization`, {
    at: object,
    path: `${rule.source.path}.${field}`,
  });
}

export function rulesOf(scene: Scene, { proxy }: Arrival): readonly TokenRule[] {
  return proxy ? engineOf(scene).tokenRules(proxy) : [];
}

interface Told {
  claims: Readonly<Record<string, unknown>>;
  rule: TokenRule;
  name: string;
  body: string;
}

interface Refusal {
  says: RegExp;
  code: Code;
  /** Of the rule. */
  field?: string;
  message(told: Told): string;
}

const show = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nada');
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
};

const refusals: Refusal[] = [
  {
    says: /^Jwt issuer is not configured/,
    code: 'MALLA-JWT-04',
    field: 'issuer',
    message: ({ claims, rule, name }) =>
      `El token es de «${show(claims.iss)}», y ${name} espera a «${show(rule.issuer)}»`,
  },
  {
    says: /^(Jwks doesn't have key|Jwt verification fails)/,
    code: 'MALLA-JWT-05',
    field: 'jwks',
    message: ({ name, body }) => `Las claves de ${name} no sirven para este token («${body}»)`,
  },
  {
    says: /^Audiences in Jwt/,
    code: 'MALLA-JWT-06',
    field: 'audiences',
    message: ({ claims, rule, name }) =>
      `El token es para «${show(claims.aud)}», y ${name} pide «${show(rule.audiences.join(', '))}»`,
  },
  {
    says: /^Jwt is expired/,
    code: 'MALLA-JWT-07',
    message: () => 'El token está caducado',
  },
  {
    says: /^Jwt not yet valid/,
    code: 'MALLA-JWT-07',
    message: () => 'El token todavía no está en vigor',
  },
  {
    says: /^Jwt (is not in the form|header|payload|signature|.*[Bb]ase64)/,
    code: 'MALLA-JWT-10',
    message: ({ body }) => `Lo que va detrás de Bearer no es un token («${body}»)`,
  },
  {
    says: /^Jwks /,
    code: 'MALLA-JWT-12',
    field: 'jwks',
    message: ({ name, body }) => `Las claves de ${name} no se pueden usar («${body}»)`,
  },
];
