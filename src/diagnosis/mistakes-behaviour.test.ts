// Typical mistakes with headers, faults, time limits and retries: how a healthy world is broken, what is seen, and the
// first broken link.
import type { KubeObject } from '../mesh/objects.ts';
import { bookinfo, to, virtualService, type World } from './bookinfo.fixture.ts';
import { answer, noSidecar, testRows, url, withRules } from './mistakes.fixture.ts';
import type { HttpSeen, MeasuredLatency, MeasuredSplit, Symptom } from './symptom.ts';

type Pattern<T extends Symptom['type']> = Extract<Symptom, { type: T }>['pattern'];

const jason = { path: '/login?username=jason', method: 'POST' as const, headers: {} };
const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)';
const reviewsPath = '/api/v1/products/0/reviews';
const ratingsPath = '/api/v1/products/0/ratings';

const split = (expected: Record<string, number>, more: Partial<Pattern<'reparto'>> = {}): Symptom => ({
  type: 'reparto',
  pattern: {
    path: reviewsPath,
    headers: {},
    classes: { v1: 'reviews-v1-', v2: 'reviews-v2-', v3: 'reviews-v3-' },
    expected,
    ...more,
  },
  url: url(more.path ?? reviewsPath),
  measured: { decision: 'incorrecto', requests: 40, counts: {}, failures: {} },
});
const byAgent = (expected: Record<string, number>): Symptom => split(expected, { headers: { 'User-Agent': iPhone } });

const failures = (status: number, share: number, measured: Partial<MeasuredSplit> = {}): Symptom => ({
  type: 'reparto',
  pattern: {
    path: ratingsPath,
    headers: {},
    about: 'ratings',
    classes: { bien: 'Reviewer1' },
    statuses: { fallo: status },
    expected: { bien: 100 - share, fallo: share },
  },
  url: url(ratingsPath),
  measured: { decision: 'incorrecto', requests: 100, counts: { bien: 100 }, failures: {}, ...measured },
});

const request = (pattern: Partial<Pattern<'http'>>, seen: Partial<HttpSeen>): Symptom => {
  const path = pattern.path ?? ratingsPath;
  return {
    type: 'http',
    pattern: { path, method: 'GET', headers: {}, status: 200, contains: [], about: 'ratings', ...pattern },
    url: url(path),
    answer: answer(200),
    ...seen,
  };
};
const flag = (flags: string, app = 'productpage') => ({ namespace: 'default', selector: `app=${app}`, flags });
const forJason = (seen: Partial<HttpSeen>): Symptom =>
  request(
    { session: jason, status: 500, contrast: { headers: {}, session: false, status: 200 }, flag: flag('FI') },
    seen,
  );

const latency = (
  { about, ...ends }: { about: string; minimum?: number; maximum?: number; status?: number },
  measured: Partial<MeasuredLatency>,
): Symptom => ({
  type: 'latencia',
  pattern: { path: '/productpage', headers: {}, status: 200, quantile: 0.5, about, ...ends },
  url: url('/productpage'),
  measured: { decision: 'incorrecto', requests: 20, statuses: { 200: 20 }, timed: 20, estimate: 10, ...measured },
});

const delay = (fixedDelay: string, more: object = { percentage: { value: 100 } }) => ({
  delay: { fixedDelay, ...more },
});
const abort = (httpStatus: number, value?: number) => ({
  abort: { httpStatus, ...(value === undefined ? {} : { percentage: { value } }) },
});
const agent = (how: object) => ({ match: [{ headers: { 'user-agent': how } }] });
const user = (name: string, value = 'jason') => ({ match: [{ headers: { [name]: { exact: value } } }] });
const ratingsRoute = { route: [to('ratings')] };
const rule = (name: string, ...http: unknown[]): KubeObject => virtualService(name, [name], http);
const ratings = (...http: unknown[]): World => bookinfo().add(rule('ratings', ...http));
const v = (subset: string) => ({ route: [to('reviews', subset)] });
const reviews = (...http: unknown[]): World => withRules(rule('reviews', ...http));

