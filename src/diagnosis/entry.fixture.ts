// What the tables of mistakes at the way in share: an entry by name, with and without TLS, and by the Gateway API.
import type { KubeObject } from '../mesh/objects.ts';
import type { Answer } from '../traffic/load.ts';
import { bookinfo, object, service, type World } from './bookinfo.fixture.ts';
import { answer, page, split } from './mistakes.fixture.ts';
import type { Symptom } from './symptom.ts';

export const host = 'hola.example.com';
export const reset: Answer = { ...answer(0), failure: 'reset' };

export function asked(
  seen: Answer,
  more: { scheme?: 'https'; server?: string; status?: number; api?: true } = {},
): Symptom {
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
export function splitByApi(failures: Record<string, number>): Symptom {
  const symptom = split({ v3: 100 }, { requests: 20, failures });
  if (symptom.type !== 'reparto') throw new Error('A split must be a symptom of reparto.');
  const service = { namespace: 'default', name: 'puerta-istio', port: 80 };
  return { ...symptom, url: new URL('http://127.0.0.1:32080/'), pattern: { ...symptom.pattern, path: '/', service } };
}

export const https = { scheme: 'https' } as const;
export const byApi = { api: true } as const;

export const secret = (name: string, where: string, data: Record<string, string>): KubeObject => ({
  ...object('v1', 'Secret', name, where),
  data,
});
export const pair = { 'tls.crt': 'QQ==', 'tls.key': 'QQ==' };

export const plain = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: [host] };
export const secure = (tls: object, protocol = 'HTTPS') => ({
  port: { number: 443, name: 'https', protocol },
  hosts: [host],
  tls,
});

/** One application, for one name, by HTTP and HTTPS. */
export function entry(tls: object = { mode: 'SIMPLE', credentialName: 'hola-tls' }, ...more: KubeObject[]): World {
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

export const api = (kind: string, name: string, spec: object, version = 'v1'): KubeObject => ({
  ...object(`gateway.networking.k8s.io/${version}`, kind, name, 'default'),
  spec,
});
export const listener = (more: object = {}) => ({ name: 'http', port: 80, protocol: 'HTTP', ...more });
export const puerta = (spec: object = {}) =>
  api('Gateway', 'puerta', { gatewayClassName: 'istio', listeners: [listener()], ...spec });
export const route = (spec: object = {}, backend: object = {}) =>
  api('HTTPRoute', 'web', {
    parentRefs: [{ name: 'puerta' }],
    hostnames: [host],
    rules: [{ backendRefs: [{ name: 'productpage', port: 9080, ...backend }] }],
    ...spec,
  });

/** With what istiod makes of a Gateway: a Service, and a pod that is a proxy alone. */
export function withApi(...objects: KubeObject[]): World {
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
