// Which part of a rule a request does not meet, and whether the part is mistaken or only about something else.

import { byAge } from '../../../mesh/config-objects.ts';
import type { Step } from '../../../mesh/decision.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, items, text, texts } from '../../../mesh/read.ts';
import type { Code } from '../../catalogue.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import type { Scene } from '../../scene.ts';
import { type Arrival, type Journey, principalOf } from '../../security/journey.ts';
import { hasBearer } from '../../security/token.ts';
import { isTypo } from '../../typo.ts';
import { misplaced } from './misplaced.ts';
import { find } from './peer-cause.ts';
import { lookedForElsewhere, rulesOf } from './token-cause.ts';

export interface Unmatched {
  /**
   * `mistake`: this value can never be meant as it is. `near`: it is almost right. `other`: the rule is about something
   * else.
   */
  kind: 'mistake' | 'near' | 'other';
  /** The rule is for who calls, and not for what is asked. */
  rightCaller: boolean;
  policy: KubeObject;
  diagnosis: Diagnosis;
}

/** Of a step that passed over a rule. Undefined: the policy has no rules, or is not there any more. */
export function unmatched(scene: Scene, journey: Journey, step: Step): Unmatched | undefined {
  const object = find(scene, step.source);
  const path = step.source?.path ?? '';
  if (!object || !journey.arrival || path === 'spec') return undefined;
  const part = { scene, journey, arrival: journey.arrival, object };
  const places = fieldsBelow(object, path);
  const [best] = places.flatMap(({ at, values, key }) => judge(part, at, values, key)).toSorted(byLikelihood);
  const rightCaller = /^spec\.rules\[\d+\]\.(to|when)/.test(path) && hasFrom(object, path);
  return best && { ...best, rightCaller, policy: object };
}

function hasFrom(object: KubeObject, path: string): boolean {
  return fields(valueAt(object, path.slice(0, path.indexOf(']') + 1))).from !== undefined;
}

const likelihood = { mistake: 0, near: 1, other: 2 };

function byLikelihood(a: Judged, b: Judged): number {
  return likelihood[a.kind] - likelihood[b.kind];
}

/** The most likely first: what can never match, a rule for this caller, what is almost right; and the youngest policy. */
export function mostLikely(all: readonly Unmatched[]): Unmatched | undefined {
  const rank = ({ kind, rightCaller }: Unmatched): number =>
    kind === 'mistake' ? 0 : rightCaller ? 1 : likelihood[kind] + 1;
  return all.toSorted((a, b) => rank(a) - rank(b) || byAge(b.policy, a.policy))[0];
}

type Judged = Pick<Unmatched, 'kind' | 'diagnosis'>;

interface Part {
  scene: Scene;
  journey: Journey;
  arrival: Arrival;
  object: KubeObject;
}

interface Place {
  at: string;
  values: string[];
  /** Of a condition. */
  key?: string;
}

/** With several entries the engine names their list: each of their fields is looked at. */
function fieldsBelow(object: KubeObject, path: string): Place[] {
  const value = valueAt(object, path);
  if (!Array.isArray(value)) {
    const key = text(fields(value).key);
    if (key === undefined) return [];
    return [
      {
        at: `${path}.${fields(value).values === undefined ? 'notValues' : 'values'}`,
        values: texts(fields(value).values),
        key,
      },
    ];
  }
  if (value.every((v) => typeof v === 'string')) {
    const key = text(fields(valueAt(object, path.slice(0, path.lastIndexOf('.')))).key);
    return [{ at: path, values: value, ...(key !== undefined && { key }) }];
  }
  return value.flatMap((entry, index) =>
    Object.entries(fields(entry)).flatMap(([part, body]) =>
      Object.entries(fields(body)).map(([name, list]) => ({
        at: `${path}[${index}].${part}.${name}`,
        values: texts(list),
      })),
    ),
  );
}

export function valueAt(object: KubeObject, path: string): unknown {
  let value: unknown = object;
  for (const key of path.match(/[^.[\]]+/g) ?? []) {
    value = Array.isArray(value) ? items(value)[Number(key)] : fields(value)[key];
  }
  return value;
}

