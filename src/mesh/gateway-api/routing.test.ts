import { describe, expect, test } from 'vitest';
import type { Forward, Reply } from '../decision.ts';
import type { MeshRequest } from '../engine.ts';
import { always, bookinfo, engineOf, get, SIDECAR, seeded, service } from '../fixtures.ts';
import type { KubeObject } from '../objects.ts';
import { apiGateway, apiObject, backend, FRONT, http, httpRoute, prefix, serviceRoute } from './fixtures.ts';

const REVIEWS = [backend('reviews')];

function at(objects: KubeObject[], url: string, extra: Partial<MeshRequest> = {}) {
  return engineOf(...bookinfo(), ...objects).decide(FRONT, get(url, extra), always(0));
}

/** Where a request goes: the cluster, or the status of the gateway's own answer. */
function whither(objects: KubeObject[], url: string, extra: Partial<MeshRequest> = {}): string | number {
  const { outcome } = at(objects, url, extra);
  if (outcome.kind === 'reply') return outcome.headers.location ?? outcome.status;
  return outcome.kind === 'forward' ? outcome.cluster : outcome.kind;
}

function to(host: string): unknown {
  return [{ type: 'RequestRedirect', requestRedirect: { hostname: host, statusCode: 302 } }];
}

const reviews = 'outbound|9080||reviews.default.svc.cluster.local';

describe('A Gateway and its HTTPRoutes', () => {
  test('requests reach the backend of the route that is attached', () => {
    const route = httpRoute('r', { rules: [{ matches: [prefix('/')], backendRefs: REVIEWS }] });
    expect(whither([apiGateway(), route], 'http://any.example.com/reviews/0')).toBe(reviews);
  });

  test('its pods listen on the ports of its listeners, and nobody else does', () => {
    const engine = engineOf(...bookinfo(), apiGateway('front', [http({ port: 8181 })]));
    expect(engine.gatewayPorts(FRONT)).toEqual([{ port: 8181, protocol: 'http', servers: [] }]);
    expect(engine.gatewayPorts({ ...FRONT, namespace: 'other' })).toEqual([]);
  });

  test('a Gateway of another class is not served', () => {
    const foreign = apiObject('Gateway', 'front', { gatewayClassName: 'nginx', listeners: [http()] });
    expect(engineOf(foreign).gatewayPorts(FRONT)).toEqual([]);
  });

  test('a Gateway with the address of a Service configures the pods of that Service', () => {
    const manual = apiObject('Gateway', 'manual', {
      gatewayClassName: 'istio',
      addresses: [{ type: 'Hostname', value: 'own' }],
      listeners: [http()],
    });
    const own = service('own', 80, { selector: { app: 'own' }, ports: [{ port: 80, targetPort: 8080 }] });
    const engine = engineOf(own, manual);
    const pods = { kind: 'gateway', namespace: 'default', labels: { app: 'own' } } as const;
    expect(engine.gatewayPorts(pods).map(({ port }) => port)).toEqual([8080]);
  });

  test('hosts are those that route and listener both name', () => {
    const gateway = apiGateway('front', [http({ hostname: '*.example.com' })]);
    const route = httpRoute('r', { hostnames: ['a.example.com', 'a.example.org'], rules: [{ backendRefs: REVIEWS }] });
    expect(whither([gateway, route], 'http://a.example.com/')).toBe(reviews);
    expect(whither([gateway, route], 'http://b.example.com/')).toBe(404);
    expect(whither([gateway, route], 'http://a.example.org/')).toBe(404);
  });

  test('a host that a more specific listener takes is not taken by the wider one', () => {
    const gateway = apiGateway('front', [
      http({ name: 'wide', hostname: '*.example.com' }),
      http({ name: 'narrow', hostname: 'a.example.com' }),
    ]);
    const parentRefs = [{ name: 'front', sectionName: 'wide' }];
    const route = httpRoute('r', { parentRefs, rules: [{ backendRefs: REVIEWS }], hostnames: ['a.example.com'] });
    expect(whither([gateway, route], 'http://a.example.com/')).toBe(404);
  });

  test('a route of another namespace needs the listener to allow it', () => {
    const route = (namespace: string) =>
      httpRoute(
        'r',
        { parentRefs: [{ name: 'front', namespace: 'default' }], rules: [{ filters: to('x.org') }] },
        { namespace },
      );
    expect(whither([apiGateway(), route('other')], 'http://a/')).toBe(404);
    const open = apiGateway('front', [http({ allowedRoutes: { namespaces: { from: 'All' } } })]);
    expect(whither([open, route('other')], 'http://a/')).toBe('http://x.org/');
    const selector = { matchLabels: { team: 'web' } };
    const some = apiGateway('front', [http({ allowedRoutes: { namespaces: { from: 'Selector', selector } } })]);
    const namespace = (labels: Record<string, string>): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'other', labels },
    });
    expect(whither([some, route('other'), namespace({ team: 'web' })], 'http://a/')).toBe('http://x.org/');
    expect(whither([some, route('other'), namespace({ team: 'db' })], 'http://a/')).toBe(404);
  });

  test('TLS that ends at a listener uses the Secret of its certificateRefs', () => {
    const tls = { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'cert' }] };
    const gateway = apiGateway('front', [{ name: 'https', port: 443, protocol: 'HTTPS', hostname: 'a.org', tls }]);
    const route = httpRoute('r', { rules: [{ backendRefs: REVIEWS }] });
    const engine = engineOf(...bookinfo(), gateway, route);
    const source = { kind: 'Gateway', namespace: 'default', name: 'front', path: 'spec.listeners[0]' };
    const servers = [{ mode: 'simple', hosts: ['a.org'], credentialName: 'cert', source }];
    expect(engine.gatewayPorts(FRONT)).toEqual([{ port: 443, protocol: 'https', servers }]);
    const request = get('https://a.org/', { port: 443, authority: 'a.org', serverName: 'a.org' });
    expect(engine.decide(FRONT, { ...request, path: '/' }, always(0)).outcome.kind).toBe('forward');
  });
});