testRows({
  'matches of headers': [
    {
      mistake: 'a regex that matches only a part',
      world: reviews({ ...agent({ regex: 'iPhone' }), ...v('v2') }, v('v1')),
      symptom: byAgent({ v2: 1 }),
      code: 'MALLA-RUT-22',
      at: 'VirtualService reviews spec.http[0].match[0].headers.user-agent',
    },
    {
      mistake: 'exact with wildcards',
      world: reviews({ ...agent({ exact: '.*iPhone.*' }), ...v('v2') }, v('v1')),
      symptom: byAgent({ v2: 1 }),
      code: 'MALLA-RUT-22',
    },
    {
      mistake: 'a prefix that is in the middle',
      world: reviews({ ...agent({ prefix: 'iPhone' }), ...v('v2') }, v('v1')),
      symptom: byAgent({ v2: 1 }),
      code: 'MALLA-RUT-22',
    },
    {
      mistake: 'the catch-all first',
      world: reviews(v('v1'), { ...agent({ regex: '.*iPhone.*' }), ...v('v2') }),
      symptom: byAgent({ v2: 1 }),
      code: 'MALLA-RUT-09',
      at: 'VirtualService reviews spec.http[0]',
    },
    {
      mistake: 'a more general rule first',
      world: reviews({ ...agent({ regex: '.*iPhone.*' }), ...v('v2') }, { ...user('end-user'), ...v('v3') }, v('v1')),
      symptom: split({ v3: 1 }, { headers: { 'User-Agent': iPhone }, session: jason }),
      code: 'MALLA-RUT-21',
      at: 'VirtualService reviews spec.http[0].match',
    },
    {
      mistake: 'a header with another name',
      world: reviews({ ...user('end_user'), ...v('v3') }, v('v1')),
      symptom: split({ v3: 1 }, { session: jason }),
      code: 'MALLA-RUT-23',
      at: 'VirtualService reviews spec.http[0].match[0].headers.end_user',
    },
    {
      mistake: 'a value with other capitals',
      world: reviews({ ...user('end-user', 'Jason'), ...v('v3') }, v('v1')),
      symptom: split({ v3: 1 }, { session: jason }),
      code: 'MALLA-RUT-23',
    },
    {
      mistake: 'a header that productpage does not hand on',
      world: reviews({ ...user('version-app', 'v2'), ...v('v2') }, v('v1')),
      symptom: split({ v2: 1 }, { headers: { 'version-app': 'v2' } }),
      code: 'MALLA-RUT-24',
      at: 'VirtualService reviews spec.http[0].match[0].headers.version-app',
    },
    {
      mistake: 'end-user written by the client, which productpage drops',
      world: reviews({ ...user('end-user'), ...v('v3') }, v('v1')),
      symptom: split({ v3: 1 }, { headers: { 'end-user': 'jason' } }),
      code: 'MALLA-RUT-24',
    },
    {
      mistake: 'conditions in two entries, of which one is enough',
      world: withRules(
        virtualService(
          'entrada',
          ['*'],
          [
            { match: [{ uri: { prefix: '/reviews' } }, { headers: { 'version-app': { exact: 'v1' } } }], ...v('v1') },
            { match: [{ uri: { prefix: '/reviews' }, headers: { 'version-app': { exact: 'v2' } } }], ...v('v2') },
          ],
          { gateways: ['bookinfo-gateway'] },
        ),
      ),
      symptom: split({ v2: 1 }, { path: '/reviews/0', headers: { 'version-app': 'v2' } }),
      code: 'MALLA-RUT-26',
      at: 'VirtualService entrada spec.http[0].match',
    },
    {
      mistake: 'a header of another name at the gateway',
      world: withRules(
        virtualService(
          'entrada',
          ['*'],
          [{ match: [{ uri: { prefix: '/reviews' }, headers: { version_app: { exact: 'v1' } } }], ...v('v1') }],
          { gateways: ['bookinfo-gateway'] },
        ),
      ),
      symptom: request({ path: '/reviews/0', headers: { 'version-app': 'v1' } }, { answer: answer(404) }),
      code: 'MALLA-RUT-23',
      at: 'VirtualService entrada spec.http[0].match[0].headers.version_app',
    },
  ],
  'injected faults': [
    { mistake: 'none', world: ratings(ratingsRoute), symptom: failures(404, 10), code: 'MALLA-FAL-01' },
    {
      mistake: 'no VirtualService at all',
      world: bookinfo(),
      symptom: failures(404, 10),
      code: 'MALLA-FAL-01',
      at: 'Service ratings',
    },
    {
      mistake: 'no percentage',
      world: ratings({ fault: abort(404), ...ratingsRoute }),
      symptom: failures(404, 10),
      code: 'MALLA-FAL-02',
      at: 'VirtualService ratings spec.http[0].fault.abort',
    },
    {
      mistake: 'a percentage of nothing',
      world: ratings({ fault: abort(404, 0), ...ratingsRoute }),
      symptom: failures(404, 10),
      code: 'MALLA-FAL-02',
      at: 'VirtualService ratings spec.http[0].fault.abort.percentage',
    },
    {
      mistake: 'a fraction for a percentage',
      world: ratings({ fault: abort(404, 0.1), ...ratingsRoute }),
      symptom: failures(404, 10),
      code: 'MALLA-FAL-05',
      at: 'VirtualService ratings spec.http[0].fault.abort.percentage.value',
    },
    {
      mistake: 'everybody',
      world: ratings({ fault: abort(404, 100), ...ratingsRoute }),
      symptom: failures(404, 10, { counts: { fallo: 100 } }),
      code: 'MALLA-FAL-05',
    },
    {
      mistake: 'another status',
      world: ratings({ fault: abort(500, 10), ...ratingsRoute }),
      symptom: failures(404, 10),
      code: 'MALLA-FAL-03',
      at: 'VirtualService ratings spec.http[0].fault.abort.httpStatus',
    },
    {
      mistake: 'the host of another service',
      world: bookinfo().add(rule('reviews', { fault: abort(404, 10), route: [to('reviews')] })),
      symptom: failures(404, 10),
      code: 'MALLA-FAL-04',
      at: 'VirtualService reviews spec.hosts[0]',
    },
    {
      mistake: 'another namespace',
      world: bookinfo().add(
        virtualService('ratings', ['ratings'], [{ fault: abort(404, 10), ...ratingsRoute }], {}, 'kube-public'),
      ),
      symptom: failures(404, 10),
      code: 'MALLA-FAL-04',
      at: 'VirtualService ratings metadata.namespace',
    },
    {
      mistake: 'only for the gateway',
      world: bookinfo().add(
        virtualService('ratings', ['ratings'], [{ fault: abort(404, 10), ...ratingsRoute }], {
          gateways: ['bookinfo-gateway'],
        }),
      ),
      symptom: failures(404, 10),
      code: 'MALLA-RUT-06',
    },
    {
      mistake: 'a caller without a sidecar',
      world: noSidecar(ratings({ fault: abort(404, 10), ...ratingsRoute }), 'productpage-v1'),
      symptom: failures(404, 10),
      code: 'MALLA-INY-10',
    },
    {
      mistake: 'after the catch-all',
      world: ratings(ratingsRoute, { ...user('end-user'), fault: abort(500, 100), ...ratingsRoute }),
      symptom: forJason({ answer: answer(200) }),
      code: 'MALLA-RUT-09',
    },
    {
      mistake: 'for everybody, not only for jason',
      world: ratings({ fault: abort(500, 100), ...ratingsRoute }),
      symptom: forJason({ answer: answer(500), contrast: answer(500) }),
      code: 'MALLA-RUT-25',
      at: 'VirtualService ratings spec.http[0]',
    },
    {
      mistake: 'a delay where an abort is asked for',
      world: ratings({ ...user('end-user'), fault: delay('2s'), ...ratingsRoute }, ratingsRoute),
      symptom: forJason({ answer: answer(200) }),
      code: 'MALLA-FAL-07',
    },
    {
      mistake: 'a flag that another proxy writes',
      world: ratings({ fault: abort(500, 100), ...ratingsRoute }),
      symptom: request({ status: 500, flag: flag('FI', 'ratings') }, { answer: answer(500), flags: [] }),
      code: 'MALLA-FAL-08',
    },
    {
      mistake: 'one that was forgotten',
      world: ratings({ fault: abort(500, 100), ...ratingsRoute }),
      symptom: {
        ...request({ path: '/productpage', contains: ['glyphicon-star'] }, { answer: answer(200) }),
        pattern: { path: '/productpage', method: 'GET', headers: {}, status: 200, contains: ['glyphicon-star'] },
      } as Symptom,
      code: 'MALLA-FAL-09',
      at: 'VirtualService ratings spec.http[0].fault',
    },
  ],
  'time limits': [
    {
      mistake: 'none',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(rule('reviews', { route: [to('reviews')] })),
      symptom: latency({ about: 'reviews', maximum: 1_500 }, { estimate: 2_010 }),
      code: 'MALLA-TIE-01',
      at: 'VirtualService reviews spec.http[0]',
    },
    {
      mistake: 'beside the delay',
      world: ratings({ fault: delay('2s'), timeout: '0.5s', ...ratingsRoute }),
      symptom: latency({ about: 'reviews', maximum: 1_500 }, { estimate: 2_010 }),
      code: 'MALLA-TIE-02',
      at: 'VirtualService ratings spec.http[0].timeout',
    },
    {
      mistake: 'beside the delay, of the same call',
      world: ratings({ fault: delay('2s'), timeout: '0.5s', ...ratingsRoute }),
      symptom: request({ status: 504 }, { answer: answer(200) }),
      code: 'MALLA-TIE-02',
    },
    {
      mistake: 'longer than the delay',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(
        rule('reviews', { route: [to('reviews')], timeout: '3s' }),
      ),
      symptom: latency({ about: 'reviews', maximum: 1_500 }, { estimate: 2_010 }),
      code: 'MALLA-TIE-03',
      at: 'VirtualService reviews spec.http[0].timeout',
    },
    {
      mistake: 'on another service',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(
        rule('details', { route: [to('details')], timeout: '0.5s' }),
      ),
      symptom: request(
        { path: '/productpage', about: 'reviews', flag: flag('UT') },
        { answer: answer(200), flags: ['-'] },
      ),
      code: 'MALLA-TIE-04',
      at: 'VirtualService details spec.http[0].timeout',
    },
    {
      mistake: 'in a rule that is never reached',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(
        rule('reviews', { route: [to('reviews')] }, { ...user('end-user'), route: [to('reviews')], timeout: '0.5s' }),
      ),
      symptom: request(
        { path: '/productpage', about: 'reviews', flag: flag('UT'), session: jason },
        { answer: answer(200), flags: ['-'] },
      ),
      code: 'MALLA-RUT-09',
    },
    {
      mistake: 'one that cuts what should arrive late',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(
        rule('reviews', { route: [to('reviews')], timeout: '0.5s' }),
      ),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 1_010 }),
      code: 'MALLA-TIE-05',
      at: 'VirtualService reviews spec.http[0].timeout',
    },
    {
      mistake: 'one that makes a good request fail',
      world: bookinfo().add(rule('ratings', { ...ratingsRoute, timeout: '1ms' })),
      symptom: {
        ...request({}, { answer: answer(504) }),
        pattern: { path: ratingsPath, method: 'GET', headers: {}, status: 200, contains: [] },
      } as Symptom,
      code: 'MALLA-TIE-05',
    },
  ],
  latencies: [
    {
      mistake: 'a delay without percentage',
      world: ratings({ fault: delay('2s', {}), ...ratingsRoute }),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 12 }),
      code: 'MALLA-FAL-02',
    },
    {
      mistake: 'a shorter delay',
      world: ratings({ fault: delay('500ms'), ...ratingsRoute }),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 512 }),
      code: 'MALLA-FAL-06',
      at: 'VirtualService ratings spec.http[0].fault.delay.fixedDelay',
    },
    {
      mistake: 'a longer delay',
      world: ratings({ fault: delay('7s'), ...ratingsRoute }),
      symptom: latency({ about: 'ratings', maximum: 3_000 }, { estimate: 7_012 }),
      code: 'MALLA-FAL-06',
    },
    {
      mistake: 'something that no rule explains',
      world: bookinfo().add(rule('ratings', { ...ratingsRoute, timeout: '30s' })),
      symptom: latency({ about: 'ratings', maximum: 1_000 }, { estimate: 4_000 }),
      code: 'MALLA-TIE-12',
    },
    {
      mistake: 'too few answers to say',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }),
      symptom: latency({ about: 'ratings', minimum: 2_000 }, { estimate: 2_000, decision: 'seguir' }),
      code: 'MALLA-SAL-09',
    },
  ],
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
  ],
  retries: [
    {
      mistake: 'in another namespace',
      world: ratings({ ...ratingsRoute, retries: { attempts: 1, retryOn: '5xx' } }).add(
        virtualService(
          'ratings',
          ['ratings'],
          [{ ...ratingsRoute, retries: { attempts: 2, retryOn: '5xx' } }],
          {},
          'kube-public',
        ),
      ),
      symptom: failures(503, 12.5, { counts: { bien: 75, fallo: 25 } }),
      code: 'MALLA-TIE-10',
      at: 'VirtualService ratings metadata.namespace',
    },
    {
      mistake: 'none',
      world: ratings(ratingsRoute),
      symptom: failures(503, 12.5, { counts: { bien: 50, fallo: 50 } }),
      code: 'MALLA-TIE-09',
    },
    {
      mistake: 'none of the attempts',
      world: ratings({ ...ratingsRoute, retries: { attempts: 0 } }),
      symptom: failures(503, 12.5, { counts: { bien: 50, fallo: 50 } }),
      code: 'MALLA-TIE-09',
      at: 'VirtualService ratings spec.http[0].retries.attempts',
    },
    {
      mistake: 'no retryOn',
      world: ratings({ ...ratingsRoute, retries: { attempts: 2 } }),
      symptom: failures(503, 12.5, { counts: { bien: 50, fallo: 50 } }),
      code: 'MALLA-TIE-06',
    },
    {
      mistake: 'a retryOn for something else',
      world: ratings({ ...ratingsRoute, retries: { attempts: 2, retryOn: 'connect-failure,404' } }),
      symptom: failures(503, 12.5, { counts: { bien: 50, fallo: 50 } }),
      code: 'MALLA-TIE-06',
      at: 'VirtualService ratings spec.http[0].retries.retryOn',
    },
    {
      mistake: 'on another service',
      world: ratings(ratingsRoute).add(
        rule('reviews', { route: [to('reviews')], retries: { attempts: 2, retryOn: '5xx' } }),
      ),
      symptom: failures(503, 12.5, { counts: { bien: 50, fallo: 50 } }),
      code: 'MALLA-TIE-10',
    },
    {
      mistake: 'hidden by the limit of the route',
      world: ratings({
        ...ratingsRoute,
        timeout: '0.1s',
        retries: { attempts: 2, perTryTimeout: '0.1s', retryOn: '5xx' },
      }),
      symptom: failures(504, 12.5, { counts: { bien: 50, fallo: 50 } }),
      code: 'MALLA-TIE-07',
      at: 'VirtualService ratings spec.http[0].timeout',
    },
    {
      mistake: 'tries without a limit of their own',
      world: ratings({ ...ratingsRoute, timeout: '1s', retries: { attempts: 2, retryOn: '5xx' } }),
      symptom: failures(504, 12.5, { counts: { bien: 50, fallo: 50 } }),
      code: 'MALLA-TIE-11',
    },
    {
      mistake: 'another number of tries',
      world: ratings({ ...ratingsRoute, retries: { attempts: 1, retryOn: '5xx' } }),
      symptom: failures(503, 12.5, { counts: { bien: 75, fallo: 25 } }),
      code: 'MALLA-TIE-08',
      at: 'VirtualService ratings spec.http[0].retries.attempts',
    },
  ],
});