function judge(part: Part, at: string, values: string[], key?: string): Judged[] {
  const name = at.slice(at.lastIndexOf('.') + 1);
  const judges: Record<string, (part: Part, at: string, values: string[]) => Judged[]> = {
    principals: byPrincipal,
    namespaces: byNamespace,
    methods: byMethod,
    paths: byPath,
    ports: byPort,
    requestPrincipals: byTokenPrincipal,
  };
  if (key !== undefined) return byCondition(part, at, values, key);
  return (judges[name] ?? byAnything)(part, at, values);
}

/** With `spiffe://`, without a trust domain, or a bare name. */
export function isMalformedPrincipal(value: string): boolean {
  return value.startsWith('spiffe://') || /^\/?ns\//.test(value) || (!value.includes('/') && !value.includes('*'));
}

function byPrincipal({ journey, arrival, object }: Part, at: string, values: string[]): Judged[] {
  const place = { at: object, path: at };
  const strange = values.find(isMalformedPrincipal);
  if (strange !== undefined)
    return [
      mistake(
        'MALLA-AUT-04',
        `${nameOf(object)} dice «${strange}», y una identidad es «cluster.local/ns/…/sa/…»`,
        place,
      ),
    ];
  if (arrival.connection.principal === undefined)
    return [
      other(
        'MALLA-AUT-15',
        `${journey.caller.metadata.name} no presenta ninguna identidad, y ${nameOf(object)} pide una`,
        place,
      ),
    ];
  const own = principalOf(journey.caller).replace('spiffe://', '');
  const message = `Quien llama es «${own}», y ${nameOf(object)} admite a «${values.join('», «')}»`;
  const [, namespace = '', account = ''] = /\/ns\/([^/]+)\/sa\/(.+)$/.exec(own) ?? [];
  // Of its namespace, or with its account: it was meant, and the other half is wrong.
  const almost = values.some((v) => isTypo(v, own) || v.includes(`/ns/${namespace}/`) !== v.endsWith(`/sa/${account}`));
  if (almost && !values.includes(own)) return [near('MALLA-AUT-05', message, place)];
  return [isGateway(journey, arrival) ? other('MALLA-AUT-11', message, place) : other('MALLA-AUT-05', message, place)];
}

function byNamespace({ journey, arrival, object }: Part, at: string, values: string[]): Judged[] {
  const place = { at: object, path: at };
  if (arrival.connection.principal === undefined)
    return [
      other(
        'MALLA-AUT-15',
        `${journey.caller.metadata.name} no presenta ninguna identidad, y ${nameOf(object)} pide una`,
        place,
      ),
    ];
  const own = journey.caller.metadata.namespace ?? 'default';
  const message = `Quien llama está en «${own}», y ${nameOf(object)} admite a «${values.join('», «')}»`;
  if (values.some((v) => isTypo(v, own))) return [near('MALLA-AUT-14', message, place)];
  return [other(isGateway(journey, arrival) ? 'MALLA-AUT-11' : 'MALLA-AUT-14', message, place)];
}

function byMethod({ arrival: { request }, object }: Part, at: string, values: string[]): Judged[] {
  const place = { at: object, path: at };
  const lower = values.find((v) => v !== v.toUpperCase());
  if (lower !== undefined)
    return [mistake('MALLA-AUT-07', `${nameOf(object)} dice «${lower}», y la petición es ${request.method}`, place)];
  return [
    other('MALLA-AUT-12', `La petición es ${request.method}, y ${nameOf(object)} habla de ${values.join(', ')}`, place),
  ];
}

function byPath({ arrival: { request }, object }: Part, at: string, values: string[]): Judged[] {
  const place = { at: object, path: at };
  const strange = values.find(neverMatches);
  if (strange !== undefined)
    return [
      mistake('MALLA-AUT-06', `${nameOf(object)} dice «${strange}», que no casa con ninguna ruta así escrita`, place),
    ];
  const own = request.path.split('?')[0] ?? '';
  return [other('MALLA-AUT-13', `Se pide ${own}, y ${nameOf(object)} habla de ${values.join(', ')}`, place)];
}

/** A query, a star in the middle, a host, or no slash at the beginning. */
function neverMatches(value: string): boolean {
  if (value === '*' || /\{\*{1,2}\}/.test(value)) return false;
  const inner = value.slice(1, -1);
  return value.includes('?') || inner.includes('*') || /^[a-z]+:\/\//.test(value) || !/^[/*]/.test(value);
}