describe('Rules', () => {
  const gateway = apiGateway();

  test('PathPrefix matches whole segments', () => {
    const route = httpRoute('r', { rules: [{ matches: [prefix('/foo/')], backendRefs: REVIEWS }] });
    expect(whither([gateway, route], 'http://a/foo')).toBe(reviews);
    expect(whither([gateway, route], 'http://a/foo/bar?x=1')).toBe(reviews);
    expect(whither([gateway, route], 'http://a/food')).toBe(404);
  });

  test('the more specific rule comes first, wherever it is written', () => {
    const regex = { path: { type: 'RegularExpression', value: '/a/.*/c' } };
    const route = httpRoute('r', {
      rules: [
        { matches: [prefix('/')], filters: to('root') },
        { matches: [prefix('/a')], filters: to('short') },
        { matches: [regex], filters: to('regex') },
        { matches: [prefix('/a/b')], filters: to('long') },
        { matches: [{ path: { type: 'Exact', value: '/a/b/c' } }], filters: to('exact') },
        { matches: [prefix('/a', { queryParams: [{ name: 'q', value: '1' }] })], filters: to('query') },
        { matches: [prefix('/a', { headers: [{ name: 'X-One', value: '1' }] })], filters: to('header') },
        { matches: [prefix('/a', { method: 'PUT' })], filters: to('method') },
      ],
    });
    const objects = [gateway, route];
    const headers = { 'x-one': '1' };
    expect(whither(objects, 'http://h/z')).toBe('http://root/z');
    expect(whither(objects, 'http://h/a')).toBe('http://short/a');
    expect(whither(objects, 'http://h/a/b/x')).toBe('http://long/a/b/x');
    expect(whither(objects, 'http://h/a/b/c')).toBe('http://exact/a/b/c');
    expect(whither(objects, 'http://h/a?q=1')).toBe('http://query/a?q=1');
    expect(whither(objects, 'http://h/a?q=1', { headers })).toBe('http://header/a?q=1');
    expect(whither(objects, 'http://h/a', { headers, method: 'PUT' })).toBe('http://method/a');
  });

  test('rules of several routes for a host are ordered together; of equal ones the oldest wins', () => {
    const at = (name: string, path: string, hour: number) =>
      httpRoute(
        name,
        { rules: [{ matches: [prefix(path)], filters: to(name) }] },
        {
          creationTimestamp: `2026-03-01T1${hour}:00:00Z`,
        },
      );
    const objects = [gateway, at('younger', '/a', 2), at('older', '/a', 1), at('longer', '/a/b', 3)];
    expect(whither(objects, 'http://h/a')).toBe('http://older/a');
    expect(whither(objects, 'http://h/a/b')).toBe('http://longer/a/b');
  });

  test('weights share out requests; a backend of weight 0 gets none', () => {
    const backendRefs = [
      backend('reviews', { weight: 9 }),
      backend('ratings', { weight: 1 }),
      backend('details', { weight: 0 }),
    ];
    const engine = engineOf(...bookinfo(), gateway, httpRoute('r', { rules: [{ backendRefs }] }));
    const chance = seeded(7);
    const counts: Record<string, number> = {};
    for (let i = 0; i < 5_000; i++) {
      const {
        service: { name },
      } = engine.decide(FRONT, get('http://a/'), chance).outcome as Forward;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(Object.keys(counts).sort()).toEqual(['ratings', 'reviews']);
    expect(counts.ratings).toBeGreaterThan(400);
    expect(counts.ratings).toBeLessThan(600);
  });

  test('500 when a backend does not exist, has no such port, or there is none', () => {
    const rules = (refs: unknown[]) => [gateway, httpRoute('r', { rules: [{ backendRefs: refs }] })];
    expect(whither(rules([backend('nobody')]), 'http://a/')).toBe(500);
    expect(whither(rules([backend('reviews', { port: 1 })]), 'http://a/')).toBe(500);
    expect(whither(rules([backend('reviews', { weight: 0 })]), 'http://a/')).toBe(500);
    expect(whither(rules([]), 'http://a/')).toBe(500);
    expect(whither(rules([backend('x', { kind: 'Foo', group: 'foo.io' })]), 'http://a/')).toBe(500);
    expect((at(rules([backend('nobody')]), 'http://a/').outcome as Reply).details).toBe('cluster_not_found');
  });

  test('a Service of another namespace needs a ReferenceGrant, else 500', () => {
    const far = service('far', 9080, {}, 'other');
    const route = httpRoute('r', { rules: [{ backendRefs: [backend('far', { namespace: 'other' })] }] });
    expect(whither([gateway, far, route], 'http://a/')).toBe(500);
    const grant = (to: unknown) =>
      apiObject(
        'ReferenceGrant',
        'g',
        { from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default' }], to: [to] },
        { namespace: 'other' },
      );
    expect(whither([gateway, far, route, grant({ group: '', kind: 'Service', name: 'near' })], 'http://a/')).toBe(500);
    // Allowed, and without pods.
    expect(whither([gateway, far, route, grant({ group: '', kind: 'Service' })], 'http://a/')).toBe(503);
  });

  test('an unusable filter makes the whole route worth nothing', () => {
    const route = httpRoute('r', {
      rules: [{ matches: [prefix('/ok')], backendRefs: REVIEWS }, { filters: [{ type: 'ExtensionRef' }] }],
    });
    expect(whither([gateway, route], 'http://a/ok')).toBe(404);
  });
});

describe('Filters', () => {
  const gateway = apiGateway();
  const rule = (filters: unknown[], more: Record<string, unknown> = {}) => [
    gateway,
    httpRoute('r', { rules: [{ matches: [prefix('/old')], filters, backendRefs: REVIEWS, ...more }] }),
  ];
  const forward = (objects: KubeObject[], path: string) => at(objects, `http://a${path}`).outcome as Forward;

  test('headers of requests and answers', () => {
    const changes = {
      set: [
        { name: 'X-Set', value: 'a' },
        { name: 'x-set', value: 'b' },
      ],
      add: [{ name: 'x-add', value: 'c' }],
      remove: ['X-Gone'],
    };
    const { requestHeaders, responseHeaders } = forward(
      rule([
        { type: 'RequestHeaderModifier', requestHeaderModifier: changes },
        { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'x-r', value: '1' }] } },
      ]),
      '/old',
    );
    expect(requestHeaders).toEqual([{ set: [['x-set', 'a']], add: [['x-add', 'c']], remove: ['x-gone'] }]);
    expect(responseHeaders).toEqual([{ set: [['x-r', '1']], add: [], remove: [] }]);
  });

  test('a rewrite replaces the prefix, takes it away, or replaces the whole path', () => {
    const rewritten = (path: unknown, from: string) =>
      forward(rule([{ type: 'URLRewrite', urlRewrite: { path } }]), from).rewrittenPath;
    const replace = (value: string) => ({ type: 'ReplacePrefixMatch', replacePrefixMatch: value });
    expect(rewritten(replace('/new'), '/old/x?q=1')).toBe('/new/x?q=1');
    expect(rewritten(replace('/new/'), '/old/x')).toBe('/new/x');
    expect(rewritten(replace('/'), '/old/x?q=1')).toBe('/x?q=1');
    expect(rewritten(replace('/'), '/old?q=1')).toBe('/?q=1');
    expect(rewritten(replace('/'), '/old')).toBe('/');
    expect(rewritten({ type: 'ReplaceFullPath', replaceFullPath: '/full' }, '/old/x?q=1')).toBe('/full?q=1');
  });

  test('a rewrite of the host', () => {
    const { rewrittenAuthority } = forward(rule([{ type: 'URLRewrite', urlRewrite: { hostname: 'b.org' } }]), '/old');
    expect(rewrittenAuthority).toBe('b.org');
  });

  test('a redirect keeps what it does not change, and its prefix may be replaced', () => {
    const sent = (requestRedirect: unknown) =>
      whither(rule([{ type: 'RequestRedirect', requestRedirect }], { backendRefs: [] }), 'http://a/old/x?q=1');
    expect(sent({ scheme: 'https', hostname: 'b.org' })).toBe('https://b.org/old/x?q=1');
    expect(sent({ port: 8080 })).toBe('http://a:8080/old/x?q=1');
    const path = (type: string, field: string) => ({ path: { type, [field]: '/new' } });
    expect(sent(path('ReplacePrefixMatch', 'replacePrefixMatch'))).toBe('http://a/new/x?q=1');
    expect(sent(path('ReplaceFullPath', 'replaceFullPath'))).toBe('http://a/new?q=1');
  });

  test('mirrors, timeouts and retries', () => {
    const mirror = { type: 'RequestMirror', requestMirror: { backendRef: backend('ratings') } };
    const { mirrors, timeout, retry } = forward(
      rule([mirror], { timeouts: { request: '2s', backendRequest: '1s' }, retry: { attempts: 1, codes: [503] } }),
      '/old',
    );
    expect(mirrors?.map((m) => m.cluster)).toEqual(['outbound|9080||ratings.default.svc.cluster.local']);
    expect(timeout).toBe(2_000);
    expect(retry?.attempts).toBe(1);
    expect(retry?.perTryTimeout).toBe(1_000);
    expect(retry?.statuses).toEqual(new Set([503]));
  });

  test('filters of one backend', () => {
    const filters = [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'v', value: '2' }] } }];
    const { responseHeaders } = forward(rule([], { backendRefs: [backend('reviews', { filters })] }), '/old');
    expect(responseHeaders).toEqual([{ set: [['v', '2']], add: [], remove: [] }]);
  });
});

