// Policies that do not show in the traffic: why nobody is ejected, nothing overflows, and a service stays up.
import type { KubeObject } from '../mesh/objects.ts';
import { bookinfo, object, to, virtualService, type World, workload } from './bookinfo.fixture.ts';
import { answer, page, split, testRows } from './mistakes.fixture.ts';
import type { Symptom } from './symptom.ts';

const rule = (spec: object, name = 'productpage', where = 'default'): KubeObject => ({
  ...object('networking.istio.io/v1', 'DestinationRule', name, where),
  spec: { host: 'productpage', ...spec },
});
const ejecting = (outlierDetection: object, host = 'productpage') =>
  rule({ host, trafficPolicy: { outlierDetection } });
const good = { consecutive5xxErrors: 3, interval: '5s', baseEjectionTime: '3m', maxEjectionPercent: 50 };

/** Four pods of productpage, the first thing behind the entry. */
function four(...more: KubeObject[]): World {
  const extra = ['v2', 'v3', 'v4'].flatMap((version) =>
    workload('default', `productpage-${version}`, { app: 'productpage', version }, { port: 9080 }),
  );
  return bookinfo().add(...extra, ...more);
}

const anyGood = (failures: Record<string, number>): Symptom => {
  const symptom = split({ buena: 100 }, { requests: 40, counts: { buena: 30, otro: 10 }, failures });
  if (symptom.type !== 'reparto') throw new Error('A split must be a symptom of reparto.');
  return {
    ...symptom,
    url: new URL('http://127.0.0.1:31380/productpage'),
    pattern: { ...symptom.pattern, path: '/productpage', classes: { buena: 'Bookstore' }, expected: { buena: 100 } },
  };
};
const errors = anyGood({ 500: 10 });

const overflow: Symptom = {
  type: 'registro',
  pattern: {
    source: { namespace: 'default', selector: 'app=details', container: 'istio-proxy' },
    line: ' 503 UO ',
    atLeast: 1,
  },
  sighting: { pods: 1, requests: 40, found: 0, meshConfig: { accessLogFile: '/dev/stdout', providers: [] } },
} as unknown as Symptom;

const pool = (tcp: object, http: object, host = 'productpage') =>
  rule({ host, trafficPolicy: { connectionPool: { tcp, http } } });
const one = [{ maxConnections: 1 }, { http1MaxPendingRequests: 1 }] as const;

