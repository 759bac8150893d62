// The Gateway API: HTTPRoutes of a Gateway and of a Service.
import { header, is, mesh, shares } from '../ask.ts';
import type { Ask, Situation } from '../behaviour.ts';
import { object, yaml } from '../manifests.ts';

const group = 'gateway.networking.k8s.io/v1';
const entrance = 'http://fid-api-istio.default.svc.cluster.local';

function listener(name: string, hostname: string): string {
  return `- {name: ${name}, port: 80, protocol: HTTP, hostname: "${hostname}", allowedRoutes: {namespaces: {from: Same}}}`;
}

function httpRoute(name: string, hostname: string, ...rules: string[]): string {
  return object(group, 'HTTPRoute', { name }, [
    'parentRefs: [{name: fid-api}]',
    `hostnames: ["${hostname}"]`,
    'rules:',
    ...rules.map((r) => `- ${r}`),
  ]);
}

function meshRoute(name: string, service: string, port: number, ...rules: string[]): string {
  return object(group, 'HTTPRoute', { name }, [
    `parentRefs: [{kind: Service, group: "", name: ${service}, port: ${port}}]`,
    'rules:',
    ...rules.map((r) => `- ${r}`),
  ]);
}

const httpbin = 'backendRefs: [{name: httpbin, port: 8000}]';
const path = (type: string, value: string) => `path: {type: ${type}, value: ${value}}`;

/** From inside to the Service that istiod makes for the Gateway: the entry address belongs to another one. */
function at(target: string, host: string, args: string[] = []): Ask {
  return mesh(`${entrance}${target}`, { args: [...header(`Host: ${host}`), ...args], logs: [] });
}

