// Subsets, load balancing, connection pools, outlier detection, TLS towards the destination.
import { header, is, mesh, shares } from '../ask.ts';
import type { SequenceAsk, Situation } from '../behaviour.ts';
import { destinationRule, service, virtualService, yaml } from '../manifests.ts';

const reviews = 'http://reviews:9080/reviews/0';
const hello = 'http://helloworld:5000/hello';
const versions = 'subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]';

/** How many different servers answer the same question many times. */
function servers(url: string, args: string[], times = 12): SequenceAsk {
  return {
    kind: 'sequence',
    from: 'mesh',
    of: 'version: v\\d',
    see: 'distinct',
    requests: Array.from({ length: times }, () => ({ url, args })),
  };
}

function statuses(paths: (string | [string, number])[], see: SequenceAsk['see'] = 'list'): SequenceAsk {
  const requests = paths.map((p) =>
    typeof p === 'string' ? { url: `http://httpbin:8000${p}` } : { url: `http://httpbin:8000${p[0]}`, pause: p[1] },
  );
  return { kind: 'sequence', from: 'mesh', see, requests };
}

export const destinations: Situation[] = [
  {
    id: 'weights',
    topic: 'destinos',
    apply: yaml(
      virtualService(
        'reviews',
        '{match: [{headers: {case: {exact: "9010"}}}], route: [{destination: {host: reviews, subset: v1}, weight: 90}, {destination: {host: reviews, subset: v2}, weight: 10}]}',
        '{match: [{headers: {case: {exact: not-100}}}], route: [{destination: {host: reviews, subset: v1}, weight: 1}, {destination: {host: reviews, subset: v2}, weight: 3}]}',
        '{match: [{headers: {case: {exact: three}}}], route: [{destination: {host: reviews, subset: v1}, weight: 20}, {destination: {host: reviews, subset: v2}, weight: 30}, {destination: {host: reviews, subset: v3}, weight: 50}]}',
        '{match: [{headers: {case: {exact: zero}}}], route: [{destination: {host: reviews, subset: v1}, weight: 0}, {destination: {host: reviews, subset: v2}, weight: 5}]}',
        '{match: [{headers: {case: {exact: single-zero}}}], route: [{destination: {host: reviews, subset: v3}, weight: 0}]}',
        '{match: [{headers: {case: {exact: no-subset}}}], route: [{destination: {host: reviews}}]}',
      ),
    ),
    behaviours: [
      is('90-10', 'pesos 90 y 10', shares(reviews, 'reviews-v\\d', 300, header('case: 9010'))),
      is(
        'not-100',
        'pesos que no suman 100 son proporciones',
        shares(reviews, 'reviews-v\\d', 240, header('case: not-100')),
      ),
      is('three', 'tres destinos', shares(reviews, 'reviews-v\\d', 240, header('case: three'))),
      is('zero', 'un destino con peso 0 no recibe nada', shares(reviews, 'reviews-v\\d', 60, header('case: zero'))),
      is(
        'single-zero',
        'un único destino recibe todo, aunque su peso sea 0',
        shares(reviews, 'reviews-v\\d', 20, header('case: single-zero')),
      ),
      is(
        'no-subset',
        'sin subset, todos los pods del servicio',
        shares(reviews, 'reviews-v\\d', 240, header('case: no-subset')),
      ),
    ],
  },
  {
    id: 'no-rules',
    topic: 'destinos',
    behaviours: [
      is('spread', 'sin reglas, las tres versiones por igual', shares(reviews, 'reviews-v\\d', 240)),
      is(
        'short-name',
        'el nombre corto',
        mesh('http://helloworld:5000/hello', {
          marks: ['Hello version'],
          noBody: false,
          logs: ['curl'],
          headers: ['content-type', 'server'],
        }),
      ),
      is('namespaced-name', 'nombre.espacio', mesh('http://httpbin.default:8000/status/200')),
      is('fqdn', 'el nombre entero', mesh('http://httpbin.default.svc.cluster.local:8000/status/200')),
      is('other-namespace', 'un servicio de otro espacio, sin sidecar', mesh('http://httpbin.legacy:8000/headers')),
      is('echo-headers', 'las cabeceras que ve el servicio', mesh('/headers', { logs: ['curl', 'httpbin'] })),
      is(
        'echo-xff',
        'el sidecar no toca X-Forwarded-For',
        mesh('/headers?x', { args: header('X-Forwarded-For: 1.2.3.4') }),
      ),
      is(
        'request-id',
        'el sidecar guarda el x-request-id que trae la petición',
        mesh('/headers?id', { args: header('x-request-id: mi-identificador') }),
      ),
      is('post', 'un cuerpo llega entero', mesh('/post', { args: ['-d', 'hola=mundo'], logs: ['curl', 'httpbin'] })),
      is('head', 'HEAD', mesh('/get', { args: ['-I'], headers: ['content-type', 'server'] })),
      is('redirect-of-app', 'una redirección del propio servicio', mesh('/redirect/1')),
      is(
        'default-retries',
        'la política de reintentos por omisión no repite un 503',
        mesh('/status/503', { logs: ['curl', 'httpbin'] }),
      ),
      is('teapot', 'un código y un cuerpo cualquiera', mesh('/status/418', { logs: ['curl', 'httpbin'] })),
    ],
  },
  {
    id: 'round-robin',
    topic: 'destinos',
    inOrder: true,
    apply: destinationRule('helloworld', 'trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}'),
    behaviours: [is('even', 'ROUND_ROBIN reparte por igual', shares(hello, 'version: v\\d', 120))],
  },
  {
    id: 'random',
    topic: 'destinos',
    apply: destinationRule('helloworld', 'trafficPolicy: {loadBalancer: {simple: RANDOM}}'),
    behaviours: [is('even', 'RANDOM reparte por igual', shares(hello, 'version: v\\d', 120))],
  },
  {
    id: 'hash-header',
    topic: 'destinos',
    apply: destinationRule('helloworld', 'trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user}}}'),
    behaviours: [
      is(
        'sticky',
        'consistentHash por cabecera: el mismo valor va siempre al mismo pod',
        servers(hello, header('x-user: ana')),
      ),
      is(
        'sticky-other',
        'consistentHash por cabecera: otro valor también es fiel',
        servers(hello, header('x-user: luis')),
      ),
      is('without', 'sin la cabecera se reparte', servers(hello, [], 16)),
    ],
  },
  {
    id: 'hash-cookie',
    topic: 'destinos',
    apply: destinationRule(
      'helloworld',
      'trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {name: user, ttl: 60s}}}}',
    ),
    behaviours: [
      is('set-cookie', 'consistentHash por cookie: el proxy la pone si falta', {
        kind: 'shell',
        from: 'mesh',
        script: `curl -si ${hello}`,
        of: 'set-cookie: user=|Max-Age=\\d+|HttpOnly|Path=\\S+',
      }),
      is(
        'sticky',
        'consistentHash por cookie: la misma cookie va siempre al mismo pod',
        servers(hello, ['-b', 'user=ana']),
      ),
    ],
  },
  {
    id: 'hash-query',
    topic: 'destinos',
    apply: destinationRule(
      'helloworld',
      'trafficPolicy: {loadBalancer: {consistentHash: {httpQueryParameterName: who}}}',
    ),
    behaviours: [is('sticky', 'consistentHash por parámetro', servers(`${hello}?who=ana`, []))],
  },
  {
    id: 'hash-ip',
    topic: 'destinos',
    apply: destinationRule('helloworld', 'trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}'),
    behaviours: [is('sticky', 'consistentHash por dirección de origen', servers(hello, []))],
  },
  {
    id: 'pool',
    topic: 'destinos',
    inOrder: true,
    apply: destinationRule(
      'httpbin',
      'trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1, maxRequestsPerConnection: 1}}}',
    ),
    behaviours: [
      is('one', 'con una sola petición, el límite no se nota', mesh('/status/200')),
      is('overflow', 'con ocho a la vez: unas llegan y otras 503 por overflow', {
        kind: 'burst',
        url: 'http://httpbin:8000/delay/2',
        count: 8,
      }),
    ],
  },
  {
    id: 'outlier',
    topic: 'destinos',
    inOrder: true,
    apply: destinationRule(
      'httpbin',
      'trafficPolicy: {outlierDetection: {consecutive5xxErrors: 2, interval: 1s, baseEjectionTime: 3s, maxEjectionPercent: 100}}',
    ),
    behaviours: [
      is(
        'eject',
        'dos 500 seguidos expulsan al único pod; a los segundos vuelve',
        statuses(['/status/500', '/status/500', '/status/200', '/status/200', ['/status/200', 5500]]),
      ),
      is(
        'answer',
        'un éxito en medio pone la cuenta a cero',
        statuses(['/status/500', '/status/200', '/status/500', '/status/200']),
      ),
    ],
  },
  {
    id: 'outlier-none',
    topic: 'destinos',
    inOrder: true,
    apply: destinationRule(
      'httpbin',
      'trafficPolicy: {outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 30s}}',
    ),
    behaviours: [
      is(
        'ten-percent',
        'con maxEjectionPercent por omisión (10) un servicio pequeño no pierde a nadie',
        statuses(['/status/500', '/status/500', '/status/200']),
      ),
    ],
  },
  {
    id: 'outlier-gateway',
    topic: 'destinos',
    inOrder: true,
    apply: destinationRule(
      'httpbin',
      'trafficPolicy: {outlierDetection: {consecutive5xxErrors: 0, consecutiveGatewayErrors: 1, interval: 1s, baseEjectionTime: 2s, maxEjectionPercent: 100}}',
    ),
    behaviours: [
      is('500-does-not-count', 'consecutiveGatewayErrors no cuenta un 500', statuses(['/status/500', '/status/200'])),
      is('502-counts', 'consecutiveGatewayErrors cuenta un 502', statuses(['/status/502', '/status/200'])),
      is('ejected', 'la respuesta cuando todos están expulsados', mesh('/status/200', { logs: ['curl'] })),
    ],
  },
  {
    id: 'subset-policy',
    topic: 'destinos',
    inOrder: true,
    apply: yaml(
      virtualService(
        'httpbin',
        '{match: [{uri: {prefix: /status/5}}], route: [{destination: {host: httpbin, subset: v1}}]}',
        '{match: [{uri: {prefix: /status/200}}], route: [{destination: {host: httpbin, subset: v1}}]}',
        '{route: [{destination: {host: httpbin}}]}',
      ),
      destinationRule(
        'httpbin',
        'trafficPolicy: {outlierDetection: {consecutive5xxErrors: 50}}',
        'subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 3s, maxEjectionPercent: 100}}}]',
      ),
    ),
    behaviours: [
      is(
        'subset',
        'la política del subset vale para quien va al subset',
        statuses(['/status/500', '/status/200', '/get']),
      ),
    ],
  },
  {
    id: 'subset-unused',
    topic: 'destinos',
    inOrder: true,
    apply: destinationRule(
      'httpbin',
      'subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 5s, maxEjectionPercent: 100}}}]',
    ),
    behaviours: [
      is('unused', 'la política de un subset al que nadie va no hace nada', statuses(['/status/500', '/status/200'])),
    ],
  },
  {
    id: 'subsets-merge',
    topic: 'destinos',
    apply: yaml(
      destinationRule('helloworld', versions),
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: helloworld-more}\nspec: {host: helloworld, subsets: [{name: second, labels: {version: v2}}]}\n',
      virtualService(
        'helloworld',
        '{match: [{uri: {prefix: /hello}, headers: {to: {exact: second}}}], route: [{destination: {host: helloworld, subset: second}}]}',
        '{route: [{destination: {host: helloworld, subset: v1}}]}',
      ),
    ),
    behaviours: [
      is(
        'second',
        'los subsets de dos DestinationRules del mismo host se suman',
        mesh(hello, { args: header('to: second'), marks: ['version: v2'], headers: ['server'] }),
      ),
      is('first', 'y los del primero siguen', mesh(hello, { marks: ['version: v1'], headers: ['server'] })),
    ],
  },
  {
    id: 'tls-disable',
    topic: 'destinos',
    apply: destinationRule('httpbin', 'trafficPolicy: {tls: {mode: DISABLE}}'),
    behaviours: [
      is(
        'plain',
        'tls DISABLE: en claro, sin X-Forwarded-Client-Cert',
        mesh('/headers', { logs: ['curl', 'httpbin'] }),
      ),
    ],
  },
  {
    id: 'tls-mutual-legacy',
    topic: 'destinos',
    apply:
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: legacy-fid}\nspec: {host: httpbin.legacy.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}\n',
    behaviours: [
      is('no-sidecar', 'ISTIO_MUTUAL hacia un pod sin sidecar', mesh('http://httpbin.legacy:8000/status/200')),
    ],
  },
  {
    id: 'export-to',
    topic: 'rutas',
    apply: yaml(
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: fid-far, namespace: legacy}\nspec: {hosts: [httpbin.legacy.svc.cluster.local], exportTo: ["."], http: [{directResponse: {status: 299}}]}\n',
      service({ name: 'fid-near', hosts: '[helloworld]', extra: 'exportTo: ["."]' }, [
        '{directResponse: {status: 297}}',
      ]),
    ),
    behaviours: [
      is(
        'other-namespace',
        'exportTo: un VirtualService privado de otro espacio no se ve',
        mesh('http://httpbin.legacy:8000/status/200'),
      ),
      is('own-namespace', 'exportTo: el de su propio espacio sí', mesh(hello)),
    ],
  },
  {
    id: 'exported',
    topic: 'rutas',
    apply:
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: fid-far, namespace: legacy}\nspec: {hosts: [httpbin], http: [{directResponse: {status: 299}}]}\n',
    behaviours: [
      is('short-host', 'un host corto es del espacio del VirtualService', mesh('/status/200')),
      is(
        'far',
        'un VirtualService de otro espacio vale para sus servicios',
        mesh('http://httpbin.legacy:8000/status/200'),
      ),
    ],
  },
];
