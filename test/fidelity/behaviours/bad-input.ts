// What Envoy answers to requests that are wrong or strange.
import { header, is, mesh, outside, plain } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import { virtualService } from '../manifests.ts';

const long = (n: number) => 'x'.repeat(n);

export const badInput: Situation[] = [
  {
    id: 'odd-requests',
    topic: 'malos-datos',
    behaviours: [
      is('http10-mesh', 'HTTP/1.0 dentro de la malla: 426', mesh('/status/200', { args: ['-0'] })),
      is('http10-gateway', 'HTTP/1.0 al gateway: 426', outside('/productpage', { args: ['-0'] })),
      is(
        'huge-header',
        'una cabecera de 70 KB: 431',
        mesh('/status/200', { args: header(`x-big: ${long(70_000)}`), logs: [] }),
      ),
      is(
        'huge-header-gateway',
        'una cabecera de 70 KB al gateway: 431',
        outside('/productpage', { args: header(`x-big: ${long(70_000)}`), logs: [] }),
      ),
      is(
        'big-header',
        'una cabecera de 20 KB pasa',
        mesh('/status/200', { args: header(`x-big: ${long(20_000)}`), logs: [] }),
      ),
      is(
        'many-headers',
        'más de cien cabeceras: 431',
        mesh('/status/200', { args: Array.from({ length: 130 }, (_, i) => header(`x-h${i}: 1`)).flat(), logs: [] }),
      ),
      is('long-path', 'un camino de 8 KB', mesh(`/status/200?q=${long(8_000)}`, { logs: [] })),
      is(
        'upgrade',
        'una petición de WebSocket a quien no lo habla',
        mesh('/status/200', {
          args: header(
            'Connection: Upgrade',
            'Upgrade: websocket',
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
            'Sec-WebSocket-Version: 13',
          ),
          logs: ['curl'],
        }),
      ),
      is(
        'upgrade-other',
        'una mejora de protocolo que Envoy no conoce',
        mesh('/status/200', { args: header('Connection: Upgrade', 'Upgrade: foo') }),
      ),
      is('method-unknown', 'un método inventado', mesh('/status/200', { args: ['-X', 'INVENTADO'] })),
      is('connect', 'CONNECT', mesh('/', { args: ['-X', 'CONNECT'], logs: [] })),
      is('trace', 'TRACE', mesh('/get', { args: ['-X', 'TRACE'], noBody: true })),
      is('empty-host', 'un Host vacío', mesh('/status/200', { args: header('Host;') })),
      is('two-hosts', 'espacios en el Host', mesh('/status/200', { args: header('Host: a b') })),
      is('underscore', 'una cabecera con guion bajo', mesh('/headers?u', { args: header('x_under_score: 1') })),
      is('expect', 'Expect: 100-continue', mesh('/post', { args: ['-d', 'a=b', ...header('Expect: 100-continue')] })),
      is(
        'chunked',
        'un cuerpo a trozos',
        mesh('/post', { args: ['-d', 'a=b', ...header('Transfer-Encoding: chunked')] }),
      ),
      is(
        'both-lengths',
        'Content-Length que no es un número',
        mesh('/post', { args: ['-d', 'a=b', ...header('Content-Length: muchos')], logs: [] }),
      ),
      is('fragment', 'un fragmento en el camino', mesh('/status/200', { args: ['--request-target', '/status/200#x'] })),
      is(
        'bad-target',
        'un camino que no empieza por barra',
        mesh('/status/200', { args: ['--request-target', 'status'] }),
      ),
      is(
        'absolute',
        'un destino absoluto',
        mesh('/status/200', { args: ['--request-target', 'http://httpbin:8000/status/201'] }),
      ),
      is('encoded-slash', 'una barra escapada no se toca', mesh('/anything/a%2Fb', { noBody: false })),
      is('dots', 'los segmentos .. se resuelven', mesh('/anything/a/../b', { args: ['--path-as-is'] })),
      is(
        'http10-plain',
        'HTTP/1.0 al sidecar del servidor: 426',
        plain('/status/200', { args: ['-0'], logs: ['httpbin'] }),
      ),
      is('app-hangs-up', 'el servicio cierra sin contestar', mesh('/unstable?failure_rate=0', { noBody: true })),
      is('not-http', 'algo que no es HTTP: 400', {
        kind: 'shell',
        from: 'plain',
        script: '(printf "hola que tal\\r\\n\\r\\n"; sleep 1) | nc -w2 httpbin.default 8000',
        of: 'HTTP/1.1 400[^\\r]*|connection: close|content-length: \\d+',
      }),
    ],
  },
  {
    id: 'strange-config',
    topic: 'malos-datos',
    apply: virtualService(
      'httpbin',
      '{match: [{uri: {regex: "(a+)+$"}}], directResponse: {status: 291}}',
      '{match: [{headers: {x-empty: {exact: ""}}}], directResponse: {status: 292}}',
      '{match: [{uri: {prefix: ""}}], directResponse: {status: 293}}',
      '{directResponse: {status: 294}}',
    ),
    behaviours: [
      is(
        'explosive-regex',
        'una expresión regular explosiva no tarda (RE2)',
        mesh(`/${'a'.repeat(200)}!`, { timed: true, logs: [] }),
      ),
      is('empty-exact', 'exact vacío', mesh('/x', { args: header('x-empty: algo') })),
      is('empty-prefix', 'prefix vacío', mesh('/cualquiera')),
    ],
  },
  {
    id: 'redirect-304',
    topic: 'malos-datos',
    apply: virtualService(
      'httpbin',
      '{match: [{uri: {prefix: /r}}], redirect: {uri: /x, redirectCode: 304}}',
      '{directResponse: {status: 294}}',
    ),
    behaviours: [
      is(
        'rejected',
        'redirectCode 304: el proxy rechaza la configuración y sigue con la anterior',
        mesh('/status/200'),
      ),
    ],
  },
];
