// Mistakes in VirtualService, DestinationRule and Gateway.
import { change, elsewhere, forgotten } from './change.ts';
import { find, type JsonObject, type JsonValue, typo, withValue } from './manifest.ts';
import type { Operator } from './operator.ts';

const text = (to: (value: string) => string) => (value: JsonValue) => (typeof value === 'string' ? to(value) : value);
const number = (to: (value: number) => number) => (value: JsonValue) => (typeof value === 'number' ? to(value) : value);
const longer = text((value) => value.replace(/^[\d.]+/, (n) => String(Number(n) * 10)));

/** A rule that is not there, or not where it is looked for, looks like no rule, and then like what the others do. */
const noRule = ['MALLA-RUT-03', 'MALLA-RUT-05', 'MALLA-RUT-08', 'MALLA-OBJ-01', 'MALLA-OBJ-04'];
const noFault = ['MALLA-FAL-01', 'MALLA-FAL-04'];
const noTimeout = ['MALLA-TIE-01', 'MALLA-TIE-04', 'MALLA-TIE-09', 'MALLA-TIE-10'];
const noSubset = ['MALLA-DES-01', 'MALLA-DES-02', 'MALLA-DES-04', 'MALLA-DES-06'];
const otherVersion = ['MALLA-REP-03', 'MALLA-REP-04', 'MALLA-REP-06', 'MALLA-DES-05'];
/** A check of the object itself says it first: its field, or a condition that it does not keep. */
const field = ['MALLA-OBJ-02', 'MALLA-OBJ-05'];