describe('Routes of a Service', () => {
  function fromSidecar(objects: KubeObject[], url: string, namespace = 'default') {
    const engine = engineOf(...bookinfo(), ...objects);
    const { outcome } = engine.decide({ ...SIDECAR, namespace }, get(url), always(0));
    return outcome.kind === 'forward'
      ? `${outcome.service.name} ${outcome.route}`
      : outcome.kind === 'reply' && outcome.status;
  }

  test('sidecars obey them, by the port of the parentRef', () => {
    const route = serviceRoute('reviews', [{ backendRefs: [backend('ratings')] }], {}, 9080);
    expect(fromSidecar([route], 'http://reviews:9080/')).toBe('ratings default.reviews-route.0');
    const other = serviceRoute('reviews', [{ backendRefs: [backend('ratings')] }], {}, 9999);
    expect(fromSidecar([other], 'http://reviews:9080/')).toBe('reviews default');
  });

  test('a request that no rule matches gets a 404', () => {
    const route = serviceRoute('reviews', [{ matches: [prefix('/a')], backendRefs: REVIEWS }]);
    expect(fromSidecar([route], 'http://reviews:9080/b')).toBe(404);
  });

  test('a route of the clients’ namespace is for them alone, and they prefer it', () => {
    const parent = { group: '', kind: 'Service', name: 'reviews', namespace: 'default' };
    const theirs = httpRoute(
      'theirs',
      { parentRefs: [parent], rules: [{ backendRefs: [backend('details', { namespace: 'default' })] }] },
      { namespace: 'web', creationTimestamp: '2026-03-02T10:00:00Z' },
    );
    const owners = serviceRoute('reviews', [{ backendRefs: [backend('ratings')] }]);
    const url = 'http://reviews.default:9080/';
    expect(fromSidecar([theirs], url)).toBe('reviews default');
    expect(fromSidecar([theirs, owners], url, 'web')).toBe('details web.theirs.0');
    expect(fromSidecar([theirs, owners], url, 'elsewhere')).toBe('ratings default.reviews-route.0');
  });
});

