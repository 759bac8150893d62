// Mistakes in PeerAuthentication, RequestAuthentication and AuthorizationPolicy.
import { change, elsewhere, forgotten } from './change.ts';
import { type JsonValue, typo } from './manifest.ts';
import type { Operator } from './operator.ts';

const text = (to: (value: string) => string) => (value: JsonValue) => (typeof value === 'string' ? to(value) : value);
/** A check of the object itself says it first: its field, or a condition that it does not keep. */
const field = ['MALLA-OBJ-02', 'MALLA-OBJ-05'];
const absent = ['MALLA-OBJ-01', 'MALLA-OBJ-04'];
/** Which rule is missed depends on the others: what is not allowed falls on whoever allows something else. */
const notAllowed = ['MALLA-AUT-08', 'MALLA-AUT-11', 'MALLA-AUT-23'];
const tooMuch = ['MALLA-AUT-01', 'MALLA-AUT-16', 'MALLA-JWT-09'];

export const security: readonly Operator[] = [
  forgotten('PeerAuthentication', ['MALLA-MTL-01', 'MALLA-MTL-06', 'MALLA-MTL-08', ...absent]),
  elsewhere('PeerAuthentication', ['MALLA-MTL-02', 'MALLA-MTL-06', ...absent]),
  change({
    name: 'modo de mTLS',
    kind: 'PeerAuthentication',
    at: 'spec.mtls.mode',
    codes: ['MALLA-MTL-04', 'MALLA-MTL-06', ...field],
    to: (mode) => (mode === 'STRICT' ? 'PERMISSIVE' : 'STRICT'),
  }),
  change({
    name: 'selector de la PeerAuthentication',
    kind: 'PeerAuthentication',
    at: 'spec.selector.matchLabels.*',
    codes: ['MALLA-MTL-03', 'MALLA-MTL-06', ...field],
    to: text(typo),
  }),
  change({
    name: 'excepción de otro puerto',
    kind: 'PeerAuthentication',
    at: 'spec.portLevelMtls',
    codes: ['MALLA-MTL-06', 'MALLA-MTL-12', ...field],
    to: (ports) =>
      typeof ports === 'object' && ports !== null && !Array.isArray(ports)
        ? Object.fromEntries(Object.entries(ports).map(([port, mode]) => [String(Number(port) + 1), mode]))
        : ports,
  }),
  forgotten('RequestAuthentication', ['MALLA-JWT-01', 'MALLA-JWT-14', ...absent]),
  elsewhere('RequestAuthentication', ['MALLA-JWT-02', 'MALLA-JWT-14', ...absent]),
  change({
    name: 'selector de la RequestAuthentication',
    kind: 'RequestAuthentication',
    at: 'spec.selector.matchLabels.*',
    codes: ['MALLA-JWT-03', ...field],
    to: text(typo),
  }),
  change({
    name: 'emisor del token',
    kind: 'RequestAuthentication',
    at: 'spec.jwtRules.*.issuer',
    codes: ['MALLA-JWT-04', ...field],
    to: text(typo),
  }),
  forgotten('AuthorizationPolicy', [...tooMuch, 'MALLA-AUT-05', ...notAllowed, 'MALLA-JWT-09', ...absent]),
  elsewhere('AuthorizationPolicy', ['MALLA-AUT-02', ...notAllowed, ...tooMuch, ...absent]),
  change({
    name: 'selector de la AuthorizationPolicy',
    kind: 'AuthorizationPolicy',
    at: 'spec.selector.matchLabels.*',
    codes: ['MALLA-AUT-03', 'MALLA-AUT-17', ...notAllowed, ...field],
    to: text(typo),
  }),
  change({
    name: 'acción contraria',
    kind: 'AuthorizationPolicy',
    at: 'spec.action',
    codes: ['MALLA-AUT-20', 'MALLA-AUT-21', 'MALLA-AUT-10', 'MALLA-JWT-09', ...notAllowed, ...field],
    to: (action) => (action === 'DENY' ? 'ALLOW' : 'DENY'),
  }),
  change({
    name: 'identidad mal escrita',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.from.*.source.principals.*',
    codes: ['MALLA-AUT-04', 'MALLA-AUT-05', ...notAllowed, ...field],
    to: text((principal) => `${principal}x`),
  }),
  change({
    name: 'identidad sin la forma',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.from.*.source.principals.*',
    codes: ['MALLA-AUT-04', 'MALLA-AUT-05', ...field],
    to: text((principal) => principal.split('/').at(-1) ?? ''),
  }),
  change({
    name: 'identidad del token mal escrita',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.from.*.source.requestPrincipals.*',
    codes: ['MALLA-JWT-11', ...field],
    to: text((principal) => (principal === '*' ? 'otro/*' : `x${principal}`)),
  }),
  change({
    name: 'método en minúsculas',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.to.*.operation.methods.*',
    codes: ['MALLA-AUT-07', ...field],
    to: text((method) => method.toLowerCase()),
  }),
  change({
    name: 'otro método',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.to.*.operation.methods.*',
    codes: ['MALLA-AUT-12', ...notAllowed, ...field],
    to: text((method) => (method === 'PUT' ? 'GET' : 'PUT')),
  }),
  change({
    name: 'otra ruta',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.to.*.operation.paths.*',
    codes: ['MALLA-AUT-13', 'MALLA-AUT-06', 'MALLA-AUT-01', 'MALLA-AUT-16', ...notAllowed, ...field],
    to: text((path) => path.replace(/\w+/, (word) => typo(word))),
  }),
  change({
    name: 'sin la operación',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.to',
    codes: ['MALLA-AUT-16', 'MALLA-AUT-18', 'MALLA-AUT-09', 'MALLA-AUT-10', 'MALLA-AUT-21', ...field],
    to: () => undefined,
  }),
  change({
    name: 'sin la identidad',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.from',
    codes: ['MALLA-AUT-16', 'MALLA-AUT-18', 'MALLA-AUT-09', 'MALLA-AUT-10', 'MALLA-AUT-21', 'MALLA-JWT-09', ...field],
    to: () => undefined,
  }),
  change({
    name: 'sin la condición',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.when',
    codes: ['MALLA-AUT-16', 'MALLA-AUT-18', 'MALLA-AUT-09', 'MALLA-AUT-10', 'MALLA-AUT-21', 'MALLA-JWT-09', ...field],
    to: () => undefined,
  }),
  change({
    name: 'otro valor en la condición',
    kind: 'AuthorizationPolicy',
    at: 'spec.rules.*.when.*.values.*',
    codes: ['MALLA-JWT-13', 'MALLA-AUT-23', ...field],
    to: text((value) => `${value}x`),
  }),
];
