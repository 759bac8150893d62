// Typical mistakes at the way in: certificates, redirections and names.
import { bookinfo, object } from './bookinfo.fixture.ts';
import { asked, entry, host, https, pair, plain, reset, secret, secure } from './entry.fixture.ts';
import { answer, refused, testRows } from './mistakes.fixture.ts';

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
});