testRows({
  'outlier detection': [
    { mistake: 'none', world: four(), symptom: errors, code: 'MALLA-RSL-08', at: 'Service productpage' },
    {
      mistake: 'the share that may be ejected is less than one endpoint',
      world: four(ejecting({ consecutive5xxErrors: 3 })),
      symptom: errors,
      code: 'MALLA-RSL-04',
      at: 'DestinationRule productpage spec.trafficPolicy.outlierDetection',
    },
    {
      mistake: 'a written share that is too small',
      world: four(ejecting({ ...good, maxEjectionPercent: 20 })),
      symptom: errors,
      code: 'MALLA-RSL-04',
      at: 'DestinationRule productpage spec.trafficPolicy.outlierDetection.maxEjectionPercent',
    },
    {
      mistake: 'only errors of gateways count, and the application gives 500',
      world: four(ejecting({ ...good, consecutive5xxErrors: 0, consecutiveGatewayErrors: 3 })),
      symptom: errors,
      code: 'MALLA-RSL-05',
      at: 'DestinationRule productpage spec.trafficPolicy.outlierDetection.consecutiveGatewayErrors',
    },
    {
      mistake: 'counting is off',
      world: four(ejecting({ ...good, consecutive5xxErrors: 0 })),
      symptom: errors,
      code: 'MALLA-RSL-05',
      at: 'DestinationRule productpage spec.trafficPolicy.outlierDetection.consecutive5xxErrors',
    },
    {
      mistake: 'too many errors in a row are needed',
      world: four(ejecting({ ...good, consecutive5xxErrors: 100 })),
      symptom: errors,
      code: 'MALLA-RSL-06',
      at: 'DestinationRule productpage spec.trafficPolicy.outlierDetection.consecutive5xxErrors',
    },
    {
      mistake: 'one endpoint',
      world: bookinfo().add(ejecting(good)),
      symptom: errors,
      code: 'MALLA-RSL-07',
      at: 'Service productpage',
    },
    {
      mistake: 'a host that is no Service',
      world: four(ejecting(good, 'productpage-v4')),
      symptom: errors,
      code: 'MALLA-RSL-02',
      at: 'DestinationRule productpage spec.host',
    },
    {
      mistake: 'the rule of another Service',
      world: four(ejecting(good, 'details')),
      symptom: errors,
      code: 'MALLA-RSL-02',
      at: 'DestinationRule productpage spec.host',
    },
    {
      mistake: 'none, beside somebody else’s',
      world: four({
        ...rule({ host: 'loc', trafficPolicy: { outlierDetection: good } }),
        metadata: { name: 'loc', namespace: 'otro' },
      }),
      symptom: errors,
      code: 'MALLA-RSL-08',
      at: 'Service productpage',
    },
    {
      mistake: 'in a namespace that does not count',
      world: four({ ...ejecting(good), metadata: { name: 'productpage', namespace: 'otro' } }),
      symptom: errors,
      code: 'MALLA-RSL-02',
    },
    {
      mistake: 'in a subset that nobody uses',
      world: four(
        rule({ subsets: [{ name: 'v4', labels: { version: 'v4' }, trafficPolicy: { outlierDetection: good } }] }),
      ),
      symptom: errors,
      code: 'MALLA-RSL-03',
      at: 'DestinationRule productpage spec.subsets[0].trafficPolicy.outlierDetection',
    },
    {
      mistake: 'errors of a gateway, counted as such, with too small a share',
      world: four(ejecting({ consecutive5xxErrors: 0, consecutiveGatewayErrors: 3 })),
      symptom: anyGood({ 503: 10 }),
      code: 'MALLA-RSL-04',
    },
  ],
  limits: [
    { mistake: 'none', world: bookinfo(), symptom: overflow, code: 'MALLA-RSL-01' },
    {
      mistake: 'a wide one',
      world: bookinfo().add(pool({ maxConnections: 100 }, { http1MaxPendingRequests: 100 })),
      symptom: overflow,
      code: 'MALLA-RSL-01',
      at: 'DestinationRule productpage spec.trafficPolicy.connectionPool.tcp.maxConnections',
    },
    {
      mistake: 'a queue without end',
      world: bookinfo().add(pool({ maxConnections: 1 }, {})),
      symptom: overflow,
      code: 'MALLA-RSL-01',
      at: 'DestinationRule productpage spec.trafficPolicy.connectionPool',
    },
    {
      mistake: 'a host that is no Service',
      world: bookinfo().add(pool(...one, 'productpages')),
      symptom: overflow,
      code: 'MALLA-RSL-02',
      at: 'DestinationRule productpage spec.host',
    },
    {
      mistake: 'in a subset that nobody uses',
      world: bookinfo().add(
        rule({ subsets: [{ name: 'v1', trafficPolicy: { connectionPool: { tcp: one[0], http: one[1] } } }] }),
      ),
      symptom: overflow,
      code: 'MALLA-RSL-03',
    },
    {
      mistake: 'in a subset that is used, and nobody sends enough',
      world: bookinfo().add(
        rule({ subsets: [{ name: 'v1', trafficPolicy: { connectionPool: { tcp: one[0], http: one[1] } } }] }),
        virtualService('inside', ['productpage'], [{ route: [to('productpage', 'v1')] }]),
      ),
      symptom: overflow,
      code: 'MALLA-RSL-09',
    },
    {
      mistake: 'nobody sends enough at once',
      world: bookinfo().add(pool(...one)),
      symptom: overflow,
      code: 'MALLA-RSL-09',
    },
  ],
  'a consistent hash': [
    ['spec.trafficPolicy.loadBalancer.consistentHash', { trafficPolicy: { loadBalancer: { consistentHash: {} } } }],
    [
      'spec.subsets[0].trafficPolicy.loadBalancer.consistentHash',
      { subsets: [{ name: 'v1', trafficPolicy: { loadBalancer: { consistentHash: {} } } }] },
    ],
  ].map(([path, spec]) => ({
    mistake: `keeps a client at one pod, at ${path}`,
    world: bookinfo().add(rule({ host: 'reviews', ...(spec as object) }, 'reviews')),
    symptom: split({ v1: 1, v2: 1, v3: 1 }, { decision: 'dependiente' }),
    code: 'MALLA-REP-05',
    at: `DestinationRule reviews ${path}`,
  })),
  falls: [
    {
      mistake: 'a pod that comes back',
      world: bookinfo(),
      symptom: ((): Symptom => {
        const symptom = page(answer(200));
        if (symptom.type !== 'http') throw new Error('A page must be a symptom of http.');
        const fall = { status: 503, contains: ['no healthy upstream'], about: 'details' };
        return { ...symptom, pattern: { ...symptom.pattern, ...fall } };
      })(),
      code: 'MALLA-RSL-10',
      at: 'Deployment details-v1',
    },
  ],
});
