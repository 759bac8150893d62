// Mistakes with more than one thing on the way: the one that explains what is seen is named, and no other.
import {
  abort,
  agent,
  delay,
  failures,
  flag,
  iPhone,
  jason,
  latency,
  ratings,
  ratingsRoute,
  request,
  reviews,
  rule,
  split,
  user,
  v,
} from './behaviour.fixture.ts';
import { destinationRule, to, virtualService } from './bookinfo.fixture.ts';
import { answer, testRows, withRules } from './mistakes.fixture.ts';
import { asked, httpbinWorld } from './security.fixture.ts';

testRows({
  'more than one thing on the way': [
    {
      mistake: 'a limit on a route that leads nowhere',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(
        rule('reviews', { route: [to('reviews', 'v9')], timeout: '0.5s' }),
      ),
      symptom: request(
        { path: '/productpage', about: 'reviews', flag: flag('UT') },
        { answer: answer(200), flags: ['NC'] },
      ),
      code: 'MALLA-DES-01',
    },
    {
      mistake: 'no subsets, and so no call to ratings to be delayed',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(rule('reviews', v('v2'))),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 12 }),
      code: 'MALLA-DES-01',
    },
    {
      mistake: 'a delay for half of the requests',
      world: ratings({ fault: delay('2s', { percentage: { value: 50 } }), ...ratingsRoute }),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 2_003, decision: 'seguir' }),
      code: 'MALLA-FAL-05',
    },
    {
      mistake: 'a delay longer than the caller waits',
      world: ratings(
        { ...user('end-user'), fault: { ...delay('9s'), ...abort(503, 100) }, ...ratingsRoute },
        ratingsRoute,
      ),
      symptom: request(
        { status: 503, session: jason, flag: flag('DI,FI') },
        { answer: { ...answer(500), milliseconds: 3_003 } },
      ),
      code: 'MALLA-FAL-06',
    },
    {
      mistake: 'a delay that was forgotten',
      world: ratings({ fault: delay('5s'), ...ratingsRoute }),
      symptom: failures(503, 12.5, { counts: { otro: 20 }, requests: 20, failures: { 500: 20 } }),
      code: 'MALLA-FAL-09',
    },
    {
      mistake: 'the new fault in another namespace, over the old one',
      world: ratings({ fault: abort(404, 50), ...ratingsRoute }).add(
        virtualService('ratings', ['ratings'], [{ fault: abort(404, 10), ...ratingsRoute }], {}, 'kube-public'),
      ),
      symptom: failures(404, 10, { counts: { bien: 50, fallo: 50 } }),
      code: 'MALLA-FAL-04',
      at: 'VirtualService ratings metadata.namespace',
    },
    {
      mistake: 'the new rules in another namespace, over the old ones',
      world: reviews(v('v1')).add(virtualService('reviews', ['reviews'], [v('v2')], {}, 'kube-public')),
      symptom: split({ v2: 1 }),
      code: 'MALLA-RUT-08',
    },
    {
      mistake: 'a gateway that does not exist, beside one that does',
      world: withRules(
        virtualService('entrada', ['*'], [{ match: [{ uri: { prefix: '/reviews' } }], ...v('v1') }], {
          gateways: ['bookinfo-gatway'],
        }),
      ),
      symptom: request({ path: '/reviews/0' }, { answer: answer(404) }),
      code: 'MALLA-RUT-02',
      at: 'VirtualService entrada spec.gateways[0]',
    },
    {
      mistake: 'no rule for the user, and one of the same destination for others',
      world: reviews(
        { ...agent({ regex: '.*iPhone.*' }), ...v('v2') },
        { ...agent({ regex: '.*Android.*' }), ...v('v3') },
        v('v1'),
      ),
      symptom: split({ v3: 1 }, { headers: { 'User-Agent': iPhone }, session: jason }),
      code: 'MALLA-REP-04',
      at: 'VirtualService reviews spec.http[0]',
    },
    {
      mistake: 'a subset of the name of one version with the pods of another, and so no call to ratings',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(
        destinationRule('reviews', 'reviews', { v2: { version: 'v1' } }),
        rule('reviews', v('v2')),
      ),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 3 }),
      code: 'MALLA-DES-05',
      at: 'DestinationRule reviews spec.subsets[0].labels',
    },
    {
      mistake: 'an older VirtualService that hides the one of v2',
      world: withRules(
        rule('ratings', { fault: delay('2s'), ...ratingsRoute }),
        virtualService('a-reviews', ['reviews'], [{ route: [to('reviews')] }]),
        rule('reviews', v('v2')),
      ),
      symptom: request(
        { path: '/productpage', flag: flag('DI', 'reviews,version=v2') },
        { answer: answer(200), flags: [] },
      ),
      code: 'MALLA-RUT-07',
      at: 'VirtualService reviews spec.hosts',
    },
    {
      mistake: 'times of two kinds, by a VirtualService that hides the one of v2',
      world: withRules(
        rule('ratings', { fault: delay('2s'), ...ratingsRoute }),
        virtualService('a-reviews', ['reviews'], [{ route: [to('reviews')] }]),
        rule('reviews', v('v2')),
      ),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 2_001, decision: 'seguir' }),
      code: 'MALLA-RUT-07',
    },
    {
      mistake: 'the flag of a version that gets only a part of the calls',
      world: withRules(
        rule('ratings', { fault: delay('2s'), ...ratingsRoute }),
        rule('reviews', { route: [to('reviews')] }),
      ),
      symptom: request(
        { path: '/productpage', flag: flag('DI', 'reviews,version=v2') },
        { answer: answer(200), flags: [] },
      ),
      code: 'MALLA-REP-06',
      at: 'VirtualService reviews spec.http[0].route[0].destination',
    },
    {
      mistake: 'a limit that should be gone, and the rule without it in another namespace',
      world: ratings({ fault: delay('2s'), ...ratingsRoute, timeout: '0.5s' }).add(
        rule('reviews', { route: [to('reviews')], timeout: '0.5s' }),
        virtualService('reviews', ['reviews'], [{ route: [to('reviews')] }], {}, 'kube-public'),
      ),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 1_010 }),
      code: 'MALLA-RUT-08',
      at: 'VirtualService reviews metadata.namespace',
    },
    {
      mistake: 'at the entry, one of two destinations leads nowhere',
      world: withRules(
        virtualService('entrada', ['*'], [{ route: [to('reviews', 'v9', 75), to('reviews', 'v2', 25)] }], {
          gateways: ['bookinfo-gateway'],
        }),
      ).remove('VirtualService', 'bookinfo'),
      symptom: split({ v1: 75, v2: 25 }, { path: '/reviews/0' }),
      code: 'MALLA-DES-02',
      at: 'VirtualService entrada spec.http[0].route[0].destination.subset',
    },
    ...[
      {
        mistake: 'a destination that leads nowhere',
        http: [{ match: [{ uri: { prefix: '/status' } }], route: [to('httpbni')] }],
        seen: { status: 503 },
        code: 'MALLA-RUT-10',
      },
      {
        mistake: 'an abort for every path',
        http: [{ fault: abort(503, 100), route: [to('httpbin')] }],
        seen: { status: 503, body: 'fault filter abort' },
        code: 'MALLA-RUT-25',
      },
      {
        mistake: 'rules for other paths only',
        http: [{ match: [{ uri: { prefix: '/delay' } }], route: [to('httpbin')] }],
        seen: { status: 404 },
        code: 'MALLA-RUT-03',
      },
    ].map(({ mistake, http, seen, code }) => {
      const world = httpbinWorld().add(rule('httpbin', ...http));
      const symptom = asked(world, seen, { path: '/status/418', expected: { status: 418 } });
      return {
        mistake: `a request from a pod: ${mistake}`,
        world,
        symptom,
        code,
        at: 'VirtualService httpbin spec.http',
      };
    }),
    {
      mistake: 'two limits, of which only one is in the way of the delay',
      world: ratings({ fault: delay('2s'), ...ratingsRoute, timeout: '0.4s' }).add(
        rule('reviews', { route: [to('reviews')], timeout: '0.5s' }),
      ),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 1_010 }),
      code: 'MALLA-TIE-05',
      at: 'VirtualService reviews spec.http[0].timeout',
    },
  ],
});
