// HTTPS through a Gateway and the student's Secret, and TCP through a NodePort, on the cluster's real ports.
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gateway, pod, service, virtualService } from '../../src/mesh/fixtures.ts';
import type { KubeObject } from '../../src/mesh/objects.ts';
import {
  createSmallCluster,
  ingressPod,
  istiod,
  meshConfig,
  type SmallCluster,
} from '../../src/simulator/dataplane/fixtures/small-cluster.ts';
import { issueCertificate } from '../../src/simulator/process/pki/certificate.ts';
import { freePort, isOpen, rawRequest, realClock, until } from './support/ports.ts';

const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
const own = issueCertificate({ commonName: 'web', use: 'server', dnsNames: ['httpbin.example.com'], ...validity });
const ingress = ingressPod();
const httpbin = pod('httpbin', { app: 'httpbin' });

const secret = (certificate: string, key: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'httpbin-credential', namespace: 'istio-system' },
  data: {
    'tls.crt': Buffer.from(certificate).toString('base64'),
    'tls.key': Buffer.from(key).toString('base64'),
  },
});

const secureGateway = (tls: object) =>
  gateway('secure', {
    selector: { istio: 'ingressgateway' },
    servers: [
      { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['httpbin.example.com'], tls },
      {
        port: { number: 80, name: 'http', protocol: 'HTTP' },
        hosts: ['httpbin.example.com'],
        tls: { httpsRedirect: true },
      },
    ],
  });

let cluster: SmallCluster;
let [entryPort, secureEntryPort, nodePort] = [0, 0, 0];

beforeEach(async () => {
  [entryPort, secureEntryPort, nodePort] = [await freePort(), await freePort(), await freePort()];
  cluster = createSmallCluster({ clock: realClock, random: Math.random, entryPort, secureEntryPort });
  const ports = [
    { name: 'http2', port: 80, targetPort: 8080 },
    { name: 'https', port: 443, targetPort: 8443 },
  ];
  cluster.put(
    meshConfig(),
    service(
      'istio-ingressgateway',
      80,
      { type: 'LoadBalancer', selector: { istio: 'ingressgateway' }, ports },
      'istio-system',
    ),
    service('httpbin', 8000, { ports: [{ name: 'http', port: 8000, targetPort: 8080 }] }),
    virtualService('httpbin', {
      hosts: ['httpbin.example.com'],
      gateways: ['secure'],
      http: [{ route: [{ destination: { host: 'httpbin' } }] }],
    }),
  );
  cluster.run(istiod(), 'curl');
  cluster.run(ingress, 'curl');
  cluster.run(httpbin, 'go-httpbin');
});
afterEach(() => cluster.dataplane.stop());

function get(servername: string): Promise<{ status: number; server: unknown }> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port: secureEntryPort,
        servername,
        ca: own.certificate,
        agent: false,
        path: '/status/418',
        headers: { host: servername },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode ?? 0, server: response.headers.server }));
      },
    );
    request.on('error', reject);
    request.end();
  });
}

test('HTTPS by the Secret: closed without it, then served, logged with its name, and redirected to from HTTP', async () => {
  cluster.put(secureGateway({ mode: 'SIMPLE', credentialName: 'httpbin-credential' }));
  await until(() => isOpen(entryPort));
  expect(await isOpen(secureEntryPort)).toBe(false);
  cluster.put(secret(own.certificate, own.key));
  await until(() => isOpen(secureEntryPort));
  expect(await get('httpbin.example.com')).toEqual({ status: 418, server: 'istio-envoy' });
  expect(cluster.accessLog(ingress).at(-1)).toMatch(
    /"GET \/status\/418 HTTP\/1\.1" 418 - via_upstream .* "httpbin\.example\.com" "[\d.]+:8080" outbound\|8000\|\|httpbin\.default\.svc\.cluster\.local [\d.]+:\d+ 10\.0\.1\.5:8443 10\.0\.1\.1:\d+ httpbin\.example\.com -$/,
  );
  await expect(get('other.example.com')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(cluster.accessLog(ingress).at(-1)).toMatch(
    /"- - -" 0 NR filter_chain_not_found - "-" 0 0 \d - "-" "-" "-" "-" "-" - - 10\.0\.1\.5:8443 10\.0\.1\.1:\d+ other\.example\.com -$/,
  );
  const redirect = await rawRequest(
    entryPort,
    'GET /status/418 HTTP/1.1\r\nHost: httpbin.example.com\r\nConnection: close\r\n\r\n',
  );
  expect(redirect).toMatch(/^HTTP\/1\.1 301 .*\r\nlocation: https:\/\/httpbin\.example\.com\/status\/418\r\n/);
});

test('a TCP port behind a NodePort: bytes through the sidecar, and a line with how many', async () => {
  const echo = pod('echo', { app: 'echo' });
  cluster.run(echo, () => ({ ports: {}, streams: { 9000: (connection) => void connection.pipe(connection) } }));
  const ports = [{ name: 'tcp', port: 9000, targetPort: 9000, nodePort }];
  cluster.put(service('echo', 9000, { type: 'NodePort', ports }));
  await until(() => isOpen(nodePort));
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(nodePort, '127.0.0.1', () => socket.write('hola\n'));
    socket.once('data', (chunk) => {
      socket.end();
      resolve(String(chunk));
    });
    socket.on('error', reject);
  });
  expect(answer).toBe('hola\n');
  const line = () => cluster.accessLog(echo).find((text) => text.includes(' 5 5 '));
  await until(() => line() !== undefined);
  expect(line()).toMatch(
    /"- - -" 0 - - - "-" 5 5 \d+ - "-" "-" "-" "-" "[\d.]+:9000" inbound\|9000\|\| 127\.0\.0\.6:\d+ /,
  );
});
