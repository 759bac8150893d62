// Which rule of a VirtualService takes a request.
import { header, is, mesh, outside } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import { gateway, service, virtualService, yaml } from '../manifests.ts';

/** A rule that answers its own name, so that the answer tells which rule took the request. */
const rule = (name: string, match: string) =>
  `{match: [${match}], directResponse: {status: 299, body: {string: ${name}}}}`;
const rest = '{directResponse: {status: 298, body: {string: rest}}}';

export const matching: Situation[] = [
  {
    id: 'match-uri',
    topic: 'rutas',
    apply: virtualService(
      'httpbin',
      rule('exact', '{uri: {exact: /exact}}'),
      rule('prefix', '{uri: {prefix: /pre}}'),
      rule('regex', '{uri: {regex: "/re[0-9]+"}}'),
      rule('nocase', '{uri: {prefix: /LOUD}, ignoreUriCase: true}'),
      rule('nocase-exact', '{uri: {exact: /WHOLE}, ignoreUriCase: true}'),
      rest,
    ),
    behaviours: [
      is('exact', 'uri exact: el camino entero', mesh('/exact')),
      is('exact-query', 'uri exact no mira la query', mesh('/exact?a=1')),
      is('exact-longer', 'uri exact no vale para un camino más largo', mesh('/exact/more')),
      is('exact-slash', 'uri exact distingue la barra final', mesh('/exact/')),
      is('prefix', 'uri prefix es prefijo de texto, no de segmentos', mesh('/prefixed')),
      is('regex-full', 'uri regex casa con el camino entero', mesh('/re42')),
      is('regex-partial', 'uri regex no casa con una parte', mesh('/re42/x')),
      is('regex-query', 'uri regex no mira la query', mesh('/re42?x=y')),
      is('ignore-case-prefix', 'ignoreUriCase con prefix', mesh('/loudly')),
      is('ignore-case-exact', 'ignoreUriCase con exact', mesh('/whole')),
      is('case-matters', 'sin ignoreUriCase, mayúsculas y minúsculas son distintas', mesh('/EXACT')),
      is(
        'dot-segments',
        'los segmentos .. se resuelven antes de comparar',
        mesh('/other/../exact', { args: ['--path-as-is'] }),
      ),
      is('double-slash', 'las barras dobles no se juntan', mesh('//exact')),
      is('percent', 'un carácter escapado que no lo necesita se descodifica antes de comparar', mesh('/%65xact')),
    ],
  },
  {
    id: 'match-headers',
    topic: 'rutas',
    apply: virtualService(
      'httpbin',
      rule('exact', '{headers: {x-a: {exact: uno}}}'),
      rule('prefix', '{headers: {x-b: {prefix: un}}}'),
      rule('regex', '{headers: {x-c: {regex: "a+b"}}}'),
      rule('present', '{headers: {x-d: {}}}'),
      rule('without', '{headers: {x-e: {exact: "1"}}, withoutHeaders: {x-f: {exact: "2"}}}'),
      rule('cookie', '{headers: {cookie: {regex: "^(.*?;)?(user=jason)(;.*)?$"}}}'),
      rule('both', '{headers: {x-g: {exact: "1"}, x-h: {exact: "1"}}}'),
      rest,
    ),
    behaviours: [
      is('exact', 'cabecera exact', mesh('/x', { args: header('x-a: uno') })),
      is('exact-no', 'cabecera exact con otro valor', mesh('/x', { args: header('x-a: unos') })),
      is('name-case', 'el nombre de la cabecera no distingue mayúsculas', mesh('/x', { args: header('X-A: uno') })),
      is('prefix', 'cabecera prefix', mesh('/x', { args: header('x-b: unidad') })),
      is('regex', 'cabecera regex entera', mesh('/x', { args: header('x-c: aaab') })),
      is('regex-partial', 'cabecera regex no casa con una parte', mesh('/x', { args: header('x-c: aaabc') })),
      is('present', 'cabecera presente', mesh('/x', { args: header('x-d: lo-que-sea') })),
      is('absent', 'cabecera ausente', mesh('/x')),
      is('without-missing', 'withoutHeaders: la cabecera que falta cumple', mesh('/x', { args: header('x-e: 1') })),
      is(
        'without-present',
        'withoutHeaders: presente con ese valor, no',
        mesh('/x', { args: header('x-e: 1', 'x-f: 2') }),
      ),
      is(
        'without-other',
        'withoutHeaders: presente con otro valor, sí',
        mesh('/x', { args: header('x-e: 1', 'x-f: 3') }),
      ),
      is('cookie', 'una cookie por expresión regular', mesh('/x', { args: header('cookie: a=b;user=jason;c=d') })),
      is('and-one', 'dos cabeceras en un match son Y: con una no basta', mesh('/x', { args: header('x-g: 1') })),
      is(
        'and-two',
        'dos cabeceras en un match son Y: con las dos, sí',
        mesh('/x', { args: header('x-g: 1', 'x-h: 1') }),
      ),
      is(
        'repeated',
        'una cabecera repetida (uno y dos) ante exact: uno',
        mesh('/x', { args: header('x-a: uno', 'x-a: dos') }),
      ),
    ],
  },
  {
    id: 'match-others',
    topic: 'rutas',
    apply: virtualService(
      'httpbin',
      rule('method', '{method: {exact: PUT}}'),
      rule('query-exact', '{queryParams: {a: {exact: "1"}}}'),
      rule('query-prefix', '{queryParams: {b: {prefix: x}}}'),
      rule('query-regex', '{queryParams: {c: {regex: "[0-9]+"}}}'),
      rule('authority', '{authority: {prefix: "httpbin.default"}}'),
      rule('port', '{port: 8000, uri: {prefix: /by-port}}'),
      rule('wrong-port', '{port: 8001, uri: {prefix: /wrong-port}}'),
      rule('scheme', '{scheme: {exact: https}, uri: {prefix: /scheme}}'),
      rule('labels', '{sourceLabels: {app: curl}, uri: {prefix: /labels}}'),
      rule('other-labels', '{sourceLabels: {app: nobody}, uri: {prefix: /other-labels}}'),
      rule('namespace', '{sourceNamespace: default, uri: {prefix: /ns}}'),
      rule('other-namespace', '{sourceNamespace: elsewhere, uri: {prefix: /other-ns}}'),
      rule('gateway-only', '{gateways: [istio-system/none], uri: {prefix: /gw}}'),
      rule('or', '{uri: {exact: /or1}}, {uri: {exact: /or2}}'),
      rest,
    ),
    behaviours: [
      is('method', 'método', mesh('/x', { args: ['-X', 'PUT'] })),
      is('method-other', 'otro método', mesh('/x', { args: ['-X', 'POST'] })),
      is('query-exact', 'queryParams exact', mesh('/x?z=0&a=1')),
      is('query-exact-no', 'queryParams exact con otro valor', mesh('/x?a=12')),
      is('query-prefix', 'queryParams prefix', mesh('/x?b=xyz')),
      is('query-regex', 'queryParams regex entera', mesh('/x?c=123')),
      is('query-regex-no', 'queryParams regex no casa con una parte', mesh('/x?c=123a')),
      is('authority', 'authority por prefijo', mesh('http://httpbin.default:8000/x')),
      is('port', 'puerto del servicio', mesh('/by-port')),
      is('wrong-port', 'un match para otro puerto no llega a este', mesh('/wrong-port')),
      is('scheme', 'scheme https no casa con http', mesh('/scheme')),
      is('source-labels', 'sourceLabels del cliente', mesh('/labels')),
      is('source-labels-no', 'sourceLabels de otro', mesh('/other-labels')),
      is('source-namespace', 'sourceNamespace del cliente', mesh('/ns')),
      is('source-namespace-no', 'sourceNamespace de otro', mesh('/other-ns')),
      is('gateways', 'un match para un gateway no llega a la malla', mesh('/gw')),
      is('or-second', 'varios match son O', mesh('/or2')),
    ],
  },
  {
    id: 'match-order',
    topic: 'rutas',
    apply: virtualService(
      'httpbin',
      rule('first', '{uri: {prefix: /a}}'),
      rule('longer', '{uri: {prefix: /a/long}}'),
      '{name: named, match: [{name: m1, uri: {prefix: /named}}], route: [{destination: {host: httpbin}}]}',
      rest,
      rule('after-all', '{uri: {prefix: /after}}'),
    ),
    behaviours: [
      is('first-wins', 'gana la primera regla que casa, no la más específica', mesh('/a/long')),
      is('after-catch-all', 'una regla tras la que acepta todo no cuenta', mesh('/after')),
      is(
        'route-name',
        'el nombre de la regla y del match salen en el registro',
        mesh('/named', { args: ['-X', 'GET'] }),
      ),
    ],
  },
  {
    id: 'match-none',
    topic: 'rutas',
    apply: virtualService('httpbin', rule('only', '{uri: {exact: /only}}')),
    behaviours: [
      is('not-found', 'ninguna regla casa: 404 vacío con NR', mesh('/other')),
      is('other-port-host', 'el puerto del Host no cambia nada', mesh('/only', { args: header('Host: httpbin:1234') })),
      is(
        'fqdn',
        'el VirtualService vale para todos los nombres del servicio',
        mesh('http://httpbin.default.svc.cluster.local:8000/only'),
      ),
      is(
        'unknown-host-header',
        'un Host desconocido va al puerto sin reglas: allow_any',
        mesh('/status/200', { args: header('Host: nosuch.example'), headers: ['server'] }),
      ),
    ],
  },
  {
    id: 'several-on-host',
    topic: 'rutas',
    inOrder: true,
    apply: yaml(
      service({ name: 'fid-a', hosts: '[httpbin]' }, [rule('first', '{uri: {prefix: /one}}')]),
      service({ name: 'fid-b', hosts: '[httpbin]' }, [rule('second', '{uri: {prefix: /two}}')]),
      gateway('fid-gw', '{port: {number: 8080, name: http, protocol: HTTP}, hosts: [merge.example.com]}'),
      service({ name: 'fid-c', hosts: '[merge.example.com]', gateways: '[fid-gw]' }, [
        rule('first', '{uri: {prefix: /one}}'),
        rest,
      ]),
      service({ name: 'fid-d', hosts: '[merge.example.com]', gateways: '[fid-gw]' }, [
        rule('second', '{uri: {prefix: /two}}'),
      ]),
    ),
    behaviours: [
      is('sidecar-oldest', 'dos VirtualServices del mismo host en la malla: vale el más antiguo', mesh('/one')),
      is('sidecar-ignored', 'dos VirtualServices del mismo host en la malla: el otro no cuenta', mesh('/two')),
      is(
        'gateway-merged-1',
        'dos VirtualServices del mismo host en un gateway se unen',
        outside('/one', { host: 'merge.example.com' }),
      ),
      is(
        'gateway-merged-2',
        'en un gateway, la regla que acepta todo va al final',
        outside('/two', { host: 'merge.example.com' }),
      ),
    ],
  },
  {
    id: 'mesh-and-gateway',
    topic: 'rutas',
    apply: yaml(
      gateway('fid-gw', '{port: {number: 8080, name: http, protocol: HTTP}, hosts: [both.example.com]}'),
      service({ name: 'fid-both', hosts: '[both.example.com, httpbin]', gateways: '[fid-gw, mesh]' }, [
        rule('on-gateway', '{gateways: [fid-gw], uri: {prefix: /where}}'),
        rule('on-mesh', '{gateways: [mesh], uri: {prefix: /where}}'),
        rule('anywhere', '{uri: {prefix: /any}}'),
      ]),
    ),
    behaviours: [
      is(
        'gateway-side',
        'mesh y gateway a la vez: el match del gateway',
        outside('/where', { host: 'both.example.com' }),
      ),
      is('mesh-side', 'mesh y gateway a la vez: el match de la malla', mesh('/where')),
      is('any-mesh', 'una regla sin gateways vale en los dos: malla', mesh('/any')),
      is(
        'any-gateway',
        'una regla sin gateways vale en los dos: gateway',
        outside('/any', { host: 'both.example.com' }),
      ),
    ],
  },
  {
    id: 'gateway-only',
    topic: 'rutas',
    apply: yaml(
      gateway('fid-gw', '{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*.example.com"]}'),
      service({ name: 'fid-only', hosts: '[httpbin, only.example.com]', gateways: '[fid-gw]' }, [
        rule('gateway-rule', '{uri: {prefix: /}}'),
      ]),
      service({ name: 'fid-wild', hosts: '["*.wild.example.com"]', gateways: '[fid-gw]' }, [
        rule('wild', '{uri: {prefix: /}}'),
      ]),
      service({ name: 'fid-exact', hosts: '[exact.wild.example.com]', gateways: '[fid-gw]' }, [
        rule('exact', '{uri: {prefix: /}}'),
      ]),
    ),
    behaviours: [
      is('mesh-unaffected', 'con gateways sin mesh, la malla no lo ve', mesh('/status/200')),
      is('gateway', 'con gateways, el gateway sí', outside('/x', { host: 'only.example.com' })),
      is('wildcard', 'un host comodín', outside('/x', { host: 'a.b.wild.example.com' })),
      is('exact-over-wildcard', 'un host exacto gana al comodín', outside('/x', { host: 'exact.wild.example.com' })),
      is(
        'no-virtual-service',
        'un host del Gateway sin VirtualService: 404',
        outside('/x', { host: 'none.example.com' }),
      ),
    ],
  },
];
