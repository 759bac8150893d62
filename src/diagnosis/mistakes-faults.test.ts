// Typical mistakes in injected faults: how a healthy world is broken, what is seen, and the first broken link.
import {
  abort,
  delay,
  failures,
  flag,
  forJason,
  ratings,
  ratingsRoute,
  request,
  rule,
  user,
} from './behaviour.fixture.ts';
import { bookinfo, to, virtualService } from './bookinfo.fixture.ts';
import { answer, noSidecar, testRows } from './mistakes.fixture.ts';
import type { Symptom } from './symptom.ts';

testRows({
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
});
