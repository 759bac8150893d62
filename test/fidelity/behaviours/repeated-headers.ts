// Headers that come more than once: what rules, policies, programs and clients see of them. And what goes on as a WebSocket.
import { header, is, logs, mesh } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import { authorizationPolicy, virtualService } from '../manifests.ts';

const rule = (name: string, match: string) =>
  `{match: [${match}], directResponse: {status: 299, body: {string: ${name}}}}`;
const rest = '{directResponse: {status: 298, body: {string: rest}}}';
const greeting = header(
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
);

export const repeatedHeaders: Situation[] = [
  {
    id: 'match-repeated',
    topic: 'rutas',
    apply: virtualService(
      'httpbin',
      rule('exact', '{headers: {x-a: {exact: dos}}}'),
      rule('joined', '{headers: {x-b: {exact: "uno,dos"}}}'),
      rule('prefix', '{headers: {x-c: {prefix: do}}}'),
      rule('regex', '{headers: {x-d: {regex: "uno,dos"}}}'),
      rule('without', '{headers: {x-e: {}}, withoutHeaders: {x-f: {exact: dos}}}'),
      rest,
    ),
    behaviours: [
      is('second', 'el segundo valor basta', mesh('/x', { args: header('x-a: uno', 'x-a: dos') })),
      is('never-joined', 'dos valores no son uno con coma', mesh('/x', { args: header('x-b: uno', 'x-b: dos') })),
      is('written-joined', 'uno con coma sí', mesh('/x', { args: header('x-b: uno,dos') })),
      is('prefix', 'prefix ante dos valores', mesh('/x', { args: header('x-c: uno', 'x-c: dos') })),
      is('regex', 'regex mira los valores uno a uno', mesh('/x', { args: header('x-d: uno', 'x-d: dos') })),
      is(
        'without',
        'withoutHeaders: con que uno lo sea, no cumple',
        mesh('/x', { args: header('x-e: 1', 'x-f: uno', 'x-f: dos') }),
      ),
      is(
        'without-none',
        'withoutHeaders: si ninguno lo es, cumple',
        mesh('/x', { args: header('x-e: 1', 'x-f: uno', 'x-f: tres') }),
      ),
    ],
  },
  {
    id: 'repeated-headers',
    topic: 'acciones',
    apply: virtualService(
      'httpbin',
      '{route: [{destination: {host: httpbin}}], headers: {request: {add: {x-add: "%REQ(x-r)%"}, set: {x-set: one}}, response: {add: {x-resp: three}, set: {x-s: one}}}}',
    ),
    behaviours: [
      is(
        'request',
        'las que llegan al programa',
        mesh('/headers?r', {
          args: header(
            ...['x-r: uno', 'x-r: dos', 'x-add: mine', 'x-set: 1', 'x-set: 2'],
            ...['accept: a/b', 'accept: c/d', 'cookie: a=1', 'cookie: b=2', 'x-forwarded-for: 1.1.1.1'],
            ...['x-forwarded-for: 2.2.2.2', 'referer: http://a', 'referer: http://b', 'if-match: 1', 'if-match: 2'],
            ...['accept-language: es', 'accept-language: en', 'cache-control: a', 'cache-control: b'],
          ),
          logs: [],
        }),
      ),
      is(
        'answer',
        'las que vuelven al cliente',
        mesh('/response-headers?x-resp=one&x-resp=two&x-s=a&x-s=b&vary=1&vary=2&link=1&link=2&etag=1&etag=2'),
      ),
    ],
  },
  {
    id: 'policy-repeated',
    topic: 'seguridad',
    policy: true,
    apply: authorizationPolicy(
      'fid-repeated',
      'selector: {matchLabels: {app: httpbin}}',
      'action: DENY',
      'rules:',
      '- when: [{key: "request.headers[x-a]", values: [uno]}]',
      '- when: [{key: "request.headers[x-n]", values: ["*"]}, {key: "request.headers[x-n]", notValues: [uno]}]',
      '- when: [{key: "request.headers[x-j]", values: ["uno,dos"]}]',
    ),
    behaviours: [
      is(
        'second',
        'una condición mira todos los valores',
        mesh('/status/200', { args: header('x-a: dos', 'x-a: uno') }),
      ),
      is(
        'not',
        'notValues: con que uno lo sea, no cumple',
        mesh('/status/200', { args: header('x-n: dos', 'x-n: uno') }),
      ),
      is(
        'not-none',
        'notValues: si ninguno lo es, cumple',
        mesh('/status/200', { args: header('x-n: dos', 'x-n: tres') }),
      ),
      is(
        'never-joined',
        'dos valores no son uno con coma',
        mesh('/status/200', { args: header('x-j: uno', 'x-j: dos') }),
      ),
    ],
  },
  {
    id: 'websocket',
    topic: 'malos-datos',
    behaviours: [
      is(
        'accepted',
        'un WebSocket que el programa acepta',
        mesh('/websocket/echo', { args: [...greeting, '-m', '2'], ...logs('curl', 'httpbin') }),
      ),
      is('refused', 'un WebSocket que el programa rechaza', mesh('/websocket/no', { args: greeting, ...logs('curl') })),
      is('not-asked', 'sin pedirlo', mesh('/websocket/echo')),
    ],
  },
];
