import { request as httpsRequest } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gateway, pod, service, virtualService } from '../../../mesh/fixtures.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { systemClock } from '../../process/clock.ts';
import { issueCertificate } from '../../process/pki/certificate.ts';
import { createSmallCluster, ingressPod, istiod, meshConfig, type SmallCluster } from '../fixtures/small-cluster.ts';

const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
const own = issueCertificate({ commonName: 'web', use: 'server', dnsNames: ['httpbin.example.com'], ...validity });
const ingress = ingressPod();
const caller = pod('caller', { app: 'caller' }, { spec: { containers: [{ name: 'app' }] } });
const meshed = pod('meshed', { app: 'meshed' });
const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'own', namespace: 'istio-system' },
  data: {
    'tls.crt': Buffer.from(own.certificate).toString('base64'),
    'tls.key': Buffer.from(own.key).toString('base64'),
  },
};
const HOST = 'istio-ingressgateway.istio-system';

let cluster: SmallCluster;
beforeEach(async () => {
  cluster = createSmallCluster({ clock: systemClock });
  const ports = [
    { name: 'http2', port: 80, targetPort: 8080 },
    { name: 'https', port: 443, targetPort: 8443 },
  ];
  const selector = { istio: 'ingressgateway' };
  const tls = { mode: 'SIMPLE', credentialName: 'own' };
  cluster.put(
    meshConfig(),
    service('istio-ingressgateway', 443, { selector, ports }, 'istio-system'),
    service('httpbin', 8000, { ports: [{ name: 'http', port: 8000, targetPort: 8080 }] }),
    virtualService('httpbin', {
      hosts: ['httpbin.example.com', HOST],
      gateways: ['secure'],
      http: [{ route: [{ destination: { host: 'httpbin' } }] }],
    }),
    gateway('secure', {
      selector,
      servers: [
        { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['httpbin.example.com'], tls },
        { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] },
      ],
    }),
  );
  cluster.run(istiod(), 'curl');
  cluster.run(ingress, 'curl');
  cluster.run(caller, 'curl');
  cluster.run(meshed, 'curl');
  cluster.run(pod('httpbin', { app: 'httpbin' }), 'go-httpbin');
  // istiod pushes in a later turn.
  await expect.poll(() => cluster.dataplane.gatewayPort(ingress, 8443)).toBeDefined();
});
afterEach(() => cluster.dataplane.stop());

function get(from: KubeObject, servername: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = cluster.dataplane.connect?.(from, HOST, 443);
    if (!socket) throw new Error('no network');
    const createConnection = () => connectTls({ socket, servername, ca: own.certificate });
    const request = httpsRequest({ createConnection, path: '/status/418', headers: { host: servername } });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject).end();
  });
}

test('a pod is served by the certificate of the Secret, and the gateway tells who asked, by which name', async () => {
  cluster.put(secret);
  expect(await get(caller, 'httpbin.example.com')).toBe(418);
  const { podIP } = caller.status as { podIP: string };
  await expect
    .poll(() => cluster.accessLog(ingress).at(-1))
    .toMatch(new RegExp(`"GET /status/418 HTTP/1.1" 418 .* 10.0.1.5:8443 ${podIP}:\\d+ httpbin.example.com -$`));
});

test('a pod with a sidecar is, too: its proxy copies the bytes', async () => {
  cluster.put(secret);
  expect(await get(meshed, 'httpbin.example.com')).toBe(418);
});

test('without TLS, a sidecar speaks plain text to a gateway, whose pods have no label for another, and HTTP/2 as its port says', async () => {
  const { status } = await cluster.call(meshed, `http://${HOST}/status/418`);
  expect(status).toBe(418);
  expect(cluster.accessLog(ingress).at(-1)).toContain('"GET /status/418 HTTP/2" 418');
});

test('a name that no server has closes the connection', async () => {
  cluster.put(secret);
  await expect(get(caller, 'other.example.com')).rejects.toThrow(/socket|disconnected|ECONNRESET/i);
  expect(cluster.accessLog(ingress).at(-1)).toMatch(/NR filter_chain_not_found .* other.example.com -$/);
});

test('without the Secret the gateway does not listen', () => {
  expect(() => cluster.dataplane.connect?.(caller, HOST, 443)).toThrow('connection refused');
});
