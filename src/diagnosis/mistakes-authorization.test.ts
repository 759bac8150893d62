// Typical mistakes about authorization: how a healthy world is broken, what a request gets, and the first broken link.
import { service, type World, workload } from './bookinfo.fixture.ts';
import { answer, page, testRows, url } from './mistakes.fixture.ts';
import {
  allow,
  curlAccount,
  denied,
  deny,
  forbidden,
  from,
  httpbinWorld,
  of,
  ok,
  policy,
  row,
  to,
  unmeshed,
} from './security.fixture.ts';
import type { Symptom } from './symptom.ts';

/** Reviews that say that there are no ratings. */
function about(service: string): Symptom {
  const path = '/api/v1/products/0/reviews';
  const classes = { mal: 'unavailable', bien: 'reviewer' };
  return {
    type: 'reparto',
    pattern: { path, headers: {}, classes, expected: { bien: 100 }, about: service },
    url: url(path),
    measured: { decision: 'incorrecto', requests: 9, counts: { mal: 6, bien: 3 }, failures: {} },
  };
}

/** Bookinfo's details, as another Service. */
function renamed(): World {
  const [deployment, pod] = workload('default', 'catalogo', { app: 'catalogo' }, { port: 9080 });
  const containers = [{ name: 'catalogo', image: 'registry.example/examples-bookinfo-details-v1:1.20.3' }];
  const world = httpbinWorld().add(service('catalogo'));
  if (deployment) world.add(deployment);
  if (pod) world.add(pod).set('Pod', 'catalogo-abc-12345', ['spec', 'containers'], containers);
  return world.set('Pod', 'catalogo-abc-12345', ['spec', 'serviceAccountName'], 'catalogo');
}

const aboutCatalogue: Symptom = {
  type: 'http',
  pattern: {
    path: '/api/v1/products/0',
    method: 'GET',
    headers: {},
    status: 200,
    contains: ['ISBN-10'],
    about: 'catalogo',
  },
  url: url('/api/v1/products/0'),
  answer: answer(403, '{"error": "Sorry"}'),
};

