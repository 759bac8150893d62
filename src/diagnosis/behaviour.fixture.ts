// What the tables of mistakes with headers, faults, time limits and retries share: symptoms, and pieces of rules.
import type { KubeObject } from '../mesh/objects.ts';
import { bookinfo, to, virtualService, type World } from './bookinfo.fixture.ts';
import { answer, url, withRules } from './mistakes.fixture.ts';
import type { HttpSeen, MeasuredLatency, MeasuredSplit, Symptom } from './symptom.ts';

type Pattern<T extends Symptom['type']> = Extract<Symptom, { type: T }>['pattern'];

export const jason = { path: '/login?username=jason', method: 'POST' as const, headers: {} };
export const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)';
export const reviewsPath = '/api/v1/products/0/reviews';
export const ratingsPath = '/api/v1/products/0/ratings';

export const split = (expected: Record<string, number>, more: Partial<Pattern<'reparto'>> = {}): Symptom => ({
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
export const byAgent = (expected: Record<string, number>): Symptom =>
  split(expected, { headers: { 'User-Agent': iPhone } });

export const failures = (status: number, share: number, measured: Partial<MeasuredSplit> = {}): Symptom => ({
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

export const request = (pattern: Partial<Pattern<'http'>>, seen: Partial<HttpSeen>): Symptom => {
  const path = pattern.path ?? ratingsPath;
  return {
    type: 'http',
    pattern: { path, method: 'GET', headers: {}, status: 200, contains: [], about: 'ratings', ...pattern },
    url: url(path),
    answer: answer(200),
    ...seen,
  };
};
export const flag = (flags: string, app = 'productpage') => ({ namespace: 'default', selector: `app=${app}`, flags });
export const forJason = (seen: Partial<HttpSeen>): Symptom =>
  request(
    { session: jason, status: 500, contrast: { headers: {}, session: false, status: 200 }, flag: flag('FI') },
    seen,
  );

export const latency = (
  { about, ...ends }: { about: string; minimum?: number; maximum?: number; status?: number },
  measured: Partial<MeasuredLatency>,
): Symptom => ({
  type: 'latencia',
  pattern: { path: '/productpage', headers: {}, status: 200, quantile: 0.5, about, ...ends },
  url: url('/productpage'),
  measured: { decision: 'incorrecto', requests: 20, statuses: { 200: 20 }, timed: 20, estimate: 10, ...measured },
});

export const delay = (fixedDelay: string, more: object = { percentage: { value: 100 } }) => ({
  delay: { fixedDelay, ...more },
});
export const abort = (httpStatus: number, value?: number) => ({
  abort: { httpStatus, ...(value === undefined ? {} : { percentage: { value } }) },
});
export const agent = (how: object) => ({ match: [{ headers: { 'user-agent': how } }] });
export const user = (name: string, value = 'jason') => ({ match: [{ headers: { [name]: { exact: value } } }] });
export const ratingsRoute = { route: [to('ratings')] };
export const rule = (name: string, ...http: unknown[]): KubeObject => virtualService(name, [name], http);
export const ratings = (...http: unknown[]): World => bookinfo().add(rule('ratings', ...http));
export const v = (subset: string) => ({ route: [to('reviews', subset)] });
export const reviews = (...http: unknown[]): World => withRules(rule('reviews', ...http));