function byPort({ arrival, object, scene }: Part, at: string, values: string[]): Judged[] {
  const place = { at: object, path: at };
  const own = arrival.connection.port;
  const ofService = scene.services.some((s) =>
    (s.spec?.ports ?? []).some((p) => p.targetPort === own && p.port !== own && values.includes(String(p.port))),
  );
  const message = `${nameOf(object)} habla del puerto ${values.join(', ')}, y el pod recibe en ${own}`;
  return [ofService ? mistake('MALLA-AUT-22', message, place) : other('MALLA-AUT-23', message, place)];
}

function byTokenPrincipal(part: Part, at: string, values: string[]): Judged[] {
  const { arrival, object } = part;
  const astray = tokenAstray(part);
  if (astray) return [astray];
  const place = { at: object, path: at };
  const { token } = arrival;
  if (token.kind !== 'valid')
    return [other('MALLA-JWT-15', `La petición no lleva token, y ${nameOf(object)} pide uno`, place)];
  const own = `${token.issuer}/${token.subject}`;
  return [
    mistake(
      'MALLA-JWT-11',
      `La identidad del token es «${own}», y ${nameOf(object)} pide «${values.join('», «')}»`,
      place,
    ),
  ];
}

function byCondition(part: Part, at: string, values: string[], key: string): Judged[] {
  const { object, arrival } = part;
  const place = { at: object, path: at.replace(/\.(values|notValues)$/, '') };
  if (!key.startsWith('request.auth.'))
    return [other('MALLA-AUT-23', `La petición no cumple «${key}» de ${nameOf(object)}`, place)];
  const astray = tokenAstray(part);
  if (astray) return [astray];
  const { token } = arrival;
  if (token.kind !== 'valid')
    return [other('MALLA-JWT-15', `La petición no lleva token, y ${nameOf(object)} pide uno`, place)];
  const claim = /^request\.auth\.claims\[([^\]]+)\]$/.exec(key)?.[1];
  if (claim !== undefined && !Object.hasOwn(token.claims, claim)) {
    const names = Object.keys(token.claims).join(', ');
    return [
      mistake('MALLA-JWT-13', `El token no tiene el campo «${claim}» de ${nameOf(object)} (tiene ${names})`, place),
    ];
  }
  const own = claim === undefined ? '' : `, y el token tiene ${JSON.stringify(token.claims[claim])?.slice(0, 100)}`;
  const typo = values.some((v) => texts([token.claims[claim ?? '']].flat()).some((own) => isTypo(v, own)));
  const message = `${nameOf(object)} pide ${key} = «${values.join('», «')}»${own}`;
  return [typo ? mistake('MALLA-JWT-13', message, place) : other('MALLA-JWT-13', message, place)];
}

/** A token goes with the request, and the proxy does not see it. */
function tokenAstray({ scene, journey, arrival, object }: Part): Judged | undefined {
  if (arrival.token.kind !== 'none' || !hasBearer(arrival.request.headers)) return undefined;
  const rules = rulesOf(scene, arrival);
  const { pod } = arrival;
  const diagnosis =
    rules.length > 0
      ? lookedForElsewhere(scene, arrival, rules)
      : (misplaced(scene, { kind: 'RequestAuthentication', pod, caller: journey.caller }) ??
        diagnose('MALLA-JWT-14', `${nameOf(object)} pide un token, y nadie los comprueba en ${pod.metadata.name}`, {
          at: object,
        }));
  return diagnosis && { kind: 'mistake', diagnosis };
}

function byAnything({ object }: Part, at: string, values: string[]): Judged[] {
  const name = at.slice(at.lastIndexOf('.') + 1);
  const message = `La petición no casa con ${name} de ${nameOf(object)} (${values.join(', ')})`;
  return [other('MALLA-AUT-23', message, { at: object, path: at })];
}

/** The gateway calls, and this is not the gateway itself. */
function isGateway({ caller }: Journey, { pod }: Arrival): boolean {
  return pod !== caller && (caller.spec?.containers ?? []).every((c) => c.name === 'istio-proxy');
}

type Where = { at: KubeObject; path: string };

function mistake(code: Code, message: string, where: Where): Judged {
  return { kind: 'mistake', diagnosis: diagnose(code, message, where) };
}

function near(code: Code, message: string, where: Where): Judged {
  return { kind: 'near', diagnosis: diagnose(code, message, where) };
}

function other(code: Code, message: string, where: Where): Judged {
  return { kind: 'other', diagnosis: diagnose(code, message, where) };
}
