// Typical mistakes at the way in: certificates, redirections, and the Gateway API.
import type { KubeObject } from '../mesh/objects.ts';
import type { Answer } from '../traffic/load.ts';
import { bookinfo, namespace, object, service, type World } from './bookinfo.fixture.ts';
import { answer, page, refused, split, testRows } from './mistakes.fixture.ts';
import type { Symptom } from './symptom.ts';

const host = 'hola.example.com';
const reset: Answer = { ...answer(0), failure: 'reset' };

function asked(seen: Answer, more: { scheme?: 'https'; server?: string; status?: number; api?: true } = {}): Symptom {
  const { scheme, server = host, status = 200, api } = more;
  const port = api ? 32_080 : scheme ? 31_390 : 31_380;
  const symptom = page(seen, '/');
  if (symptom.type !== 'http') throw new Error('A page must be a symptom of http.');
  return {
    ...symptom,
    url: new URL(`${scheme ?? 'http'}://127.0.0.1:${port}/`),
    pattern: {
      ...symptom.pattern,
      path: '/',
      status,
      server,
      ...(scheme && { scheme }),
      ...(api && { service: { namespace: 'default', name: 'puerta-istio', port: 80 } }),
    },
  };
}

/** Asked by the gateway of the Gateway API, and only failures came. */
function splitByApi(failures: Record<string, number>): Symptom {
  const symptom = split({ v3: 100 }, { requests: 20, failures });
  if (symptom.type !== 'reparto') throw new Error('A split must be a symptom of reparto.');
  const service = { namespace: 'default', name: 'puerta-istio', port: 80 };
  return { ...symptom, url: new URL('http://127.0.0.1:32080/'), pattern: { ...symptom.pattern, path: '/', service } };
}

const https = { scheme: 'https' } as const;
const byApi = { api: true } as const;

const secret = (name: string, where: string, data: Record<string, string>): KubeObject => ({
  ...object('v1', 'Secret', name, where),
  data,
});
const pair = { 'tls.crt': 'QQ==', 'tls.key': 'QQ==' };

const plain = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: [host] };
const secure = (tls: object, protocol = 'HTTPS') => ({
  port: { number: 443, name: 'https', protocol },
  hosts: [host],
  tls,
});

/** One application, for one name, by HTTP and HTTPS. */
function entry(tls: object = { mode: 'SIMPLE', credentialName: 'hola-tls' }, ...more: KubeObject[]): World {
  return bookinfo()
    .set(
      'Service',
      'istio-ingressgateway',
      ['spec', 'ports'],
      [
        { name: 'http2', port: 80, targetPort: 8080, nodePort: 31_380 },
        { name: 'https', port: 443, targetPort: 8443, nodePort: 31_390 },
      ],
    )
    .set('Gateway', 'bookinfo-gateway', ['spec', 'servers'], [plain, secure(tls)])
    .set('VirtualService', 'bookinfo', ['spec', 'hosts'], [host])
    .set('VirtualService', 'bookinfo', ['spec', 'http'], [{ route: [{ destination: { host: 'productpage' } }] }])
    .add(secret('istio-ca-secret', 'istio-system', {}), ...more);
}

const api = (kind: string, name: string, spec: object, version = 'v1'): KubeObject => ({
  ...object(`gateway.networking.k8s.io/${version}`, kind, name, 'default'),
  spec,
});
const listener = (more: object = {}) => ({ name: 'http', port: 80, protocol: 'HTTP', ...more });
const puerta = (spec: object = {}) =>
  api('Gateway', 'puerta', { gatewayClassName: 'istio', listeners: [listener()], ...spec });
const route = (spec: object = {}, backend: object = {}) =>
  api('HTTPRoute', 'web', {
    parentRefs: [{ name: 'puerta' }],
    hostnames: [host],
    rules: [{ backendRefs: [{ name: 'productpage', port: 9080, ...backend }] }],
    ...spec,
  });

/** With what istiod makes of a Gateway: a Service, and a pod that is a proxy alone. */
function withApi(...objects: KubeObject[]): World {
  const labels = { 'gateway.networking.k8s.io/gateway-name': 'puerta' };
  const ingress = bookinfo().objects.find((o) => o.kind === 'Pod' && o.metadata.name.startsWith('istio-ingress'));
  if (!ingress) throw new Error('The fixture has a pod of the ingress gateway.');
  return bookinfo().add(
    {
      ...service('puerta-istio'),
      spec: { type: 'NodePort', selector: labels, ports: [{ port: 80, targetPort: 80, nodePort: 32_080 }] },
    },
    { ...ingress, metadata: { name: 'puerta-istio-1', namespace: 'default', labels } },
    ...objects,
  );
}

