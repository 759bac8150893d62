// What a rule does to a request besides sending it on.
import { header, is, mesh, outside } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import { gateway, service, virtualService, yaml } from '../manifests.ts';

const dest = 'route: [{destination: {host: httpbin}}]';

export const actions: Situation[] = [
  {
    id: 'redirect',
    topic: 'acciones',
    apply: virtualService(
      'httpbin',
      '{match: [{uri: {prefix: /r-uri}}], redirect: {uri: /new}}',
      '{match: [{uri: {prefix: /r-query}}], redirect: {uri: "/new?own=1"}}',
      '{match: [{uri: {prefix: /r-auth}}], redirect: {authority: other.example.com}}',
      '{match: [{uri: {prefix: /r-code}}], redirect: {uri: /new, redirectCode: 308}}',
      '{match: [{uri: {prefix: /r-scheme}}], redirect: {scheme: https}}',
      '{match: [{uri: {prefix: /r-port}}], redirect: {port: 8443}}',
      '{match: [{uri: {prefix: /r-derive}}], redirect: {authority: d.example.com, derivePort: FROM_REQUEST_PORT}}',
      '{match: [{uri: {prefix: /r-default}}], redirect: {scheme: https, port: 443}}',
      `{${dest}}`,
    ),
    behaviours: [
      is('uri', 'redirect uri: 301 con el camino cambiado y la query guardada', mesh('/r-uri/x?q=1')),
      is('own-query', 'redirect uri con su propia query', mesh('/r-query/x?q=1')),
      is('authority', 'redirect authority', mesh('/r-auth/x?q=1')),
      is('code', 'redirectCode', mesh('/r-code')),
      is('scheme', 'redirect scheme', mesh('/r-scheme/x')),
      is('port', 'redirect port', mesh('/r-port/x')),
      is('derive-port', 'derivePort: el de la petición', mesh('/r-derive/x')),
      is('default-port', 'el puerto por omisión del esquema no se escribe', mesh('/r-default/x')),
    ],
  },
  {
    id: 'rewrite',
    topic: 'acciones',
    apply: virtualService(
      'httpbin',
      `{match: [{uri: {prefix: /old/}}], rewrite: {uri: /anything/}, ${dest}}`,
      `{match: [{uri: {exact: /one}}], rewrite: {uri: /anything/exact}, ${dest}}`,
      `{match: [{uri: {prefix: /noslash}}], rewrite: {uri: /anything}, ${dest}}`,
      `{match: [{uri: {regex: "/re/([0-9]+)/.*"}}], rewrite: {uriRegexRewrite: {match: "^/re/([0-9]+)/(.*)$", rewrite: "/anything/\\\\2/\\\\1"}}, ${dest}}`,
      `{match: [{uri: {prefix: /auth}}], rewrite: {uri: /anything, authority: renamed.example.com}, ${dest}}`,
      `{${dest}}`,
    ),
    behaviours: [
      is('prefix', 'rewrite uri cambia solo el prefijo', mesh('/old/x/y?q=1', { logs: ['curl', 'httpbin'] })),
      is('exact', 'rewrite uri tras exact cambia el camino entero', mesh('/one?q=1')),
      is('no-slash', 'rewrite de un prefijo sin barra pega lo que queda', mesh('/noslashes')),
      is('regex', 'uriRegexRewrite con grupos', mesh('/re/42/abc?q=1')),
      is('authority', 'rewrite authority', mesh('/auth/x', { logs: ['curl', 'httpbin'] })),
    ],
  },
  {
    id: 'direct-response',
    topic: 'acciones',
    apply: virtualService(
      'httpbin',
      '{match: [{uri: {prefix: /d503}}], directResponse: {status: 503, body: {string: "mantenimiento ñ"}}}',
      '{match: [{uri: {prefix: /dempty}}], directResponse: {status: 204}}',
      '{match: [{uri: {prefix: /dbytes}}], directResponse: {status: 200, body: {bytes: aG9sYQ==}}}',
      '{match: [{uri: {prefix: /dhead}}], directResponse: {status: 200, body: {string: "{}"}}, headers: {response: {set: {content-type: application/json, x-dr: "1"}}}}',
      `{${dest}}`,
    ),
    behaviours: [
      is('body', 'directResponse con cuerpo', mesh('/d503')),
      is('empty', 'directResponse sin cuerpo', mesh('/dempty')),
      is('bytes', 'directResponse con bytes', mesh('/dbytes')),
      is('headers', 'directResponse con cabeceras de respuesta', mesh('/dhead')),
      is('head', 'directResponse a HEAD', mesh('/dhead', { args: ['-I'] })),
    ],
  },
  {
    id: 'headers',
    topic: 'acciones',
    apply: virtualService(
      'httpbin',
      '{match: [{uri: {prefix: /anything/rule}}], headers: {request: {set: {x-set: nuevo}, add: {x-add: otro}, remove: [x-remove]}, response: {set: {x-resp: "1"}, add: {x-more: "2"}, remove: [access-control-allow-origin]}}, route: [{destination: {host: httpbin}}]}',
      '{match: [{uri: {prefix: /anything/dest}}], headers: {request: {set: {x-set: regla}}}, route: [{destination: {host: httpbin}, headers: {request: {set: {x-set: destino}}, response: {add: {x-from: destino}}}}]}',
      '{match: [{uri: {prefix: /anything/host}}], headers: {request: {set: {Host: puesto.example.com}}}, route: [{destination: {host: httpbin}}]}',
      '{match: [{uri: {prefix: /anything/value}}], headers: {request: {set: {x-who: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", x-percent: "100%%"}}}, route: [{destination: {host: httpbin}}]}',
      `{${dest}}`,
    ),
    behaviours: [
      is(
        'request',
        'cabeceras de petición: set, add y remove',
        mesh('/anything/rule', { args: header('x-set: viejo', 'x-add: uno', 'x-remove: fuera') }),
      ),
      is('destination', 'las del destino mandan sobre las de la regla', mesh('/anything/dest')),
      is('host', 'set de Host cambia la authority', mesh('/anything/host')),
      is('command', 'valores que Envoy calcula', mesh('/anything/value')),
    ],
  },
  {
    id: 'cors',
    topic: 'acciones',
    apply: virtualService(
      'httpbin',
      `{match: [{uri: {prefix: /headers}}], corsPolicy: {allowOrigins: [{exact: "https://a.example"}, {regex: "https://.*\\\\.b\\\\.example"}, {prefix: "https://pre."}], allowMethods: [GET, PUT], allowHeaders: [x-one], exposeHeaders: [x-two], maxAge: 24h, allowCredentials: true}, ${dest}}`,
      `{match: [{uri: {prefix: /get}}], corsPolicy: {allowOrigins: [{exact: "https://a.example"}], unmatchedPreflights: IGNORE}, ${dest}}`,
      `{${dest}}`,
    ),
    behaviours: [
      is(
        'preflight',
        'CORS: la consulta previa la contesta el proxy',
        mesh('/headers', {
          args: ['-X', 'OPTIONS', ...header('Origin: https://a.example', 'Access-Control-Request-Method: PUT')],
        }),
      ),
      is(
        'preflight-regex',
        'CORS: origen por expresión regular',
        mesh('/headers', {
          args: ['-X', 'OPTIONS', ...header('Origin: https://x.b.example', 'Access-Control-Request-Method: GET')],
        }),
      ),
      is(
        'preflight-prefix',
        'CORS: origen por prefijo',
        mesh('/headers', {
          args: ['-X', 'OPTIONS', ...header('Origin: https://pre.example', 'Access-Control-Request-Method: GET')],
        }),
      ),
      is(
        'preflight-other',
        'CORS: la consulta previa de otro origen llega al servicio',
        mesh('/headers', {
          args: ['-X', 'OPTIONS', ...header('Origin: https://z.example', 'Access-Control-Request-Method: GET')],
        }),
      ),
      is(
        'actual',
        'CORS: la petición de verdad lleva las cabeceras',
        mesh('/headers', { args: header('Origin: https://a.example'), noBody: true }),
      ),
      is(
        'actual-other',
        'CORS: la petición de otro origen no las lleva',
        mesh('/headers', { args: header('Origin: https://z.example'), noBody: true }),
      ),
      is(
        'options-plain',
        'OPTIONS sin Origin no es una consulta previa',
        mesh('/headers', { args: ['-X', 'OPTIONS'] }),
      ),
      is(
        'ignore-unmatched',
        'unmatchedPreflights: IGNORE',
        mesh('/get', {
          args: ['-X', 'OPTIONS', ...header('Origin: https://z.example', 'Access-Control-Request-Method: GET')],
        }),
      ),
    ],
  },
  {
    id: 'mirror',
    topic: 'acciones',
    apply: yaml(
      virtualService(
        'helloworld',
        '{match: [{headers: {x-case: {exact: aborted}}}], fault: {abort: {httpStatus: 418, percentage: {value: 100}}}, route: [{destination: {host: helloworld, subset: v1}}], mirror: {host: httpbin, port: {number: 8000}}}',
        '{route: [{destination: {host: helloworld, subset: v1}}], mirror: {host: httpbin, port: {number: 8000}}}',
      ),
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: helloworld}\nspec: {host: helloworld, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}\n',
    ),
    behaviours: [
      is(
        'copy',
        'mirror: contesta el destino y la copia llega al otro',
        mesh('http://helloworld:5000/hello', { logs: ['curl', 'helloworld-v1', 'httpbin'] }),
      ),
      is(
        'aborted',
        'una petición abortada no se copia',
        mesh('http://helloworld:5000/hello', { args: header('x-case: aborted'), logs: ['curl', 'httpbin'] }),
      ),
    ],
  },
  {
    id: 'delegate',
    topic: 'acciones',
    apply: yaml(
      gateway('fid-gw', '{port: {number: 8080, name: http, protocol: HTTP}, hosts: [root.example.com]}'),
      service({ name: 'fid-root', hosts: '[root.example.com]', gateways: '[fid-gw]' }, [
        '{match: [{uri: {prefix: /a}}], delegate: {name: fid-a, namespace: default}}',
        '{match: [{uri: {prefix: /missing}}], delegate: {name: fid-nobody}}',
        '{match: [{uri: {prefix: /rest}}], directResponse: {status: 298}}',
      ]),
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: fid-a}\nspec:\n  http:\n  - {match: [{uri: {prefix: /a/one}}], directResponse: {status: 291}}\n  - {match: [{uri: {prefix: /zzz}}], directResponse: {status: 292}}\n  - {directResponse: {status: 293}}\n',
    ),
    behaviours: [
      is('inner', 'delegate: la regla del delegado', outside('/a/one', { host: 'root.example.com' })),
      is(
        'inner-rest',
        'delegate: la regla sin match hereda la de la raíz',
        outside('/a/two', { host: 'root.example.com' }),
      ),
      is(
        'not-subset',
        'delegate: un match que no es parte del de la raíz se pierde',
        outside('/zzz', { host: 'root.example.com' }),
      ),
      is('missing', 'delegate: el que falta no da ruta', outside('/missing', { host: 'root.example.com' })),
      is('root-rest', 'delegate: las otras reglas de la raíz siguen', outside('/rest', { host: 'root.example.com' })),
    ],
  },
];
