// Injected faults, timeouts and retries.
import { header, is, mesh, outside, shares } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import { destinationRule, service, virtualService, yaml } from '../manifests.ts';

const dest = 'route: [{destination: {host: httpbin}}]';
const always = 'percentage: {value: 100}';

export const failures: Situation[] = [
  {
    id: 'fault',
    topic: 'fallos',
    apply: virtualService(
      'httpbin',
      `{match: [{uri: {prefix: /status/201}}], fault: {abort: {httpStatus: 500, ${always}}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/202}}], fault: {delay: {fixedDelay: 2s, ${always}}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/203}}], fault: {delay: {fixedDelay: 1s, ${always}}, abort: {httpStatus: 418, ${always}}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/204}}], fault: {abort: {httpStatus: 500}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/205}}], fault: {delay: {fixedDelay: 5s}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/206}}], fault: {abort: {grpcStatus: UNAVAILABLE, ${always}}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/207}}], timeout: 0.5s, fault: {delay: {fixedDelay: 2s, ${always}}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/208}}], retries: {attempts: 3, retryOn: 5xx}, fault: {abort: {httpStatus: 503, ${always}}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/209}}], fault: {abort: {httpStatus: 503, percentage: {value: 50}}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/210}}], fault: {abort: {httpStatus: 503, percentage: {value: 5.5}}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/211}}], fault: {delay: {fixedDelay: 1s, percent: 100}}, ${dest}}`,
      `{match: [{uri: {prefix: /status/214}}], fault: {abort: {httpStatus: 500, ${always}}}, headers: {response: {set: {x-after: "1"}}}, ${dest}}`,
      `{${dest}}`,
    ),
    behaviours: [
      is('abort', 'abort: el código y el cuerpo', mesh('/status/201', { logs: ['curl', 'httpbin'] })),
      is('delay', 'delay: tarda y llega', mesh('/status/202', { timed: true, logs: ['curl', 'httpbin'] })),
      is('delay-abort', 'delay y abort: primero espera, luego corta', mesh('/status/203', { timed: true })),
      is('abort-no-percentage', 'abort sin percentage no corta nunca', mesh('/status/204')),
      is('delay-no-percentage', 'delay sin percentage no espera nunca', mesh('/status/205', { timed: true })),
      is('abort-grpc', 'abort con grpcStatus a un cliente que no es gRPC', mesh('/status/206')),
      is('timeout-does-not-cut', 'el timeout de la misma ruta no corta el delay', mesh('/status/207', { timed: true })),
      is('abort-not-retried', 'un abort no se reintenta', mesh('/status/208')),
      is('abort-half', 'abort al 50 %', shares('/status/209', '~\\d+~')),
      is('abort-few', 'abort al 5,5 %', shares('/status/210', '~\\d+~')),
      is('delay-percent', 'delay con percent, la forma antigua', mesh('/status/211', { timed: true })),
      is('abort-headers', 'las cabeceras de respuesta de la regla en un abort', mesh('/status/214')),
    ],
  },
  {
    id: 'fault-chain',
    topic: 'fallos',
    apply: yaml(
      virtualService(
        'ratings',
        `{match: [{headers: {end-user: {exact: jason}}}], fault: {delay: {fixedDelay: 7s, ${always}}}, route: [{destination: {host: ratings, subset: v1}}]}`,
        `{match: [{headers: {end-user: {exact: ann}}}], fault: {abort: {httpStatus: 500, ${always}}}, route: [{destination: {host: ratings, subset: v1}}]}`,
        `{route: [{destination: {host: ratings, subset: v1}}]}`,
      ),
      virtualService(
        'reviews',
        '{match: [{headers: {end-user: {exact: jason}}}], route: [{destination: {host: reviews, subset: v2}}]}',
        '{match: [{headers: {end-user: {exact: ann}}}], route: [{destination: {host: reviews, subset: v2}}]}',
        '{match: [{headers: {end-user: {exact: eve}}}], timeout: 0.5s, route: [{destination: {host: reviews, subset: v3}}]}',
        '{route: [{destination: {host: reviews, subset: v3}}]}',
      ),
    ),
    behaviours: [
      is(
        'page-delay',
        'la página con 7 s en ratings se rinde a los 6 s',
        outside('/productpage', {
          login: 'jason',
          timed: true,
          marks: ['Error fetching product reviews', 'reviews are currently unavailable', 'jason', 'Sign out'],
          logs: ['gateway', 'productpage-v1'],
        }),
      ),
      is(
        'page-abort',
        'la página con un 500 en ratings',
        outside('/productpage', {
          login: 'ann',
          marks: ['Ratings service is currently unavailable', 'reviews-v2-', 'text-red-500'],
          logs: ['gateway', 'productpage-v1', 'reviews-v2'],
        }),
      ),
      is(
        'page-others',
        'los demás ven la página sana',
        outside('/productpage', {
          marks: ['Ratings service is currently unavailable', 'reviews-v3-', 'text-red-500'],
          logs: ['gateway', 'productpage-v1', 'reviews-v3', 'ratings-v1'],
        }),
      ),
      is(
        'direct-delay',
        'reviews v2 espera los 7 s de ratings',
        mesh('http://reviews:9080/reviews/0', {
          args: header('end-user: jason'),
          timed: true,
          logs: ['curl', 'reviews-v2'],
        }),
      ),
      is(
        'no-user',
        'reviews v3 no tarda para otro usuario',
        mesh('http://reviews:9080/reviews/0', { args: header('end-user: eve'), logs: ['curl', 'reviews-v3'] }),
      ),
    ],
  },
  {
    id: 'timeout-chain',
    topic: 'fallos',
    apply: yaml(
      virtualService('reviews', '{timeout: 0.5s, route: [{destination: {host: reviews, subset: v2}}]}'),
      virtualService(
        'ratings',
        `{fault: {delay: {fixedDelay: 2s, ${always}}}, route: [{destination: {host: ratings, subset: v1}}]}`,
      ),
    ),
    behaviours: [
      is(
        'direct',
        'el timeout de un salto corta el delay del siguiente',
        mesh('http://reviews:9080/reviews/0', { timed: true }),
      ),
      is(
        'page',
        'la página lo intenta dos veces: 1 s',
        outside('/productpage', {
          timed: true,
          marks: ['Error fetching product reviews'],
          logs: ['gateway', 'productpage-v1'],
        }),
      ),
    ],
  },
  {
    id: 'timeout',
    topic: 'reintentos',
    apply: virtualService(
      'httpbin',
      `{match: [{uri: {prefix: /delay/2}}], timeout: 1s, ${dest}}`,
      `{match: [{uri: {prefix: /delay/3}}], timeout: 2s, retries: {attempts: 3, perTryTimeout: 0.5s, retryOn: 5xx}, ${dest}}`,
      `{match: [{uri: {prefix: /delay/4}}], retries: {attempts: 3, perTryTimeout: 1s}, ${dest}}`,
      `{match: [{uri: {prefix: /delay/5}}], timeout: 1s, headers: {response: {set: {x-late: "1"}}}, ${dest}}`,
      `{${dest}}`,
    ),
    behaviours: [
      is('route', 'timeout: 504 y su texto', mesh('/delay/2', { timed: true, logs: ['curl', 'httpbin'] })),
      is(
        'per-try',
        'perTryTimeout con retryOn 5xx reintenta',
        mesh('/delay/3', { timed: true, logs: ['curl', 'httpbin'] }),
      ),
      is(
        'per-try-alone',
        'perTryTimeout sin retryOn no reintenta',
        mesh('/delay/4', { timed: true, logs: ['curl', 'httpbin'] }),
      ),
      is('headers', 'las cabeceras de respuesta de la regla en un 504', mesh('/delay/5', { timed: true })),
      is('none', 'sin timeout no hay límite', mesh('/delay/1', { timed: true, noBody: true })),
      is(
        'client-header',
        'x-envoy-upstream-rq-timeout-ms dentro de la malla',
        mesh('/delay/1?h', { args: header('x-envoy-upstream-rq-timeout-ms: 300'), timed: true, noBody: true }),
      ),
      is(
        'client-leaves',
        'el cliente se va: 0 y DC',
        mesh('/delay/1?gone', { args: ['-m', '0.4'], logs: ['curl', 'httpbin'] }),
      ),
    ],
  },
  {
    id: 'retries',
    topic: 'reintentos',
    apply: virtualService(
      'httpbin',
      `{match: [{uri: {prefix: /status/503}}], retries: {attempts: 3, retryOn: 5xx}, ${dest}}`,
      `{match: [{uri: {prefix: /status/500}}], retries: {attempts: 2, retryOn: gateway-error}, ${dest}}`,
      `{match: [{uri: {prefix: /status/502}}], retries: {attempts: 2, retryOn: gateway-error}, ${dest}}`,
      `{match: [{uri: {prefix: /status/418}}], retries: {attempts: 2, retryOn: "418,connect-failure"}, ${dest}}`,
      `{match: [{uri: {prefix: /status/409}}], retries: {attempts: 2, retryOn: retriable-4xx}, ${dest}}`,
      `{match: [{uri: {prefix: /status/504}}], retries: {attempts: 0}, ${dest}}`,
      `{match: [{uri: {prefix: /status/599}}], retries: {attempts: 2}, ${dest}}`,
      `{match: [{uri: {prefix: /headers}}], retries: {attempts: 2, retryOn: 5xx}, ${dest}}`,
      `{${dest}}`,
    ),
    behaviours: [
      is('5xx', 'retryOn 5xx: tres reintentos y URX', mesh('/status/503', { logs: ['curl', 'httpbin'] })),
      is('gateway-error-500', 'gateway-error no reintenta un 500', mesh('/status/500', { logs: ['curl', 'httpbin'] })),
      is('gateway-error-502', 'gateway-error reintenta un 502', mesh('/status/502', { logs: ['curl', 'httpbin'] })),
      is('number', 'un código en retryOn', mesh('/status/418', { logs: ['curl', 'httpbin'] })),
      is('retriable-4xx', 'retriable-4xx reintenta un 409', mesh('/status/409', { logs: ['curl', 'httpbin'] })),
      is('zero', 'attempts 0: ninguno', mesh('/status/504', { logs: ['curl', 'httpbin'] })),
      is('no-retry-on', 'attempts sin retryOn no reintenta un 5xx', mesh('/status/599', { logs: ['curl', 'httpbin'] })),
      is('attempt-count', 'la petición lleva x-envoy-attempt-count', mesh('/headers')),
      is('mixed', 'una respuesta que a veces falla acaba bien', shares('/status/503:1,200:1', '~\\d+~', 120)),
    ],
  },
  {
    id: 'refused',
    topic: 'reintentos',
    behaviours: [
      is(
        'closed-port',
        'un puerto del pod en el que nadie escucha',
        mesh('http://closed:8000/', { logs: ['curl', 'httpbin'] }),
      ),
      is('no-endpoints', 'un Service sin pods', mesh('http://nobody:8000/')),
      is('no-dns', 'un nombre que no existe', mesh('http://no-such-service:8000/', { logs: [] })),
    ],
  },
  {
    id: 'dead-destinations',
    topic: 'destinos',
    apply: yaml(
      virtualService(
        'httpbin',
        '{match: [{uri: {prefix: /no-pods}}], route: [{destination: {host: httpbin, subset: empty}}]}',
        '{match: [{uri: {prefix: /no-subset}}], route: [{destination: {host: httpbin, subset: nowhere}}]}',
        '{match: [{uri: {prefix: /no-host}}], route: [{destination: {host: no-such-host}}]}',
        '{match: [{uri: {prefix: /no-port}}], route: [{destination: {host: httpbin, port: {number: 9999}}}]}',
        '{match: [{uri: {prefix: /other-service}}], route: [{destination: {host: helloworld}}]}',
        '{match: [{uri: {prefix: /hello}}], route: [{destination: {host: helloworld, port: {number: 5000}}}]}',
        '{match: [{uri: {prefix: /half}}], route: [{destination: {host: httpbin, subset: nowhere}, weight: 50}, {destination: {host: httpbin, subset: v1}, weight: 50}]}',
      ),
      destinationRule('httpbin', 'subsets: [{name: empty, labels: {version: v9}}, {name: v1, labels: {version: v1}}]'),
    ),
    behaviours: [
      is('no-pods', 'un subset sin pods: no healthy upstream, UH', mesh('/no-pods')),
      is('no-subset', 'un subset que nadie define: 503 vacío, NC', mesh('/no-subset')),
      is('no-host', 'un host que no existe: 503 vacío, NC', mesh('/no-host')),
      is('no-port', 'un puerto que el servicio no tiene', mesh('/no-port')),
      is('other-service', 'otro servicio sin decir el puerto: el de la petición', mesh('/other-service')),
      is(
        'other-port',
        'otro servicio con su puerto',
        mesh('/hello', { headers: ['server', 'content-type'], marks: ['Hello version'] }),
      ),
      is('half', 'la mitad del tráfico a un subset que no existe', shares('/half', '~\\d+~')),
    ],
  },
  {
    id: 'no-subset-gateway',
    topic: 'destinos',
    apply: service({ name: 'fid-mesh-only', hosts: '[productpage]' }, [
      '{fault: {abort: {httpStatus: 555, percentage: {value: 100}}}, route: [{destination: {host: productpage}}]}',
    ]),
    behaviours: [
      is(
        'ingress-unaffected',
        'un VirtualService de la malla no cambia el salto del gateway',
        outside('/api/v1/products/0'),
      ),
      is('mesh-affected', 'y sí las llamadas de dentro', mesh('http://productpage:9080/api/v1/products/0')),
    ],
  },
];