testRows({
  'the certificate of a gateway': [
    {
      mistake: 'no Secret',
      world: entry(),
      symptom: asked(refused, https),
      code: 'MALLA-PAS-06',
      at: 'Gateway bookinfo-gateway spec.servers[1].tls.credentialName',
    },
    {
      mistake: 'a slip in its name',
      world: entry({ mode: 'SIMPLE', credentialName: 'hola-tsl' }, secret('hola-tls', 'istio-system', pair)),
      symptom: asked(refused, https),
      code: 'MALLA-PAS-06',
    },
    {
      mistake: 'it is where the application is',
      world: entry(undefined, secret('hola-tls', 'default', pair)),
      symptom: asked(refused, https),
      code: 'MALLA-PAS-07',
      at: 'Secret hola-tls metadata.namespace',
    },
    {
      mistake: 'other names inside',
      world: entry(undefined, secret('hola-tls', 'istio-system', { 'hola.crt': 'QQ==', 'hola.key': 'QQ==' })),
      symptom: asked(reset, https),
      code: 'MALLA-PAS-08',
      at: 'Secret hola-tls data',
    },
    ...['PASSTHROUGH', 'MUTUAL', 'ISTIO_MUTUAL'].map((mode) => ({
      mistake: `mode ${mode}`,
      world: entry({ mode, credentialName: 'hola-tls' }, secret('hola-tls', 'istio-system', pair)),
      symptom: asked(reset, https),
      code: 'MALLA-PAS-09',
      at: 'Gateway bookinfo-gateway spec.servers[1].tls.mode',
    })),
    {
      mistake: 'the port of HTTPS speaks HTTP',
      world: entry().set('Gateway', 'bookinfo-gateway', ['spec', 'servers', 1, 'port', 'protocol'], 'HTTP'),
      symptom: asked(reset, https),
      code: 'MALLA-PAS-10',
      at: 'Gateway bookinfo-gateway spec.servers[1].port.protocol',
    },
    {
      mistake: 'a name that the server of HTTPS does not admit',
      world: entry(undefined, secret('hola-tls', 'istio-system', pair)),
      symptom: asked(reset, { ...https, server: 'otra.example.com' }),
      code: 'MALLA-PAS-04',
      at: 'Gateway bookinfo-gateway spec.servers[1].hosts',
    },
    {
      mistake: 'no server of HTTPS at all',
      world: entry().set('Gateway', 'bookinfo-gateway', ['spec', 'servers'], [plain]),
      symptom: asked(refused, https),
      code: 'MALLA-PAS-03',
    },
  ],
  redirections: [
    {
      mistake: 'httpsRedirect where HTTPS is',
      world: entry({ mode: 'SIMPLE', credentialName: 'hola-tls', httpsRedirect: true }),
      symptom: asked(answer(200), { status: 301 }),
      code: 'MALLA-PAS-13',
      at: 'Gateway bookinfo-gateway spec.servers[1].tls.httpsRedirect',
    },
    {
      mistake: 'no redirection anywhere',
      world: entry(),
      symptom: asked(answer(200), { status: 301 }),
      code: 'MALLA-PAS-13',
      at: 'Gateway bookinfo-gateway spec.servers[0].tls',
    },
    {
      mistake: 'a rule that redirects who came by HTTPS too',
      world: entry().set('VirtualService', 'bookinfo', ['spec', 'http'], [{ redirect: { scheme: 'https' } }]),
      symptom: asked(answer(301), https),
      code: 'MALLA-PAS-12',
      at: 'VirtualService bookinfo spec.http[0].redirect',
    },
  ],
  names: [
    {
      mistake: 'a VirtualService for any name',
      world: bookinfo().set(
        'VirtualService',
        'bookinfo',
        ['spec', 'http'],
        [{ route: [{ destination: { host: 'productpage' } }] }],
      ),
      symptom: asked(answer(200), { server: 'otra.example.com', status: 404 }),
      code: 'MALLA-PAS-16',
      at: 'VirtualService bookinfo spec.hosts[0]',
    },
    {
      mistake: 'a slip in the name, beside another that is right',
      world: entry(undefined, object('networking.istio.io/v1', 'VirtualService', 'otra', 'default'))
        .set('VirtualService', 'otra', ['spec'], {
          hosts: ['hola.exemple.com'],
          gateways: ['bookinfo-gateway'],
          http: [],
        })
        .set('VirtualService', 'bookinfo', ['spec', 'hosts'], ['v3.example.com']),
      symptom: asked(answer(404)),
      code: 'MALLA-RUT-04',
      at: 'VirtualService otra spec.hosts',
    },
    ...[
      {
        mistake: 'the name is of one that names no gateway',
        gateways: undefined,
        code: 'MALLA-RUT-01',
        path: 'gateways',
      },
      { mistake: 'a slip in the gateway', gateways: ['bookinfo-gatewya'], code: 'MALLA-RUT-02', path: 'gateways[0]' },
    ].map(({ mistake, gateways, code, path }) => ({
      mistake: `${mistake}, beside another that is right`,
      world: entry(undefined, object('networking.istio.io/v1', 'VirtualService', 'otra', 'default'))
        .set('VirtualService', 'otra', ['spec'], { hosts: ['v3.example.com'], ...(gateways && { gateways }), http: [] })
        .set('Gateway', 'bookinfo-gateway', ['spec', 'servers'], [{ ...plain, hosts: [host, 'v3.example.com'] }]),
      symptom: asked(answer(404), { server: 'v3.example.com' }),
      code,
      at: `VirtualService otra spec.${path}`,
    })),
    {
      mistake: 'the Gateway admits the name by HTTPS only',
      world: entry().set(
        'Gateway',
        'bookinfo-gateway',
        ['spec', 'servers'],
        [{ ...plain, hosts: ['otra.example.com'] }, secure({ mode: 'SIMPLE', credentialName: 'hola-tls' })],
      ),
      symptom: asked(answer(404)),
      code: 'MALLA-PAS-04',
      at: 'Gateway bookinfo-gateway spec.servers[0].hosts',
    },
    {
      mistake: 'a port that is not for HTTP',
      world: entry().set(
        'Gateway',
        'bookinfo-gateway',
        ['spec', 'servers'],
        [{ ...plain, port: { ...plain.port, protocol: 'TCP' } }],
      ),
      symptom: asked(reset),
      code: 'MALLA-PAS-05',
      at: 'Gateway bookinfo-gateway spec.servers[0].port.protocol',
    },
  ],
  'old HTTP': [
    {
      mistake: 'a program that calls by HTTP/1.0',
      world: entry(),
      symptom: asked(answer(426)),
      code: 'MALLA-RED-08',
      at: 'Deployment productpage-v1',
    },
  ],
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
      code: 'MALLA-SAL-07',
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