export const routing: readonly Operator[] = [
  change({
    name: 'destino mal escrito',
    kind: 'VirtualService',
    at: 'spec.http.*.route.*.destination.host',
    codes: ['MALLA-RUT-10', ...field],
    to: text(typo),
  }),
  change({
    name: 'host del VirtualService mal escrito',
    kind: 'VirtualService',
    at: 'spec.hosts.*',
    codes: [...noRule, ...noFault, ...noTimeout, 'MALLA-RUT-04', ...field],
    to: text((host) => (host === '*' ? host : typo(host))),
  }),
  // Where the step changes a rule that was there, the one that counts is still the old one.
  elsewhere('VirtualService', [
    ...noRule,
    ...noFault,
    ...noTimeout,
    'MALLA-RUT-02',
    'MALLA-REP-01',
    ...otherVersion,
    ...field,
  ]),
  change({
    name: 'subset mal escrito',
    kind: 'VirtualService',
    at: 'spec.http.*.route.*.destination.subset',
    codes: ['MALLA-DES-02', ...field],
    to: text((subset) => `${subset}x`),
  }),
  change({
    name: 'sin subset',
    kind: 'VirtualService',
    at: 'spec.http.*.route.*.destination.subset',
    codes: [...otherVersion, 'MALLA-REP-01', ...field],
    to: () => undefined,
  }),
  change({
    name: 'puerto del destino',
    kind: 'VirtualService',
    at: 'spec.http.*.route.*.destination.port.number',
    codes: ['MALLA-RUT-11', ...field],
    to: number((port) => port + 1),
  }),
  weights('pesos intercambiados', (ws) => ws.toReversed(), ['MALLA-REP-02', 'MALLA-REP-04', ...field]),
  weights('otros pesos', ([first = 0, second = 0, ...rest]) => [first + 25, Math.max(0, second - 25), ...rest], [
    'MALLA-REP-01',
    'MALLA-REP-04',
    ...field,
  ]),
  {
    name: 'falta un destino',
    codes: ['MALLA-REP-01', 'MALLA-REP-03', ...field],
    mutate: ({ kind, value }) =>
      kind === 'VirtualService'
        ? find(value, ['spec', 'http', '*', 'route']).flatMap(({ path, value: route }) =>
            Array.isArray(route) && route.length > 1
              ? [{ what: 'falta el último destino', instead: [withValue(value, path, route.slice(0, -1))] }]
              : [],
          )
        : [],
  },
  {
    name: 'orden de las reglas',
    codes: ['MALLA-RUT-09', 'MALLA-RUT-21', ...field],
    mutate({ kind, value }) {
      const rules = find(value, ['spec', 'http'])[0]?.value;
      if (kind !== 'VirtualService' || !Array.isArray(rules) || rules.length < 2) return [];
      return [{ what: 'reglas al revés', instead: [withValue(value, ['spec', 'http'], rules.toReversed())] }];
    },
  },
  {
    name: 'dos VirtualService para un host',
    codes: ['MALLA-RUT-07', ...noFault, ...noTimeout, 'MALLA-RUT-21', ...field],
    mutate({ kind, name, value }) {
      const host = find(value, ['spec', 'hosts', 0])[0]?.value;
      const namespace = find(value, ['metadata', 'namespace'])[0]?.value;
      if (kind !== 'VirtualService' || typeof host !== 'string' || find(value, ['spec', 'gateways']).length > 0)
        return [];
      const other: JsonObject = {
        apiVersion: 'networking.istio.io/v1',
        kind,
        metadata: { name: `a-${name}`, ...(namespace && { namespace }) },
        spec: { hosts: [host], http: [{ route: [{ destination: { host } }] }] },
      };
      return [{ what: `otro VirtualService para ${host}, más antiguo`, instead: [other, value] }];
    },
  },
  change({
    name: 'gateway mal escrito',
    kind: 'VirtualService',
    at: 'spec.gateways.*',
    codes: ['MALLA-RUT-01', 'MALLA-RUT-02', ...field],
    to: text((name) => (name === 'mesh' ? name : typo(name))),
  }),
  change({
    name: 'sin gateways',
    kind: 'VirtualService',
    at: 'spec.gateways',
    // For any host the API refuses it: what the rule of before does is all that is seen.
    codes: ['MALLA-RUT-01', 'MALLA-RUT-03', 'MALLA-OBS-37', 'MALLA-REP-06', ...noFault, ...field],
    to: () => undefined,
  }),
  change({
    name: 'percent por percentage',
    kind: 'VirtualService',
    at: 'spec.http.*.fault.*',
    // The API refuses it: where the step changes a fault that was there, that one is still at work, with its own delay
    // and its own conditions.
    codes: [
      'MALLA-FAL-01',
      'MALLA-FAL-02',
      'MALLA-FAL-05',
      'MALLA-FAL-06',
      'MALLA-FAL-07',
      'MALLA-RUT-23',
      'MALLA-OBJ-01',
      ...field,
    ],
    to(fault) {
      if (typeof fault !== 'object' || fault === null || Array.isArray(fault) || !fault.percentage) return fault;
      const { percentage, ...rest } = fault;
      return { ...rest, percent: percentage };
    },
  }),
  change({
    name: 'fallo sin porcentaje',
    kind: 'VirtualService',
    at: 'spec.http.*.fault.*.percentage',
    codes: ['MALLA-FAL-02', ...field],
    to: () => undefined,
  }),
  change({
    name: 'otro porcentaje',
    kind: 'VirtualService',
    at: 'spec.http.*.fault.*.percentage.value',
    codes: ['MALLA-FAL-05', ...field],
    to: number((value) => (value >= 50 ? 5 : 60)),
  }),
  change({
    name: 'otro código del fallo',
    kind: 'VirtualService',
    at: 'spec.http.*.fault.abort.httpStatus',
    codes: ['MALLA-FAL-03', ...field],
    to: number((status) => (status === 418 ? 429 : 418)),
  }),
  change({
    name: 'otro retraso',
    kind: 'VirtualService',
    at: 'spec.http.*.fault.delay.fixedDelay',
    codes: ['MALLA-FAL-06', ...field],
    to: text((delay) => delay.replace(/^[\d.]+/, (n) => String(Number(n) / 5))),
  }),
  change({
    name: 'sin fallo',
    kind: 'VirtualService',
    at: 'spec.http.*.fault',
    codes: [...noFault, 'MALLA-FAL-07', ...field],
    to: () => undefined,
  }),
  change({
    name: 'sin límite de tiempo',
    kind: 'VirtualService',
    at: 'spec.http.*.timeout',
    codes: [...noTimeout, ...field],
    to: () => undefined,
  }),
  change({
    name: 'límite de tiempo mayor',
    kind: 'VirtualService',
    at: 'spec.http.*.timeout',
    codes: ['MALLA-TIE-03', 'MALLA-TIE-12', ...field],
    to: longer,
  }),
  change({
    name: 'sin reintentos',
    kind: 'VirtualService',
    at: 'spec.http.*.retries',
    codes: ['MALLA-TIE-09', ...field],
    to: () => undefined,
  }),
  change({
    name: 'retryOn de otra cosa',
    kind: 'VirtualService',
    at: 'spec.http.*.retries.retryOn',
    codes: ['MALLA-TIE-06', ...field],
    to: () => 'connect-failure',
  }),
  change({
    name: 'valor de una cabecera mal escrito',
    kind: 'VirtualService',
    at: 'spec.http.*.match.*.headers.*.*',
    codes: ['MALLA-RUT-22', 'MALLA-RUT-23', ...noFault, ...field],
    to: text((value) => `${value}x`),
  }),
  change({
    name: 'regla sin condición',
    kind: 'VirtualService',
    at: 'spec.http.*.match',
    codes: ['MALLA-RUT-09', 'MALLA-RUT-21', 'MALLA-RUT-25', 'MALLA-PAS-16', ...field],
    to: () => undefined,
  }),
  change({
    name: 'ruta del match mal escrita',
    kind: 'VirtualService',
    at: 'spec.http.*.match.*.uri.*',
    codes: ['MALLA-RUT-03', 'MALLA-RUT-22', 'MALLA-RUT-23', ...field],
    to: text((uri) => (uri === '/' ? uri : `${uri}x`)),
  }),
  change({
    name: 'host de la DestinationRule mal escrito',
    kind: 'DestinationRule',
    at: 'spec.host',
    codes: [...noSubset, 'MALLA-RSL-02', 'MALLA-MTL-07', 'MALLA-REP-05', ...field],
    to: text(typo),
  }),
  forgotten('DestinationRule', [...noSubset, ...field, 'MALLA-OBJ-01', 'MALLA-RSL-01', 'MALLA-RSL-08']),
  elsewhere('DestinationRule', ['MALLA-OBJ-04', ...noSubset, ...field, 'MALLA-OBJ-01', 'MALLA-RSL-02', 'MALLA-RSL-08']),
  change({
    name: 'etiqueta de un subset mal escrita',
    kind: 'DestinationRule',
    at: 'spec.subsets.*.labels.*',
    codes: ['MALLA-DES-03', 'MALLA-DES-05', ...field],
    to: text((label) => `${label}x`),
  }),
  change({
    name: 'nombre de un subset mal escrito',
    kind: 'DestinationRule',
    at: 'spec.subsets.*.name',
    codes: ['MALLA-DES-02', ...field],
    to: text((subset) => `${subset}x`),
  }),
  {
    name: 'etiquetas de los subsets intercambiadas',
    // Where their names do not say a version, it may as well be the weights that are the other way round.
    codes: ['MALLA-DES-05', 'MALLA-REP-02', ...field],
    mutate({ kind, value }) {
      const subsets = find(value, ['spec', 'subsets', '*', 'labels']);
      const [first, second] = subsets;
      if (kind !== 'DestinationRule' || !first || !second) return [];
      const instead = withValue(withValue(value, first.path, second.value), second.path, first.value);
      return [{ what: 'las etiquetas de dos subsets, cambiadas', instead: [instead] }];
    },
  },
  change({
    name: 'modo de TLS del cliente',
    kind: 'DestinationRule',
    at: 'spec.trafficPolicy.tls.mode',
    codes: ['MALLA-MTL-07', 'MALLA-MTL-10', 'MALLA-MTL-13', ...field],
    to: (mode) => (mode === 'DISABLE' ? 'SIMPLE' : 'DISABLE'),
  }),
  // Where the step changes one that was there, the port or the redirection that it adds is what is missed.
  forgotten('Gateway', ['MALLA-PAS-01', 'MALLA-PAS-03', 'MALLA-PAS-13', 'MALLA-RUT-02', 'MALLA-OBJ-01']),
  change({
    name: 'selector del Gateway',
    kind: 'Gateway',
    at: 'spec.selector.*',
    codes: ['MALLA-PAS-02', ...field],
    to: text(typo),
  }),
  change({
    name: 'puerto del Gateway',
    kind: 'Gateway',
    at: 'spec.servers.*.port.number',
    codes: ['MALLA-PAS-03', 'MALLA-PAS-13', ...field],
    to: number((port) => port + 1000),
  }),
  change({
    name: 'protocolo del Gateway',
    kind: 'Gateway',
    at: 'spec.servers.*.port.protocol',
    codes: ['MALLA-PAS-05', 'MALLA-PAS-10', 'MALLA-PAS-13', ...field],
    to: text((protocol) => (protocol === 'HTTP' ? 'TCP' : 'HTTP')),
  }),
  change({
    name: 'hosts del Gateway',
    kind: 'Gateway',
    at: 'spec.servers.*.hosts.*',
    codes: ['MALLA-PAS-04', 'MALLA-RUT-04', ...field],
    to: () => 'otra.example.com',
  }),
  change({
    name: 'Secret del Gateway mal escrito',
    kind: 'Gateway',
    at: 'spec.servers.*.tls.credentialName',
    codes: ['MALLA-PAS-06', ...field],
    to: text(typo),
  }),
];

/** Other weights in the first rule that has several that are not all the same. */
function weights(name: string, to: (weights: number[]) => number[], codes: readonly string[]): Operator {
  return {
    name,
    codes,
    mutate({ kind, value }) {
      if (kind !== 'VirtualService') return [];
      return find(value, ['spec', 'http', '*', 'route']).flatMap(({ path, value: route }) => {
        const found = find(route, ['*', 'weight']);
        const before = found.map((f) => Number(f.value));
        const after = to(before);
        if (found.length < 2 || JSON.stringify(before) === JSON.stringify(after)) return [];
        let copy = value;
        for (const [i, f] of found.entries()) copy = withValue(copy, [...path, ...f.path], after[i]);
        return [{ what: `pesos ${before.join('/')} → ${after.join('/')}`, instead: [copy] }];
      });
    },
  };
}
