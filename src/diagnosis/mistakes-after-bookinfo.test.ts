// Typical mistakes of a lab about the way in, on a cluster where Bookinfo's own rule for any host is still there.
import type { KubeObject } from '../mesh/objects.ts';
import { bookinfo, object, type World } from './bookinfo.fixture.ts';
import { answer, page, testRows } from './mistakes.fixture.ts';
import type { Symptom } from './symptom.ts';

const host = 'hola.example.com';

function asked(): Symptom {
  const symptom = page(answer(404), '/');
  if (symptom.type !== 'http') throw new Error('A page must be a symptom of http.');
  const url = new URL('http://127.0.0.1:31380/');
  return { ...symptom, url, pattern: { ...symptom.pattern, path: '/', server: host } };
}

const own = (kind: string, spec: object): KubeObject => ({
  ...object('networking.istio.io/v1', kind, 'hola', 'default'),
  spec,
});
const server = (number: number, hosts: string[]) => ({ port: { number, name: 'http', protocol: 'HTTP' }, hosts });

function after(number: number, admitted: string, taken: string): World {
  return bookinfo().add(
    own('Gateway', { selector: { istio: 'ingressgateway' }, servers: [server(number, [admitted])] }),
    own('VirtualService', {
      hosts: [taken],
      gateways: ['hola'],
      http: [{ route: [{ destination: { host: 'productpage' } }] }],
    }),
  );
}

testRows({
  'beside a rule for any host': [
    {
      mistake: 'the Gateway listens on another port',
      world: after(9080, host, host),
      symptom: asked(),
      code: 'MALLA-PAS-03',
      at: 'Gateway hola spec.servers[0].port.number',
    },
    {
      mistake: 'the Gateway does not admit the name',
      world: after(8080, 'otra.example.com', host),
      symptom: asked(),
      code: 'MALLA-PAS-04',
      at: 'Gateway hola spec.servers[0].hosts',
    },
    {
      mistake: 'the name has a slip',
      world: after(8080, host, 'hola.exemple.com'),
      symptom: asked(),
      code: 'MALLA-RUT-04',
      at: 'VirtualService hola spec.hosts',
    },
    {
      mistake: 'no rule takes the path, and nothing else was written',
      world: bookinfo(),
      symptom: asked(),
      code: 'MALLA-RUT-03',
      at: 'VirtualService bookinfo spec.http',
    },
  ],
});
