// Mutual TLS, tokens and authorization.
import { header, is, mesh, outside, plain } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import {
  authorizationPolicy,
  destinationRule,
  gateway,
  object,
  peerAuthentication,
  requestAuthentication,
  service,
  virtualService,
  yaml,
} from '../manifests.ts';

const selector = 'selector: {matchLabels: {app: httpbin}}';
const bearer = (token: string) => header(`Authorization: Bearer {{token:${token}}}`);
const jwt = (rule = '') => `jwtRules: [{issuer: "fid@example.com", jwks: '{jwks}'${rule}}]`;
const status = { headers: ['server'], logs: [] as [] };

export const security: Situation[] = [
  {
    id: 'mtls-permissive',
    topic: 'seguridad',
    behaviours: [
      is('plain', 'PERMISSIVE (por omisión): en claro se acepta', plain('/headers', { logs: ['httpbin'] })),
      is('plain-status', 'en claro: las cabeceras de la respuesta', plain('/status/200', { logs: ['httpbin'] })),
      is('mesh', 'PERMISSIVE: con sidecar va por mTLS', mesh('/headers', { logs: ['curl', 'httpbin'] })),
      is('to-legacy', 'auto mTLS: a un pod sin sidecar se va en claro', mesh('http://httpbin.legacy:8000/status/200')),
    ],
  },
  {
    id: 'mtls-strict-namespace',
    topic: 'seguridad',
    policy: true,
    apply: peerAuthentication('default', 'mtls: {mode: STRICT}'),
    behaviours: [
      is('plain', 'STRICT: en claro se corta la conexión', plain('/status/200')),
      is('mesh', 'STRICT: con sidecar sigue', mesh('/status/200', { logs: ['curl', 'httpbin'] })),
      is('page', 'STRICT: la página por el gateway sigue', outside('/api/v1/products/0')),
    ],
  },
  {
    id: 'mtls-strict-workload',
    topic: 'seguridad',
    policy: true,
    apply: peerAuthentication('fid', selector, 'mtls: {mode: STRICT}'),
    behaviours: [
      is('plain', 'STRICT con selector: en claro a ese pod, no', plain('/status/200')),
      is(
        'other',
        'STRICT con selector: en claro a otro, sí',
        plain('http://helloworld.default:5000/hello', { marks: ['Hello version'], headers: ['server'] }),
      ),
    ],
  },
  {
    id: 'mtls-port',
    topic: 'seguridad',
    policy: true,
    apply: peerAuthentication('fid', selector, 'mtls: {mode: STRICT}', 'portLevelMtls: {8080: {mode: PERMISSIVE}}'),
    behaviours: [is('port', 'portLevelMtls gana al modo del pod', plain('/status/200'))],
  },
  {
    id: 'mtls-levels',
    topic: 'seguridad',
    policy: true,
    apply: yaml(
      object('security.istio.io/v1', 'PeerAuthentication', { name: 'default', namespace: 'istio-system' }, [
        'mtls: {mode: STRICT}',
      ]),
      peerAuthentication('fid', selector, 'mtls: {mode: PERMISSIVE}'),
      peerAuthentication('fid-unset', 'selector: {matchLabels: {app: helloworld}}', 'mtls: {mode: UNSET}'),
    ),
    behaviours: [
      is('mesh-wide', 'STRICT de toda la malla', plain('http://details.default:9080/details/0')),
      is('workload-wins', 'el modo del pod gana al de la malla', plain('/status/200')),
      is('unset-inherits', 'UNSET hereda', plain('http://helloworld.default:5000/hello')),
    ],
  },
  {
    id: 'mtls-disable',
    topic: 'seguridad',
    policy: true,
    apply: peerAuthentication('fid', selector, 'mtls: {mode: DISABLE}'),
    behaviours: [
      is('plain', 'DISABLE: en claro se acepta', plain('/status/200')),
      is('mesh', 'DISABLE: con sidecar también va en claro', mesh('/headers', { logs: ['curl', 'httpbin'] })),
    ],
  },
  {
    id: 'mtls-conflict',
    topic: 'seguridad',
    policy: true,
    apply: yaml(
      peerAuthentication('default', 'mtls: {mode: STRICT}'),
      destinationRule('httpbin', 'trafficPolicy: {tls: {mode: DISABLE}}'),
    ),
    behaviours: [
      is(
        'disable-strict',
        'DestinationRule DISABLE contra STRICT: 503',
        mesh('/status/200', { logs: ['curl', 'httpbin'] }),
      ),
    ],
  },
  {
    id: 'jwt',
    topic: 'seguridad',
    policy: true,
    apply: requestAuthentication('fid', selector, jwt()),
    behaviours: [
      is('none', 'JWT: sin token pasa', mesh('/headers')),
      is('good', 'JWT: un token válido pasa y no llega al servicio', mesh('/headers', { args: bearer('good') })),
      is('expired', 'JWT: caducado', mesh('/status/200', { args: bearer('expired'), logs: ['curl', 'httpbin'] })),
      is('future', 'JWT: aún no vale', mesh('/status/200', { args: bearer('future') })),
      is('issuer', 'JWT: de otro emisor', mesh('/status/200', { args: bearer('issuer') })),
      is('forged', 'JWT: firmado con otra clave', mesh('/status/200', { args: bearer('forged') })),
      is('kid', 'JWT: una clave que no está en el juego', mesh('/status/200', { args: bearer('kid') })),
      is('broken', 'JWT: firma estropeada', mesh('/status/200', { args: bearer('broken') })),
      is(
        'garbage',
        'JWT: algo que no es un token',
        mesh('/status/200', { args: header('Authorization: Bearer basura'), logs: ['httpbin'] }),
      ),
      is(
        'three-parts',
        'JWT: tres partes que no son nada',
        mesh('/status/200', { args: header('Authorization: Bearer a.b.c') }),
      ),
      is(
        'basic',
        'JWT: Authorization Basic no cuenta',
        mesh('/status/200', { args: header('Authorization: Basic dTpw') }),
      ),
      is(
        'query',
        'JWT: el token en access_token',
        mesh('/get?access_token={{token:good}}', { marks: ['access_token'], headers: ['server'], logs: [] }),
      ),
      is('query-bad', 'JWT: un token malo en access_token', mesh('/status/200?access_token=basura')),
      is('empty', 'JWT: Bearer sin nada', mesh('/status/200', { args: header('Authorization: Bearer ') })),
    ],
  },
  {
    id: 'jwt-options',
    topic: 'seguridad',
    policy: true,
    apply: requestAuthentication(
      'fid',
      selector,
      jwt(
        ', audiences: [fid-aud], fromHeaders: [{name: x-token, prefix: "Fid "}], fromParams: [tok], forwardOriginalToken: true, outputClaimToHeaders: [{header: x-sub, claim: sub}]',
      ),
    ),
    behaviours: [
      is(
        'audience',
        'JWT: audiencia equivocada: 403',
        mesh('/headers', { args: header('x-token: Fid {{token:audience}}') }),
      ),
      is('no-audience', 'JWT: sin audiencia', mesh('/headers', { args: header('x-token: Fid {{token:good}}') })),
      is(
        'right',
        'JWT: por cabecera propia; forwardOriginalToken y outputClaimToHeaders',
        mesh('/headers', {
          args: header('x-token: Fid {{token:right-audience}}'),
          marks: ['X-Sub', 'ana', 'X-Token', 'Fid '],
        }),
      ),
      is(
        'standard-place',
        'JWT: con fromHeaders, Authorization ya no se mira',
        mesh('/status/200', { args: bearer('expired') }),
      ),
      is(
        'param',
        'JWT: por parámetro',
        mesh('/status/200?tok={{token:expired}}', { headers: ['www-authenticate', 'server'], logs: [] }),
      ),
    ],
  },
  {
    id: 'jwt-required',
    topic: 'seguridad',
    policy: true,
    apply: yaml(
      requestAuthentication('fid', selector, jwt()),
      authorizationPolicy(
        'fid',
        selector,
        'action: ALLOW',
        'rules:',
        '- {from: [{source: {requestPrincipals: ["fid@example.com/ana"]}}]}',
        '- {when: [{key: "request.auth.claims[groups]", values: [grupo9]}], to: [{operation: {paths: ["/status/*"]}}]}',
        '- {when: [{key: "request.auth.claims[realm][roles]", values: [admin]}]}',
      ),
    ),
    behaviours: [
      is('none', 'principal obligatorio: sin token, 403', mesh('/status/200', { logs: ['curl', 'httpbin'] })),
      is('good', 'principal obligatorio: el suyo pasa', mesh('/status/200', { args: bearer('good') })),
      is('claim', 'un claim que es lista', mesh('/status/200', { args: bearer('luis') })),
      is('claim-other-path', 'el claim vale, el camino no', mesh('/headers', { args: bearer('luis') })),
      is('nested', 'un claim dentro de otro', mesh('/status/200', { args: bearer('nested') })),
      is('bad', 'un token malo sigue siendo 401', mesh('/status/200', { args: bearer('expired') })),
    ],
  },
  {
    id: 'authz-nothing',
    topic: 'seguridad',
    policy: true,
    apply: authorizationPolicy('fid'),
    behaviours: [
      is('mesh', 'allow-nothing: 403 y su texto', mesh('/status/200', { logs: ['curl', 'httpbin'] })),
      is('outside', 'allow-nothing: por el gateway', outside('/productpage', { logs: ['gateway', 'productpage-v1'] })),
      is('plain', 'allow-nothing: en claro', plain('/status/200', { logs: ['httpbin'] })),
    ],
  },
  {
    id: 'authz-deny',
    topic: 'seguridad',
    policy: true,
    apply: yaml(
      authorizationPolicy(
        'fid-deny',
        selector,
        'action: DENY',
        'rules:',
        '- {to: [{operation: {methods: [DELETE]}}]}',
        '- {to: [{operation: {paths: ["/status/4*"]}}]}',
        '- {to: [{operation: {paths: ["*/ends"]}}]}',
        '- {from: [{source: {notNamespaces: [default]}}], to: [{operation: {paths: ["/anything/own"]}}]}',
        '- {when: [{key: "request.headers[x-bad]", values: ["*"]}]}',
        '- {to: [{operation: {paths: ["/anything/{*}/tpl"]}}]}',
        '- {to: [{operation: {paths: ["/anything/deep/{**}"]}}]}',
        '- {to: [{operation: {methods: [PUT], notPaths: ["/anything/put"]}}]}',
        '- {to: [{operation: {hosts: ["httpbin.default"]}}]}',
        '- {to: [{operation: {ports: ["9999"]}}]}',
        '- {when: [{key: "source.ip", notValues: ["0.0.0.0/0"]}]}',
      ),
    ),
    behaviours: [
      is('method', 'DENY por método', mesh('/anything', { args: ['-X', 'DELETE'], logs: ['curl', 'httpbin'] })),
      is('other-method', 'DENY no toca lo demás', mesh('/status/200')),
      is('prefix', 'DENY por prefijo de camino', mesh('/status/418', { logs: ['httpbin'] })),
      is('suffix', 'DENY por final de camino', mesh('/anything/x/ends')),
      is('query', 'el camino se compara sin la query', mesh('/status/200?x=/ends')),
      is('not-namespaces-plain', 'DENY notNamespaces: sin mTLS no hay espacio', plain('/anything/own', status)),
      is('not-namespaces-own', 'DENY notNamespaces: el propio pasa', mesh('/anything/own', status)),
      is('header', 'DENY por cabecera presente', mesh('/status/200', { args: header('x-bad: 1') })),
      is('template-one', 'DENY por plantilla {*}: un segmento', mesh('/anything/abc/tpl')),
      is('template-two', 'plantilla {*}: dos segmentos no', mesh('/anything/a/b/tpl', status)),
      is('template-deep', 'DENY por plantilla {**}', mesh('/anything/deep/a/b/c')),
      is('not-paths', 'notPaths', mesh('/anything/put', { args: ['-X', 'PUT'], ...status })),
      is('not-paths-other', 'notPaths: los demás caminos', mesh('/anything/other', { args: ['-X', 'PUT'] })),
      is('host', 'DENY por host', mesh('/status/200', { args: header('Host: httpbin.default') })),
      is('case', 'los caminos distinguen mayúsculas', mesh('/STATUS/418', status)),
    ],
  },
  {
    id: 'authz-allow',
    topic: 'seguridad',
    policy: true,
    apply: authorizationPolicy(
      'fid-allow',
      selector,
      'action: ALLOW',
      'rules:',
      '- {from: [{source: {principals: ["cluster.local/ns/default/sa/curl"]}}], to: [{operation: {methods: [GET]}}]}',
      '- {from: [{source: {namespaces: [istio-system]}}], to: [{operation: {paths: ["/status/201"]}}]}',
      '- {from: [{source: {ipBlocks: ["0.0.0.0/0"]}}], to: [{operation: {paths: ["/status/202"]}}]}',
      '- {from: [{source: {ipBlocks: ["203.0.113.0/24"]}}], to: [{operation: {methods: [PUT]}}]}',
      '- {to: [{operation: {methods: [POST]}}], when: [{key: "source.principal", values: ["*/sa/curl"]}, {key: "request.headers[x-pass]", values: [si]}]}',
      '- {to: [{operation: {methods: [HEAD], ports: ["8080"]}}]}',
      '- {from: [{source: {serviceAccounts: [curl]}}], to: [{operation: {methods: [PATCH]}}]}',
    ),
    behaviours: [
      is('principal', 'ALLOW por principal', mesh('/get', status)),
      is(
        'no-rule',
        'ALLOW: lo que no está, 403',
        mesh('/anything', { args: ['-X', 'DELETE'], logs: ['curl', 'httpbin'] }),
      ),
      is('plain-principal', 'ALLOW por principal: en claro no hay', plain('/get', { logs: ['httpbin'] })),
      is('plain-ip', 'ALLOW por dirección: en claro sí', plain('/status/202', status)),
      is('ip-other', 'ALLOW por otra dirección', mesh('/anything', { args: ['-X', 'PUT'] })),
      is(
        'when-both',
        'when: dos condiciones son Y',
        mesh('/post', { args: ['-X', 'POST', ...header('x-pass: si')], ...status, noBody: true }),
      ),
      is('when-one', 'when: con una no basta', mesh('/post', { args: ['-X', 'POST'] })),
      is('port', 'ALLOW por puerto: el del pod', mesh('/get', { args: ['-I'], ...status })),
      is(
        'service-account',
        'ALLOW por serviceAccounts',
        mesh('/anything', { args: ['-X', 'PATCH'], ...status, noBody: true }),
      ),
    ],
  },
  {
    id: 'authz-order',
    topic: 'seguridad',
    policy: true,
    apply: yaml(
      authorizationPolicy('fid-allow-all', selector, 'action: ALLOW', 'rules: [{}]'),
      authorizationPolicy(
        'fid-deny-one',
        selector,
        'action: DENY',
        'rules: [{to: [{operation: {paths: ["/status/403"]}}]}]',
      ),
      authorizationPolicy('fid-audit', selector, 'action: AUDIT', 'rules: [{}]'),
    ),
    behaviours: [
      is('allow', 'ALLOW de todo', mesh('/status/200')),
      is('deny-first', 'DENY va antes que ALLOW', mesh('/status/403', { logs: ['httpbin'] })),
    ],
  },
  {
    id: 'authz-deny-all',
    topic: 'seguridad',
    policy: true,
    apply: authorizationPolicy('fid', selector, 'action: DENY', 'rules: [{}]'),
    behaviours: [is('all', 'DENY con una regla vacía: todo', mesh('/status/200', { logs: ['curl', 'httpbin'] }))],
  },
  {
    id: 'authz-dry-run',
    topic: 'seguridad',
    policy: true,
    apply: `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: fid, annotations: {istio.io/dry-run: "true"}}\nspec: {${selector.replace('selector', 'selector')}, action: DENY, rules: [{}]}\n`,
    behaviours: [
      is(
        'passes',
        'una política de ensayo (dry-run) no cambia la respuesta',
        mesh('/status/200', { logs: ['httpbin'] }),
      ),
    ],
  },
  {
    id: 'authz-gateway',
    topic: 'seguridad',
    policy: true,
    apply: yaml(
      gateway('fid-gw', '{port: {number: 8080, name: http, protocol: HTTP}, hosts: [httpbin.example.com]}'),
      service({ name: 'fid-web', hosts: '[httpbin.example.com]', gateways: '[fid-gw]' }, [
        '{route: [{destination: {host: httpbin, port: {number: 8000}}}]}',
      ]),
      object('security.istio.io/v1', 'AuthorizationPolicy', { name: 'fid', namespace: 'istio-system' }, [
        'selector: {matchLabels: {istio: ingressgateway}}',
        'action: DENY',
        'rules:',
        '- {to: [{operation: {hosts: [httpbin.example.com], paths: ["/status/*"]}}]}',
        '- {when: [{key: "request.headers[x-bad]", values: ["1"]}]}',
      ]),
    ),
    behaviours: [
      is(
        'denied',
        'una política en el gateway: 403 del gateway',
        outside('/status/200', { host: 'httpbin.example.com' }),
      ),
      is('other-path', 'los demás caminos pasan', outside('/headers', { host: 'httpbin.example.com', noBody: true })),
      is('before-routing', 'se decide antes de buscar la ruta', outside('/nosuchpath', { args: header('x-bad: 1') })),
    ],
  },
  {
    id: 'authz-after-fault',
    topic: 'seguridad',
    policy: true,
    apply: yaml(
      authorizationPolicy('fid', selector, 'action: DENY', 'rules: [{to: [{operation: {paths: ["/anything/new"]}}]}]'),
      virtualService(
        'httpbin',
        '{match: [{uri: {prefix: /old}}], rewrite: {uri: /anything/new}, route: [{destination: {host: httpbin}}]}',
        '{match: [{uri: {prefix: /status/200}}], retries: {attempts: 2, retryOn: "5xx,403"}, route: [{destination: {host: httpbin}}]}',
        '{route: [{destination: {host: httpbin}}]}',
      ),
    ),
    behaviours: [is('rewritten', 'la política ve el camino reescrito', mesh('/old', { logs: ['curl', 'httpbin'] }))],
  },
];