testRows({
  'requests that should be denied': [
    row('no policy', [], ok, forbidden, 'MALLA-AUT-01'),
    row(
      'in another namespace',
      [policy('cerrado', {}, 'kube-public')],
      ok,
      forbidden,
      'MALLA-AUT-02',
      'AuthorizationPolicy cerrado metadata.namespace',
    ),
    row(
      'the selector',
      [policy('cerrado', of('httpbim'))],
      ok,
      forbidden,
      'MALLA-AUT-03',
      'AuthorizationPolicy cerrado spec.selector.matchLabels',
    ),
    row(
      'on the client',
      [policy('cerrado', of('curl'))],
      ok,
      forbidden,
      'MALLA-AUT-17',
      'AuthorizationPolicy cerrado spec.selector.matchLabels',
    ),
    row('an empty rule', [allow([{}])], ok, forbidden, 'MALLA-AUT-09', 'AuthorizationPolicy permitir spec.rules[0]'),
    row(
      'who is not said',
      [allow([to({ methods: ['GET'] })])],
      ok,
      forbidden,
      'MALLA-AUT-16',
      'AuthorizationPolicy permitir spec.rules[0]',
    ),
    row(
      'two rules instead of one',
      [allow([from({ principals: [curlAccount] }), to({ paths: ['/health'] })])],
      ok,
      forbidden,
      'MALLA-AUT-18',
    ),
    row(
      'a policy on trial',
      [{ ...deny([{}]), metadata: { ...deny([{}]).metadata, annotations: { 'istio.io/dry-run': 'true' } } }],
      ok,
      forbidden,
      'MALLA-AUT-19',
    ),
    row(
      'ALLOW where DENY is meant',
      [
        allow([from({ principals: ['*'] })]),
        policy('sin-headers', { ...of('httpbin'), rules: [to({ paths: ['/headers'] })] }, 'default', 2),
      ],
      ok,
      forbidden,
      'MALLA-AUT-20',
      'AuthorizationPolicy sin-headers spec.action',
    ),
    row(
      'a DENY with a method in lower case',
      [deny([to({ methods: ['get'] })])],
      ok,
      forbidden,
      'MALLA-AUT-07',
      'AuthorizationPolicy denegar spec.rules[0].to[0].operation.methods',
    ),
    row('a DENY for another path', [deny([to({ paths: ['/anything'] })])], ok, forbidden, 'MALLA-AUT-13'),
    row(
      'a server without sidecar',
      [policy('cerrado', {})],
      ok,
      forbidden,
      'MALLA-MTL-09',
      undefined,
      unmeshed(httpbinWorld()),
    ),
  ],
  'requests that should pass': [
    row('nothing allows it', [policy('cerrado', {})], denied, {}, 'MALLA-AUT-08', 'AuthorizationPolicy cerrado spec'),
    row(
      'the policy that allows it selects nobody',
      [policy('cerrado', {}), allow([{}], 'htpbin')],
      denied,
      {},
      'MALLA-AUT-03',
    ),
    row(
      'the policy that allows it is elsewhere',
      [policy('cerrado', {}), allow([{}], 'httpbin', 'fuera')],
      denied,
      {},
      'MALLA-AUT-02',
    ),
    row(
      'spiffe in the principal',
      [allow([from({ principals: [`spiffe://${curlAccount}`] })])],
      denied,
      {},
      'MALLA-AUT-04',
      'AuthorizationPolicy permitir spec.rules[0].from[0].source.principals',
    ),
    row('no trust domain', [allow([from({ principals: ['ns/default/sa/curl'] })])], denied, {}, 'MALLA-AUT-04'),
    row(
      'another account',
      [allow([from({ principals: ['cluster.local/ns/default/sa/crul'] })])],
      denied,
      {},
      'MALLA-AUT-05',
    ),
    row(
      'the second of two entries',
      [
        allow([
          { from: [{ source: { namespaces: ['otro'] } }, { source: { principals: [`spiffe://${curlAccount}`] } }] },
        ]),
      ],
      denied,
      {},
      'MALLA-AUT-04',
    ),
    row(
      'a query in the path',
      [allow([to({ paths: ['/headers?*'] })])],
      denied,
      {},
      'MALLA-AUT-06',
      'AuthorizationPolicy permitir spec.rules[0].to[0].operation.paths',
    ),
    row('a star in the middle', [allow([to({ paths: ['/he*rs'] })])], denied, {}, 'MALLA-AUT-06'),
    row('the method in lower case', [allow([to({ methods: ['get'] })])], denied, {}, 'MALLA-AUT-07'),
    row('another method', [allow([to({ methods: ['GET'] })])], denied, { method: 'POST' }, 'MALLA-AUT-12'),
    row('another path', [allow([to({ paths: ['/info'] })])], denied, {}, 'MALLA-AUT-13'),
    row('another namespace', [allow([from({ namespaces: ['defualt'] })])], denied, {}, 'MALLA-AUT-14'),
    row(
      'a caller without identity',
      [allow([from({ principals: ['cluster.local/ns/fuera/sa/curl'] })])],
      denied,
      { from: 'fuera' },
      'MALLA-AUT-15',
    ),
    row('a DENY for everything', [deny([{}])], denied, {}, 'MALLA-AUT-10', 'AuthorizationPolicy denegar spec.rules[0]'),
    row('a DENY for anybody', [deny([from({ principals: ['*'] })])], denied, {}, 'MALLA-AUT-10'),
    row('a DENY for this', [deny([to({ methods: ['GET'] })])], denied, {}, 'MALLA-AUT-21'),
    row('the port of the Service', [allow([to({ ports: ['8000'] })])], denied, {}, 'MALLA-AUT-22'),
    row('a host', [allow([to({ hosts: ['otro.example'] })])], denied, {}, 'MALLA-AUT-23'),
  ],
  'the way in': [
    {
      mistake: 'the gateway’s identity is forgotten',
      world: httpbinWorld().add(
        policy('dentro', { ...of('productpage'), rules: [from({ principals: ['cluster.local/ns/default/*'] })] }),
      ),
      symptom: page(answer(403, 'RBAC: access denied')),
      code: 'MALLA-AUT-11',
      at: 'AuthorizationPolicy dentro spec.rules[0].from[0].source.principals',
    },
    {
      mistake: 'the account of the gateway',
      world: httpbinWorld().add(
        policy('puerta', {
          ...of('productpage'),
          rules: [from({ principals: ['cluster.local/ns/istio-system/sa/istio-ingressgateway'] })],
        }),
      ),
      symptom: page(answer(403, 'RBAC: access denied')),
      code: 'MALLA-AUT-05',
    },
    {
      mistake: 'a policy for the whole mesh stops it at the gateway',
      world: httpbinWorld().add(policy('cerrado', {}, 'istio-system')),
      symptom: page(answer(403, 'RBAC: access denied')),
      code: 'MALLA-AUT-24',
    },
    {
      mistake: 'a principal that nobody has, two services behind',
      world: httpbinWorld().add(
        policy('ratings', { ...of('ratings'), rules: [from({ principals: ['cluster.local/ns/default/sa/review'] })] }),
      ),
      symptom: about('ratings'),
      code: 'MALLA-AUT-05',
      at: 'AuthorizationPolicy ratings spec.rules[0].from[0].source.principals',
    },
    {
      mistake: 'the service behind is closed',
      world: httpbinWorld().add(
        policy('details', { ...of('details'), rules: [from({ principals: ['cluster.local/ns/default/sa/details'] })] }),
      ),
      symptom: page(answer(403, '{"error": "Sorry"}'), '/api/v1/products/0/details'),
      code: 'MALLA-AUT-05',
      at: 'AuthorizationPolicy details',
    },
    {
      mistake: 'who should be let in is denied, behind a Service that is not called as its program',
      world: renamed().add(
        policy('catalogo', {
          ...of('catalogo'),
          action: 'DENY',
          rules: [
            {
              ...from({ principals: ['cluster.local/ns/default/sa/productpage'] }),
              ...to({ methods: ['GET'], paths: ['/details/*'] }),
            },
          ],
        }),
      ),
      symptom: aboutCatalogue,
      code: 'MALLA-AUT-21',
      at: 'AuthorizationPolicy catalogo spec.rules[0]',
    },
  ],
});