export const gatewayApi: Situation[] = [
  {
    id: 'gwapi',
    topic: 'entrada',
    patience: true,
    apply: yaml(
      object(group, 'Gateway', { name: 'fid-api' }, [
        'gatewayClassName: istio',
        'listeners:',
        listener('all', '*.api.example.com'),
      ]),
      httpRoute(
        'fid-main',
        'main.api.example.com',
        `{matches: [{${path('PathPrefix', '/status')}}], ${httpbin}}`,
        `{matches: [{${path('Exact', '/headers')}}], ${httpbin}, filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-set, value: nuevo}], add: [{name: x-add, value: otro}], remove: [x-remove]}}]}`,
        `{matches: [{${path('PathPrefix', '/old')}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /anything}}}], ${httpbin}}`,
        `{matches: [{${path('PathPrefix', '/full')}}], filters: [{type: URLRewrite, urlRewrite: {hostname: new.example.com, path: {type: ReplaceFullPath, replaceFullPath: /anything/full}}}], ${httpbin}}`,
        `{matches: [{${path('PathPrefix', '/gone')}}], filters: [{type: RequestRedirect, requestRedirect: {scheme: https, hostname: other.example.com, statusCode: 301}}]}`,
        `{matches: [{${path('PathPrefix', '/moved')}}], filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}]}`,
        `{matches: [{${path('PathPrefix', '/get')}}], filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-resp, value: "1"}]}}], ${httpbin}}`,
        `{matches: [{${path('PathPrefix', '/none')}}], backendRefs: [{name: no-such-service, port: 80}]}`,
        `{matches: [{${path('PathPrefix', '/empty')}}]}`,
        `{matches: [{${path('PathPrefix', '/far')}}], backendRefs: [{name: httpbin, namespace: legacy, port: 8000}]}`,
        `{matches: [{${path('PathPrefix', '/delay')}}], timeouts: {request: 1s}, ${httpbin}}`,
        `{matches: [{${path('PathPrefix', '/hello')}}], backendRefs: [{name: helloworld, port: 5000, weight: 9}, {name: httpbin, port: 8000, weight: 1}]}`,
      ),
      httpRoute(
        'fid-order',
        'order.api.example.com',
        `{matches: [{${path('PathPrefix', '/')}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: root.example.com}}]}`,
        `{matches: [{${path('PathPrefix', '/a')}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: short.example.com}}]}`,
        `{matches: [{${path('PathPrefix', '/a/b')}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: long.example.com}}]}`,
        `{matches: [{${path('Exact', '/a/b/c')}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: exact.example.com}}]}`,
        `{matches: [{${path('PathPrefix', '/a')}, headers: [{name: x-one, value: "1"}]}], filters: [{type: RequestRedirect, requestRedirect: {hostname: header.example.com}}]}`,
        `{matches: [{${path('PathPrefix', '/a')}, method: PUT}], filters: [{type: RequestRedirect, requestRedirect: {hostname: method.example.com}}]}`,
        `{matches: [{${path('PathPrefix', '/a')}, queryParams: [{name: q, value: "1"}]}], filters: [{type: RequestRedirect, requestRedirect: {hostname: query.example.com}}]}`,
        `{matches: [{${path('RegularExpression', '"/re[0-9]+"')}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: regex.example.com}}]}`,
      ),
    ),
    behaviours: [
      is('prefix', 'Gateway API: PathPrefix', at('/status/418', 'main.api.example.com')),
      is('prefix-segments', 'Gateway API: PathPrefix va por segmentos', at('/statuses/418', 'main.api.example.com')),
      is(
        'exact',
        'Gateway API: RequestHeaderModifier',
        mesh(`${entrance}/headers`, {
          args: header('Host: main.api.example.com', 'x-remove: fuera', 'x-add: uno'),
          logs: [],
          marks: ['X-Set', 'nuevo', 'otro', 'X-Remove', 'fuera'],
        }),
      ),
      is(
        'rewrite-prefix',
        'Gateway API: URLRewrite del prefijo',
        mesh(`${entrance}/old/x?q=1`, {
          args: header('Host: main.api.example.com'),
          logs: [],
          marks: ['/anything/x?q=1', '/old/x'],
        }),
      ),
      is(
        'rewrite-full',
        'Gateway API: URLRewrite del camino y del host',
        mesh(`${entrance}/full/x?q=1`, {
          args: header('Host: main.api.example.com'),
          logs: [],
          marks: ['/anything/full?q=1', 'new.example.com'],
        }),
      ),
      is('redirect', 'Gateway API: RequestRedirect de esquema y host', at('/gone/x?q=1', 'main.api.example.com')),
      is('redirect-prefix', 'Gateway API: RequestRedirect del prefijo', at('/moved/x', 'main.api.example.com')),
      is(
        'response-header',
        'Gateway API: ResponseHeaderModifier',
        mesh(`${entrance}/get`, { args: header('Host: main.api.example.com'), logs: [], noBody: true }),
      ),
      is('no-backend', 'Gateway API: un backend que no existe: 500', at('/none', 'main.api.example.com')),
      is('empty-backend', 'Gateway API: sin backends: 500', at('/empty', 'main.api.example.com')),
      is('no-grant', 'Gateway API: otro espacio sin ReferenceGrant: 500', at('/far', 'main.api.example.com')),
      is(
        'timeout',
        'Gateway API: timeouts.request',
        mesh(`${entrance}/delay/3`, { args: header('Host: main.api.example.com'), logs: [], timed: true }),
      ),
      is(
        'weights',
        'Gateway API: pesos',
        shares(`${entrance}/hello`, '~\\d+~', 240, header('Host: main.api.example.com')),
      ),
      is('no-host', 'Gateway API: un host sin ruta', at('/status/200', 'none.api.example.com')),
      is('other-host', 'Gateway API: un host que el listener no acepta', at('/status/200', 'main.example.org')),
      is('order-root', 'Gateway API: orden: la raíz', at('/zzz', 'order.api.example.com')),
      is('order-long', 'Gateway API: orden: gana el prefijo más largo', at('/a/b/x', 'order.api.example.com')),
      is('order-exact', 'Gateway API: orden: Exact gana al prefijo', at('/a/b/c', 'order.api.example.com')),
      is(
        'order-header',
        'Gateway API: orden: con el mismo prefijo, gana la cabecera',
        at('/a', 'order.api.example.com', header('x-one: 1')),
      ),
      is(
        'order-method',
        'Gateway API: orden: con el mismo prefijo, gana el método',
        at('/a', 'order.api.example.com', ['-X', 'PUT']),
      ),
      is(
        'order-query',
        'Gateway API: orden: con el mismo prefijo, gana la query',
        at('/a?q=1', 'order.api.example.com'),
      ),
      is('order-regex', 'Gateway API: una expresión regular', at('/re42', 'order.api.example.com')),
    ],
  },
  {
    id: 'gwapi-mesh',
    topic: 'rutas',
    apply: yaml(
      meshRoute(
        'fid-httpbin',
        'httpbin',
        8000,
        `{matches: [{${path('PathPrefix', '/status')}, headers: [{name: x-go, value: away}]}], filters: [{type: RequestRedirect, requestRedirect: {hostname: away.example.com}}]}`,
        `{matches: [{${path('PathPrefix', '/delay')}}], timeouts: {request: 1s}, ${httpbin}}`,
        `{matches: [{${path('PathPrefix', '/status')}}], ${httpbin}}`,
      ),
    ),
    behaviours: [
      is(
        'redirect',
        'HTTPRoute de un Service: la regla con cabecera',
        mesh('/status/200', { args: header('x-go: away') }),
      ),
      is('route', 'HTTPRoute de un Service: la otra regla', mesh('/status/201')),
      is('timeout', 'HTTPRoute de un Service: timeouts.request', mesh('/delay/3', { timed: true })),
      is('no-rule', 'HTTPRoute de un Service: ninguna regla', mesh('/ip')),
    ],
  },
  {
    id: 'gwapi-grant',
    topic: 'rutas',
    apply: yaml(
      meshRoute('fid-hello', 'helloworld', 5000, '{backendRefs: [{name: httpbin, namespace: legacy, port: 8000}]}'),
      `apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: fid, namespace: legacy}\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}], to: [{group: "", kind: Service}]}\n`,
    ),
    behaviours: [
      is('granted', 'con ReferenceGrant se llega al otro espacio', mesh('http://helloworld:5000/status/201')),
    ],
  },
];
