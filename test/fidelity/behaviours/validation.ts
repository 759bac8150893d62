// What the API server, the CRDs and istiod's webhook accept and refuse, and what istioctl analyze says.
import { is } from '../ask.ts';
import type { Behaviour, Situation } from '../behaviour.ts';
import { destinationRule, gateway, object, service, virtualService, yaml } from '../manifests.ts';

const networking = 'networking.istio.io/v1';
const security = 'security.istio.io/v1';

function tries(id: string, title: string, apiVersion: string, kind: string, spec: string): Behaviour {
  const manifest = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: fid-bad}\nspec: ${spec}\n`;
  return is(id, title, { kind: 'apply', manifest });
}

const vs = (id: string, title: string, spec: string) => tries(id, title, networking, 'VirtualService', spec);
const http = (id: string, title: string, rule: string) => vs(id, title, `{hosts: [httpbin], http: [${rule}]}`);
const dr = (id: string, title: string, spec: string) => tries(id, title, networking, 'DestinationRule', spec);
const gw = (id: string, title: string, server: string) =>
  tries(id, title, networking, 'Gateway', `{selector: {istio: ingressgateway}, servers: [${server}]}`);
const se = (id: string, title: string, spec: string) => tries(id, title, networking, 'ServiceEntry', spec);
const ap = (id: string, title: string, spec: string) => tries(id, title, security, 'AuthorizationPolicy', spec);
const pa = (id: string, title: string, spec: string) => tries(id, title, security, 'PeerAuthentication', spec);
const ra = (id: string, title: string, spec: string) => tries(id, title, security, 'RequestAuthentication', spec);
const dest = 'route: [{destination: {host: httpbin}}]';

export const validations: Situation[] = [
  {
    id: 'refused-routes',
    topic: 'validacion',
    inOrder: true,
    behaviours: [
      http(
        'negative-weight',
        'peso negativo',
        '{route: [{destination: {host: a}, weight: -1}, {destination: {host: b}, weight: 101}]}',
      ),
      http(
        'weights-110',
        'pesos que suman 110: se acepta',
        '{route: [{destination: {host: a}, weight: 50}, {destination: {host: b}, weight: 60}]}',
      ),
      http(
        'weights-zero',
        'todos los pesos a 0',
        '{route: [{destination: {host: a}, weight: 0}, {destination: {host: b}, weight: 0}]}',
      ),
      http('timeout-zero', 'timeout 0s', `{timeout: 0s, ${dest}}`),
      http('timeout-text', 'timeout que no es una duración', `{timeout: pronto, ${dest}}`),
      http('timeout-precision', 'timeout más fino que un milisegundo', `{timeout: 1500us, ${dest}}`),
      http('abort-700', 'abort con 700', `{fault: {abort: {httpStatus: 700, percentage: {value: 100}}}, ${dest}}`),
      http('abort-101', 'percentage 101', `{fault: {abort: {httpStatus: 500, percentage: {value: 101}}}, ${dest}}`),
      http('delay-none', 'delay sin duración: se acepta', `{fault: {delay: {percentage: {value: 100}}}, ${dest}}`),
      http('fault-empty', 'fault vacío', `{fault: {}, ${dest}}`),
      http('fault-redirect', 'fault y redirect', '{fault: {abort: {httpStatus: 500}}, redirect: {uri: /x}}'),
      http(
        'fault-direct',
        'fault y directResponse',
        '{fault: {abort: {httpStatus: 500}}, directResponse: {status: 200}}',
      ),
      http('no-action', 'una regla que no hace nada', '{match: [{uri: {prefix: /}}]}'),
      http('route-redirect', 'route y redirect', `{redirect: {uri: /x}, ${dest}}`),
      http('route-direct', 'route y directResponse', `{directResponse: {status: 200}, ${dest}}`),
      http('rewrite-redirect', 'rewrite y redirect', '{rewrite: {uri: /y}, redirect: {uri: /x}}'),
      http('redirect-empty', 'redirect vacío', '{redirect: {}}'),
      http('redirect-200', 'redirectCode 200', '{redirect: {uri: /x, redirectCode: 200}}'),
      http('unknown-field', 'un campo que no existe', '{routes: [{destination: {host: a}}]}'),
      http('wrong-type', 'un texto donde va un número', '{route: [{destination: {host: a}, weight: mucho}]}'),
      http('two-matches', 'prefix y exact a la vez', `{match: [{uri: {prefix: /, exact: /}}], ${dest}}`),
      http('bad-regex', 'una expresión regular rota', `{match: [{uri: {regex: "*["}}], ${dest}}`),
      http('lookahead', 'una expresión regular que RE2 no tiene', `{match: [{uri: {regex: "(?=x)"}}], ${dest}}`),
      http('retry-on', 'retryOn desconocido', `{retries: {attempts: 2, retryOn: bogus}, ${dest}}`),
      http('retries-no-attempts', 'retries sin attempts', `{retries: {perTryTimeout: 2s}, ${dest}}`),
      http('retries-negative', 'attempts negativo', `{retries: {attempts: -1}, ${dest}}`),
      http('no-destination', 'un destino sin host', '{route: [{destination: {subset: v1}}]}'),
      http('no-port-number', 'un puerto 0', '{route: [{destination: {host: a, port: {number: 70000}}}]}'),
      http('mirror-101', 'mirrorPercentage 101', `{mirror: {host: b}, mirrorPercentage: {value: 101}, ${dest}}`),
      http('cors-method', 'un método de CORS inventado', `{corsPolicy: {allowMethods: [INVENTADO]}, ${dest}}`),
      http('header-name', 'una cabecera con un nombre vacío', `{headers: {request: {set: {"": x}}}, ${dest}}`),
      http('header-pseudo', 'cambiar :path', `{headers: {request: {set: {":path": /x}}}, ${dest}}`),
      http('direct-status', 'directResponse sin status', '{directResponse: {body: {string: hola}}}'),
      http('direct-range', 'directResponse 99', '{directResponse: {status: 99}}'),
      http(
        'empty-prefix',
        'rewrite con uri y uriRegexRewrite',
        `{rewrite: {uri: /, uriRegexRewrite: {match: a, rewrite: b}}, ${dest}}`,
      ),
      http('delegate-mesh', 'delegate en la malla', '{delegate: {name: x}}'),
      http(
        'header-match-pseudo',
        'un match de cabecera con mayúsculas',
        `{match: [{headers: {X-A: {exact: "1"}}}], ${dest}}`,
      ),
      vs('no-hosts', 'sin hosts: se acepta', `{http: [{${dest}}]}`),
      vs('no-rules', 'sin http, tcp ni tls', '{hosts: [httpbin]}'),
      vs('wildcard-mesh', 'host * en la malla', `{hosts: ["*"], http: [{${dest}}]}`),
      vs('bad-host', 'un host con caracteres que no valen', `{hosts: ["ho_st..x"], http: [{${dest}}]}`),
      vs('duplicate-host', 'el mismo host dos veces', `{hosts: [httpbin, httpbin], http: [{${dest}}]}`),
      vs(
        'gateway-name',
        'un gateway con un nombre que no vale',
        `{hosts: [a.example.com], gateways: ["a b"], http: [{${dest}}]}`,
      ),
      vs('export-to', 'exportTo repetido', `{hosts: [httpbin], exportTo: [".", "."], http: [{${dest}}]}`),
      vs(
        'tls-no-sni',
        'una ruta TLS sin sniHosts',
        '{hosts: [httpbin], tls: [{match: [{port: 443}], route: [{destination: {host: a}}]}]}',
      ),
      vs('tcp-no-route', 'una ruta TCP sin destino', '{hosts: [httpbin], tcp: [{match: [{port: 1}]}]}'),
      vs(
        'unreachable',
        'una regla a la que no se llega: aviso',
        `{hosts: [httpbin], http: [{${dest}}, {match: [{uri: {prefix: /x}}], ${dest}}]}`,
      ),
      vs(
        'duplicate-match',
        'el mismo match dos veces: aviso',
        `{hosts: [httpbin], http: [{match: [{uri: {prefix: /x}}], ${dest}}, {match: [{uri: {prefix: /x}}], ${dest}}]}`,
      ),
    ],
  },
  {
    id: 'refused-others',
    topic: 'validacion',
    inOrder: true,
    behaviours: [
      dr(
        'duplicate-subset',
        'dos subsets con el mismo nombre',
        '{host: httpbin, subsets: [{name: v1, labels: {version: v1}}, {name: v1, labels: {version: v2}}]}',
      ),
      dr('bad-lb', 'un reparto que no existe', '{host: httpbin, trafficPolicy: {loadBalancer: {simple: FASTEST}}}'),
      dr('no-host', 'un DestinationRule sin host', '{subsets: [{name: v1, labels: {version: v1}}]}'),
      dr('subset-no-name', 'un subset sin nombre', '{host: httpbin, subsets: [{labels: {version: v1}}]}'),
      dr(
        'two-lb',
        'simple y consistentHash',
        '{host: httpbin, trafficPolicy: {loadBalancer: {simple: RANDOM, consistentHash: {useSourceIp: true}}}}',
      ),
      dr(
        'ejection-150',
        'maxEjectionPercent 150',
        '{host: httpbin, trafficPolicy: {outlierDetection: {maxEjectionPercent: 150}}}',
      ),
      dr(
        'cookie-no-name',
        'una cookie sin nombre',
        '{host: httpbin, trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {ttl: 1s}}}}}',
      ),
      dr(
        'negative-pool',
        'maxConnections negativo',
        '{host: httpbin, trafficPolicy: {connectionPool: {tcp: {maxConnections: -1}}}}',
      ),
      dr('tls-mode', 'un modo de TLS que no existe', '{host: httpbin, trafficPolicy: {tls: {mode: TOTAL}}}'),
      dr('tls-mutual', 'TLS MUTUAL sin certificados', '{host: httpbin, trafficPolicy: {tls: {mode: MUTUAL}}}'),
      dr(
        'distribute',
        'un reparto por zonas que no suma 100',
        '{host: httpbin, trafficPolicy: {loadBalancer: {localityLbSetting: {enabled: true, distribute: [{from: "a/*", to: {"a/*": 50}}]}}}}',
      ),
      gw('protocol', 'un protocolo que no existe', '{port: {number: 80, name: http, protocol: FOO}, hosts: ["*"]}'),
      gw('tls-missing', 'HTTPS sin tls', '{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"]}'),
      gw(
        'tls-no-credential',
        'TLS SIMPLE sin certificado',
        '{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE}}',
      ),
      gw('server-no-hosts', 'un servidor sin hosts', '{port: {number: 80, name: http, protocol: HTTP}}'),
      gw('no-name', 'un puerto sin nombre', '{port: {number: 80, protocol: HTTP}, hosts: ["*"]}'),
      gw(
        'same-name',
        'dos servidores con el mismo nombre de puerto',
        '{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.com]}, {port: {number: 81, name: http, protocol: HTTP}, hosts: [b.com]}',
      ),
      gw(
        'tls-on-http',
        'certificado en un puerto HTTP',
        '{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: x}}',
      ),
      se(
        'no-hosts',
        'un ServiceEntry sin hosts',
        '{ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}',
      ),
      se('no-ports', 'un ServiceEntry sin puertos', '{hosts: [a.example.com], resolution: DNS}'),
      se(
        'wildcard-dns',
        'un comodín con resolución DNS',
        '{hosts: ["*.example.com"], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}',
      ),
      se(
        'bad-address',
        'una dirección que no vale',
        '{hosts: [a.example.com], addresses: [no-es-una-ip], ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC, endpoints: [{address: 1.1.1.1}]}',
      ),
      se(
        'duplicate-port',
        'dos puertos iguales',
        '{hosts: [a.example.com], ports: [{number: 80, name: http, protocol: HTTP}, {number: 80, name: http2, protocol: HTTP}], resolution: DNS}',
      ),
      se(
        'endpoints-and-selector',
        'extremos y workloadSelector',
        '{hosts: [a.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC, endpoints: [{address: 1.1.1.1}], workloadSelector: {labels: {a: b}}}',
      ),
      ap('bad-action', 'una acción que no existe', '{action: REFUSE}'),
      ap('deny-no-rules', 'DENY sin reglas', '{action: DENY}'),
      ap('custom-no-provider', 'CUSTOM sin proveedor', '{action: CUSTOM, rules: [{}]}'),
      ap('empty-from', 'un from vacío', '{rules: [{from: [{}]}]}'),
      ap('when-no-values', 'when sin valores', '{rules: [{when: [{key: "source.ip"}]}]}'),
      ap(
        'when-bad-key',
        'when con una clave que no existe',
        '{rules: [{when: [{key: "source.nothing", values: [a]}]}]}',
      ),
      ap('bad-ip', 'una dirección que no vale', '{rules: [{from: [{source: {ipBlocks: [casa]}}]}]}'),
      ap('bad-template', 'una plantilla de camino rota', '{rules: [{to: [{operation: {paths: ["/a/{*}b"]}}]}]}'),
      ap(
        'deny-http-only',
        'DENY solo con atributos HTTP: aviso',
        '{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}',
      ),
      ap('bad-port', 'un puerto que no es un número', '{rules: [{to: [{operation: {ports: [http]}}]}]}'),
      pa('bad-mode', 'un modo de mTLS que no existe', '{mtls: {mode: MAYBE}}'),
      pa('port-no-selector', 'portLevelMtls sin selector', '{portLevelMtls: {80: {mode: STRICT}}}'),
      ra('no-issuer', 'un JWT sin emisor: se acepta', '{jwtRules: [{jwksUri: "https://a.example.com"}]}'),
      ra('bad-uri', 'un jwksUri que no es una dirección', '{jwtRules: [{issuer: a, jwksUri: "no es"}]}'),
      ra('both-jwks', 'jwks y jwksUri', '{jwtRules: [{issuer: a, jwks: \'{}\', jwksUri: "https://a.example.com"}]}'),
      ra('bad-jwks', 'un jwks que no es JSON', "{jwtRules: [{issuer: a, jwks: 'nada'}]}"),
      tries('no-kind', 'una clase que no existe', networking, 'VirtualServices', '{}'),
      tries('no-version', 'una versión que no existe', 'networking.istio.io/v9', 'VirtualService', '{}'),
      tries(
        'telemetry',
        'Telemetry con un porcentaje de 150',
        'telemetry.istio.io/v1',
        'Telemetry',
        '{tracing: [{randomSamplingPercentage: 150}]}',
      ),
      tries(
        'sidecar-egress',
        'un Sidecar con un host que no vale',
        networking,
        'Sidecar',
        '{egress: [{hosts: [httpbin]}]}',
      ),
    ],
  },
  {
    id: 'analyze-clean',
    topic: 'analisis',
    behaviours: [
      is('clean', 'sin nada mal, analyze no dice nada de default', { kind: 'analyze', about: ' default/fid' }),
    ],
  },
  {
    id: 'analyze',
    topic: 'analisis',
    inOrder: true,
    apply: yaml(
      service({ name: 'fid-ref', hosts: '[fid.example.com]', gateways: '[no-such-gateway]' }, [`{${dest}}`]),
      virtualService('fid-no-such-host', '{route: [{destination: {host: fid-no-such-host}}]}'),
      service({ name: 'fid-subset', hosts: '[ratings]' }, ['{route: [{destination: {host: ratings, subset: v7}}]}']),
      service({ name: 'fid-conflict-a', hosts: '[details]' }, ['{route: [{destination: {host: details}}]}']),
      service({ name: 'fid-conflict-b', hosts: '[details]' }, ['{route: [{destination: {host: details}}]}']),
      gateway('fid-selector', '{port: {number: 8080, name: http, protocol: HTTP}, hosts: [sel.example.com]}').replace(
        'ingressgateway',
        'nobody',
      ),
      gateway(
        'fid-secret',
        '{port: {number: 443, name: https, protocol: HTTPS}, hosts: [sec.example.com], tls: {mode: SIMPLE, credentialName: fid-none}}',
      ),
      destinationRule('fid-nobody', 'subsets: [{name: v1, labels: {version: v1}}]'),
      object('networking.istio.io/v1', 'VirtualService', { name: 'fid-unreachable' }, [
        'hosts: [helloworld]',
        'http:',
        '- {route: [{destination: {host: helloworld}}]}',
        '- {match: [{uri: {prefix: /x}}], route: [{destination: {host: helloworld}}]}',
      ]),
      object('networking.istio.io/v1', 'Sidecar', { name: 'fid-none' }, [
        'workloadSelector: {labels: {app: no-such-app}}',
        'egress: [{hosts: ["./*"]}]',
      ]),
      object('networking.istio.io/v1', 'VirtualService', { name: 'fid-port' }, [
        'hosts: [reviews]',
        'http:',
        '- {route: [{destination: {host: reviews, port: {number: 9999}}}]}',
      ]),
    ),
    behaviours: [
      is('gateway', 'un Gateway que no existe', { kind: 'analyze', about: 'fid-ref' }),
      is('host', 'un host que no existe', { kind: 'analyze', about: 'fid-no-such-host' }),
      is('subset', 'un subset que no existe', { kind: 'analyze', about: 'fid-subset' }),
      is('conflict', 'dos VirtualServices del mismo host', { kind: 'analyze', about: 'fid-conflict' }),
      is('selector', 'un Gateway cuyo selector no elige a nadie', { kind: 'analyze', about: 'fid-selector' }),
      is('secret', 'un Gateway con un Secret que no existe', { kind: 'analyze', about: 'fid-secret' }),
      is('rule-host', 'un DestinationRule de un host que no existe', { kind: 'analyze', about: 'fid-nobody' }),
      is('unreachable', 'una regla a la que no se llega', { kind: 'analyze', about: 'fid-unreachable' }),
      is('sidecar', 'un Sidecar cuyo selector no elige a nadie', { kind: 'analyze', about: 'fid-none' }),
      is('port', 'un puerto que el servicio no tiene', { kind: 'analyze', about: 'fid-port' }),
    ],
  },
];
