// Typical mistakes in faults that the gateway injects, among other rules of the same VirtualService.
import { abort, delay, latency, ratingsPath, request } from './behaviour.fixture.ts';
import { bookinfo, to, virtualService, type World } from './bookinfo.fixture.ts';
import { answer, testRows, url } from './mistakes.fixture.ts';
import type { Symptom } from './symptom.ts';

const header = { headers: { 'x-ensayo': { exact: 'si' } } };
const route = [to('productpage')];
const cut = (fault: object = abort(418, 100)) => ({
  match: [{ uri: { exact: '/productpage' }, ...header }],
  fault,
  route,
});
const held = (fault: object = delay('1200ms')) => ({ match: [{ uri: { prefix: ratingsPath } }], fault, route });
const rest = { match: [{ uri: { exact: '/productpage' } }, { uri: { prefix: '/api/v1/products' } }], route };

const world = (...http: unknown[]): World => bookinfo().set('VirtualService', 'bookinfo', ['spec', 'http'], http);
const seen = (status: number, contrast = 200): Symptom =>
  request(
    {
      path: '/productpage',
      headers: { 'x-ensayo': 'si' },
      status: 418,
      about: 'productpage',
      contrast: { path: '/productpage', headers: {}, session: false, status: 200 },
      flag: { namespace: 'istio-system', selector: 'istio=ingressgateway', flags: 'FI' },
    },
    { answer: answer(status), contrast: answer(contrast) },
  );
const early = (estimate = 20): Symptom => {
  const { measured, pattern } = latency(
    { about: 'productpage', minimum: 1200, maximum: 1800 },
    { estimate },
  ) as Extract<Symptom, { type: 'latencia' }>;
  return { type: 'latencia', pattern: { ...pattern, path: ratingsPath }, url: url(ratingsPath), measured };
};

testRows({
  'faults at the entry': [
    {
      mistake: 'another status for everybody who asks',
      world: world(cut(abort(429, 100)), held(), rest),
      symptom: seen(429),
      code: 'MALLA-FAL-03',
      at: 'VirtualService bookinfo spec.http[0].fault.abort.httpStatus',
    },
    {
      mistake: 'an abort without conditions',
      world: world({ fault: abort(418, 100), route }, held(), rest),
      symptom: seen(418, 418),
      code: 'MALLA-RUT-25',
      at: 'VirtualService bookinfo spec.http[0]',
    },
    {
      mistake: 'the general rule first, with several paths',
      world: world(rest, held(), cut()),
      symptom: seen(200),
      code: 'MALLA-RUT-21',
      at: 'VirtualService bookinfo spec.http[0].match',
    },
    {
      mistake: 'the right rules in a namespace where their gateway is not',
      world: world(rest).add(
        virtualService('bookinfo', ['*'], [cut(), held(), rest], { gateways: ['bookinfo-gateway'] }, 'kube-public'),
      ),
      symptom: seen(200),
      code: 'MALLA-RUT-02',
    },
    {
      mistake: 'a delay without a percentage',
      world: world(cut(), held(delay('1200ms', {})), rest),
      symptom: early(),
      code: 'MALLA-FAL-02',
      at: 'VirtualService bookinfo spec.http[1].fault.delay',
    },
    {
      mistake: 'a delay of a few',
      world: world(cut(), held(delay('1200ms', { percentage: { value: 5 } })), rest),
      symptom: early(),
      code: 'MALLA-FAL-05',
      at: 'VirtualService bookinfo spec.http[1].fault.delay.percentage.value',
    },
    {
      mistake: 'no delay beside an abort',
      world: world(cut(), { match: [{ uri: { prefix: ratingsPath } }], route }, rest),
      symptom: early(),
      code: 'MALLA-FAL-07',
    },
    {
      mistake: 'a delay for another path',
      world: world(cut(), { ...held(), match: [{ uri: { prefix: `${ratingsPath}x` } }] }, rest),
      symptom: early(),
      code: 'MALLA-RUT-23',
    },
  ],
});
