// Typical mistakes in time limits and retries: how a healthy world is broken, what is seen, and the first broken link.
import { expect, test } from 'vitest';
import {
  delay,
  failures,
  flag,
  jason,
  latency,
  ratings,
  ratingsPath,
  ratingsRoute,
  request,
  rule,
  user,
} from './behaviour.fixture.ts';
import { bookinfo, to, virtualService } from './bookinfo.fixture.ts';
import { answer, testRows } from './mistakes.fixture.ts';
import { isOwedToSlowness } from './rules/latency.ts';
import type { Symptom } from './symptom.ts';

/** A delay, and a limit that cuts it. */
const cut = () =>
  ratings({ fault: delay('2s'), ...ratingsRoute }).add(rule('reviews', { timeout: '0.5s', route: [to('reviews')] }));
const late = (answering: number): Symptom => ({
  ...(latency({ about: 'reviews', maximum: 1_500 }, { estimate: 2_780 }) as Extract<Symptom, { type: 'latencia' }>),
  answering,
});
const quick = (estimate: number) =>
  latency({ about: 'reviews', minimum: 2_000 }, { estimate, decision: 'correcto' }) as Extract<
    Symptom,
    { type: 'latencia' }
  >;

test('a time that is right is believed where the machine alone could not have made it', () => {
  expect(isOwedToSlowness(2_240, 2_000, 326)).toBe(true);
  expect(isOwedToSlowness(2_240, 2_000, 50)).toBe(false);
  expect(isOwedToSlowness(3_900, 2_000, 326)).toBe(false);
  expect(isOwedToSlowness(2_010, 2_000, 8)).toBe(false);
  expect(isOwedToSlowness(2_010, 2_000)).toBe(false);
  expect(isOwedToSlowness(50, 0, 300)).toBe(false);
});

testRows({
  'time limits': [
    {
      mistake: 'right, and slow as the machine is',
      world: cut(),
      symptom: late(600),
      code: 'MALLA-SAL-12',
    },
    {
      mistake: 'right, and slow for no reason that is seen',
      world: cut(),
      symptom: late(8),
      code: 'MALLA-TIE-12',
    },
    {
      mistake: 'a delay that is as it should, on a slow machine',
      world: ratings({ fault: delay('1s'), ...ratingsRoute }).add(rule('reviews', { route: [to('reviews')] })),
      symptom: late(150),
      code: 'MALLA-SAL-12',
    },
    {
      mistake: 'a limit that cuts the delay, and a machine so slow that the answer takes as long as the delay',
      world: cut(),
      symptom: { ...quick(2_240), answering: 326 },
      code: 'MALLA-SAL-12',
    },
    {
      mistake: 'none, on a slow machine',
      world: ratings({ fault: delay('2s'), ...ratingsRoute }).add(rule('reviews', { route: [to('reviews')] })),
      symptom: late(600),
      code: 'MALLA-TIE-01',
    },
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
      mistake: 'none: the delay is right, and something else is slow',
      world: ratings({ fault: delay('5s'), ...ratingsRoute }),
      symptom: latency({ about: 'ratings', minimum: 5_800, maximum: 7_000 }, { estimate: 7_400 }),
      code: 'MALLA-SAL-14',
    },
    {
      mistake: 'a delay that is right, and another one that adds to it',
      world: ratings({ fault: delay('5s'), ...ratingsRoute }).add(
        rule('reviews', { fault: delay('5s'), route: [to('reviews')] }),
      ),
      symptom: latency({ about: 'ratings', minimum: 4_000, maximum: 7_000 }, { estimate: 10_020 }),
      code: 'MALLA-TIE-12',
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
