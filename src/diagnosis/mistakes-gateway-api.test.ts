// Typical mistakes at a way in by the Gateway API.
import { bookinfo, namespace, service } from './bookinfo.fixture.ts';
import { api, asked, byApi, listener, pair, puerta, route, secret, splitByApi, withApi } from './entry.fixture.ts';
import { answer, refused, testRows } from './mistakes.fixture.ts';

testRows({
  'the Gateway API': [
    {
      mistake: 'no Gateway',
      world: bookinfo(),
      symptom: asked(refused, byApi),
      code: 'MALLA-PAS-30',
    },
    {
      mistake: 'a Gateway of another name',
      world: bookinfo().add(api('Gateway', 'puertas', { gatewayClassName: 'istio', listeners: [listener()] })),
      symptom: asked(refused, byApi),
      code: 'MALLA-PAS-30',
      at: 'Gateway puertas',
    },
    {
      mistake: 'a class of nobody',
      world: bookinfo().add(puerta({ gatewayClassName: 'istio-gateway' })),
      symptom: asked(refused, byApi),
      code: 'MALLA-PAS-20',
      at: 'Gateway puerta spec.gatewayClassName',
    },
    {
      mistake: 'its gateway is being made',
      world: bookinfo().add(puerta()),
      symptom: asked(refused, byApi),
      code: 'MALLA-SAL-06',
    },
    {
      mistake: 'its gateway is being made, and a split is asked of it',
      world: bookinfo().add(puerta()),
      symptom: splitByApi({ refused: 20 }),
      code: 'MALLA-SAL-06',
    },
    {
      mistake: 'its gateway is ready, and has not been told where to listen',
      world: withApi(puerta(), route()),
      symptom: splitByApi({ refused: 20 }),
      code: 'MALLA-SAL-15',
      at: 'Gateway puerta',
    },
    {
      mistake: 'a Service without NodePort',
      world: withApi(puerta(), route()).set('Service', 'puerta-istio', ['spec'], {
        type: 'ClusterIP',
        selector: { 'gateway.networking.k8s.io/gateway-name': 'puerta' },
        ports: [{ port: 80 }],
      }),
      symptom: asked(refused, byApi),
      code: 'MALLA-PAS-31',
      at: 'Service puerta-istio spec.type',
    },
    {
      mistake: 'the port of the listener',
      world: withApi(puerta({ listeners: [listener({ port: 8080 })] }), route()),
      symptom: asked(refused, byApi),
      code: 'MALLA-PAS-03',
      at: 'Gateway puerta spec.listeners[0].port',
    },
    {
      mistake: 'a protocol that is none',
      world: withApi(puerta({ listeners: [listener({ protocol: 'http' })] }), route()),
      symptom: asked(refused, byApi),
      code: 'MALLA-PAS-28',
      at: 'Gateway puerta spec.listeners[0]',
    },
    {
      mistake: 'a certificate of another namespace, without leave',
      world: withApi(
        puerta({
          listeners: [
            listener({
              protocol: 'HTTPS',
              tls: { mode: 'Terminate', certificateRefs: [{ name: 'hola-tls', namespace: 'istio-system' }] },
            }),
          ],
        }),
        route(),
        secret('hola-tls', 'istio-system', pair),
      ),
      symptom: asked(refused, byApi),
      code: 'MALLA-PAS-27',
      at: 'Gateway puerta spec.listeners[0].tls',
    },
    {
      mistake: 'parentRefs name nobody',
      world: withApi(puerta(), route({ parentRefs: [{ name: 'puerta-istio' }] })),
      symptom: asked(answer(404), byApi),
      code: 'MALLA-PAS-21',
      at: 'HTTPRoute web spec.parentRefs[0].name',
    },
    {
      mistake: 'a section that the Gateway does not have',
      world: withApi(puerta(), route({ parentRefs: [{ name: 'puerta', sectionName: 'https' }] })),
      symptom: asked(answer(404), byApi),
      code: 'MALLA-PAS-22',
      at: 'HTTPRoute web spec.parentRefs[0]',
    },
    {
      mistake: 'hostnames that the listener does not take',
      world: withApi(puerta({ listeners: [listener({ hostname: '*.example.org' })] }), route()),
      symptom: asked(answer(404), byApi),
      code: 'MALLA-PAS-22',
      at: 'HTTPRoute web spec.hostnames',
    },
    {
      mistake: 'a route from a namespace that may not attach',
      world: withApi(puerta(), namespace('otro'), {
        ...route({ parentRefs: [{ name: 'puerta', namespace: 'default' }] }),
        metadata: { name: 'web', namespace: 'otro' },
      }),
      symptom: asked(answer(404), byApi),
      code: 'MALLA-PAS-22',
      at: 'HTTPRoute web spec.parentRefs[0]',
    },
    {
      mistake: 'another name in the route',
      world: withApi(puerta(), route({ hostnames: ['adios.example.com'] })),
      symptom: asked(answer(404), byApi),
      code: 'MALLA-PAS-23',
      at: 'HTTPRoute web spec.hostnames',
    },
    {
      mistake: 'no route',
      world: withApi(puerta()),
      symptom: asked(answer(404), byApi),
      code: 'MALLA-PAS-23',
      at: 'Gateway puerta',
    },
    {
      mistake: 'a backend that does not exist',
      world: withApi(puerta(), route({}, { name: 'productpages' })),
      symptom: asked(answer(500), byApi),
      code: 'MALLA-PAS-25',
      at: 'HTTPRoute web spec.rules[0].backendRefs[0].name',
    },
    {
      mistake: 'a backend of another kind',
      world: withApi(puerta(), route({}, { kind: 'Deployment', group: 'apps' })),
      symptom: asked(answer(500), byApi),
      code: 'MALLA-PAS-25',
      at: 'HTTPRoute web spec.rules[0].backendRefs[0].kind',
    },
    {
      mistake: 'the port of the backend',
      world: withApi(puerta(), route({}, { port: 8080 })),
      symptom: asked(answer(500), byApi),
      code: 'MALLA-PAS-26',
      at: 'HTTPRoute web spec.rules[0].backendRefs[0].port',
    },
    {
      mistake: 'a backend elsewhere, without leave',
      world: withApi(
        puerta(),
        namespace('otro'),
        { ...service('tienda'), metadata: { name: 'tienda', namespace: 'otro' } },
        route({}, { name: 'tienda', namespace: 'otro' }),
      ),
      symptom: asked(answer(500), byApi),
      code: 'MALLA-PAS-27',
      at: 'HTTPRoute web spec.rules[0].backendRefs[0].name',
    },
  ],
});