test('steps name the HTTPRoute and the place in it, not what istiod makes of it', () => {
  const route = httpRoute('r', {
    hostnames: ['a.org'],
    rules: [
      { matches: [prefix('/x'), prefix('/y', { headers: [{ name: 'X-H', value: '1' }] })], backendRefs: REVIEWS },
      {
        matches: [prefix('/')],
        timeouts: { request: '3s' },
        backendRefs: [backend('details', { weight: 0 }), backend('ratings'), backend('reviews')],
      },
    ],
  });
  const { steps } = at([apiGateway(), route], 'http://a.org/y');
  const told = steps.flatMap(({ kind, source }) => (source ? `${kind} ${source.kind} ${source.path}` : []));
  expect(told).toEqual([
    'listener Gateway spec.listeners[0]',
    'virtual-host HTTPRoute spec.hostnames[0]',
    'match HTTPRoute spec.rules[0].matches[1].headers[0]',
    'match HTTPRoute spec.rules[0].matches[0].path',
    'match HTTPRoute spec.rules[1].matches[0]',
    'rule HTTPRoute spec.rules[1]',
    'destination HTTPRoute spec.rules[1].backendRefs[1]',
    'timeout HTTPRoute spec.rules[1].timeouts.request',
  ]);
});

test('a GRPCRoute routes by service and method', () => {
  const route = apiObject('GRPCRoute', 'g', {
    parentRefs: [{ name: 'front' }],
    rules: [{ matches: [{ method: { service: 'shop.Cart', method: 'Add' } }], backendRefs: REVIEWS }],
  });
  expect(whither([apiGateway(), route], 'http://a/shop.Cart/Add', { method: 'POST' })).toBe(reviews);
  expect(whither([apiGateway(), route], 'http://a/shop.Cart/Del', { method: 'POST' })).toBe(404);
});

test('objects with anything in any place are read', () => {
  const odd = [undefined, null, 7, 'x', [], {}, [null], [{}], { name: 3 }];
  for (const value of odd) {
    const objects = [
      apiGateway('front', [value]),
      apiObject('Gateway', 'b', value),
      apiObject('ReferenceGrant', 'g', { from: value, to: value }),
      httpRoute('r', { parentRefs: value }),
      httpRoute('s', { rules: value, hostnames: value }),
      httpRoute('t', {
        rules: [{ matches: value, filters: value, backendRefs: value, timeouts: value, retry: value }],
      }),
      httpRoute('u', { rules: [{ matches: [{ path: value, headers: value, method: value, queryParams: value }] }] }),
      httpRoute('v', {
        rules: [
          {
            filters: [
              { type: 'CORS', cors: value },
              { type: 'RequestMirror', requestMirror: value },
            ],
          },
        ],
      }),
    ];
    expect(() => at(objects, 'http://a/').steps).not.toThrow();
  }
});
