// The Gateway API, by the real kubectl: its CRDs, Istio's classes, Gateways that get proxies, routes that are obeyed.
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCertificate } from '../../src/simulator/process/pki/certificate.ts';
import { istioctl } from '../../src/tools/istioctl/istioctl.ts';
import { kubectl as ownKubectl } from '../../src/tools/kubectl/kubectl.ts';
import { run } from './support/embedded.ts';
import { kubectlVersions } from './support/kubectl-versions.ts';
import { until } from './support/ports.ts';
import { createToolBench, type ToolBench } from './support/tool-bench.ts';

const root = join(import.meta.dirname, '../..');
const samples = join(root, 'samples/bookinfo');
const newest = kubectlVersions().at(-1);
let bench: ToolBench;

/** The program's, or Malla's own where there is none. Throws when it fails. */
async function kubectl(args: string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = newest
    ? await run(newest.path, args, bench.env, input)
    : await bench.run(ownKubectl, ...args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}${stdout}`);
  return stdout;
}

const apply = (file: string) => kubectl(['apply', '-f', file]);

beforeAll(async () => {
  bench = await createToolBench();
  await bench.run(istioctl, 'install', '--set', 'profile=demo', '-y');
  await kubectl(['label', 'namespace', 'default', 'istio-injection=enabled']);
  await apply(join(root, 'samples/gateway-api/standard-install.yaml'));
  await apply(join(samples, 'bookinfo.yaml'));
  await apply(join(samples, 'gateway-api/bookinfo-versions.yaml'));
  await apply(join(root, 'test/fixtures/exec/pods.yaml'));
  await kubectl(['wait', '--for=condition=Available', 'deployment', '--all', '--timeout=40s']);
}, 120_000);
afterAll(() => bench?.remove());

/** Loopback port of a port of a Gateway's Service. */
async function nodePort(service: string, port: number): Promise<number> {
  const { spec } = JSON.parse(await kubectl(['get', 'service', service, '-o', 'json'])) as {
    spec: { ports: { port: number; nodePort?: number }[] };
  };
  return spec.ports.find((p) => p.port === port)?.nodePort ?? 0;
}

async function answers(url: string): Promise<number> {
  try {
    return (await fetch(url)).status;
  } catch {
    return 0;
  }
}

test('istiod accepts its classes', async () => {
  await kubectl(['wait', '--for=condition=accepted', 'gatewayclass', 'istio', 'istio-remote', '--timeout=10s']);
  const table = await kubectl(['get', 'gatewayclass']);
  expect(table).toMatch(/^istio +istio\.io\/gateway-controller +True/m);
});

describe('Bookinfo behind a Gateway', () => {
  let url: string;

  beforeAll(async () => {
    await apply(join(samples, 'gateway-api/bookinfo-gateway.yaml'));
    await kubectl(['wait', '--for=create', 'deployment/bookinfo-gateway-istio', '--timeout=10s']);
    await kubectl(['wait', '--for=condition=Available', 'deployment/bookinfo-gateway-istio', '--timeout=20s']);
    url = `http://127.0.0.1:${await nodePort('bookinfo-gateway-istio', 80)}`;
    await until(async () => (await answers(`${url}/productpage`)) === 200);
  }, 60_000);

  test('its Service is a port of this machine, and only what a rule matches is served', async () => {
    expect(await answers(`${url}/api/v1/products`)).toBe(200);
    expect(await answers(`${url}/productpage/`)).toBe(404);
    expect(await answers(`${url}/staticky`)).toBe(404);
  });

  test('an address that never comes leaves it not programmed; as ClusterIP it is', async () => {
    expect(await kubectl(['get', 'gtw', 'bookinfo-gateway'])).toMatch(/^bookinfo-gateway +istio +False/m);
    await kubectl(['annotate', 'gateway', 'bookinfo-gateway', 'networking.istio.io/service-type=ClusterIP']);
    await kubectl(['wait', '--for=condition=programmed', 'gtw', 'bookinfo-gateway', '--timeout=10s']);
    const host = 'bookinfo-gateway-istio.default.svc.cluster.local';
    expect(await kubectl(['get', 'gtw', 'bookinfo-gateway'])).toContain(host);
    await kubectl(['annotate', 'gateway', 'bookinfo-gateway', 'networking.istio.io/service-type-']);
    await until(async () => {
      url = `http://127.0.0.1:${await nodePort('bookinfo-gateway-istio', 80)}`;
      return (await answers(`${url}/productpage`)) === 200;
    });
  });

  test('routes of the Service reviews share its requests out', async () => {
    await apply(join(samples, 'gateway-api/route-all-v1.yaml'));
    await until(async () => (await reviewers(6)).join() === 'v1');
    await apply(join(samples, 'gateway-api/route-reviews-v3.yaml'));
    await until(async () => (await reviewers(6)).join() === 'v3');
    await apply(join(samples, 'gateway-api/route-reviews-50-v3.yaml'));
    await until(async () => (await reviewers(12)).join() === 'v1,v3');
    expect(await reviewers(60)).toEqual(['v1', 'v3']);
  });

  async function reviewers(count: number): Promise<string[]> {
    const versions = new Set<string>();
    for (let i = 0; i < count; i += 1) {
      const text = await (await fetch(`${url}/api/v1/products/0/reviews`)).text();
      versions.add(/"reviews-(v\d)/.exec(text)?.[1] ?? text);
    }
    return [...versions].sort();
  }

  test('a route that cannot attach says why, and one whose backend is missing answers 500', async () => {
    const route = (name: string, spec: unknown) => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name },
      spec,
    });
    const backendRefs = [{ name: 'nobody', port: 80 }];
    const matches = [{ path: { type: 'PathPrefix', value: '/nobody' } }];
    const list = [
      route('lost', { parentRefs: [{ name: 'bookinfo-gateway', sectionName: 'https' }] }),
      route('broken', { parentRefs: [{ name: 'bookinfo-gateway' }], rules: [{ matches, backendRefs }] }),
    ];
    for (const object of list) await kubectl(['apply', '-f', '-'], JSON.stringify(object));
    await until(async () => (await answers(`${url}/nobody`)) === 500);
    const reasons = async (name: string) =>
      kubectl(['get', 'httproute', name, '-o', 'jsonpath={.status.parents[0].conditions[*].reason}']);
    expect(await reasons('lost')).toBe('NoMatchingParent ResolvedRefs');
    expect(await reasons('broken')).toBe('Accepted BackendNotFound');
  });

  test('what was made for a Gateway goes with it', async () => {
    await kubectl(['delete', 'gtw', 'bookinfo-gateway']);
    await kubectl(['wait', '--for=delete', 'deployment/bookinfo-gateway-istio', '--timeout=10s']);
    await kubectl(['wait', '--for=delete', 'service/bookinfo-gateway-istio', '--timeout=10s']);
    await until(async () => (await answers(`${url}/productpage`)) === 0);
  });
});

test('a listener ends TLS with the Secret that it names, once there is one', async () => {
  await apply(join(root, 'test/fixtures/gateway-api/secure.yaml'));
  const resolved = '--for=jsonpath={.status.listeners[0].conditions[?(@.type=="ResolvedRefs")].reason}';
  await kubectl(['wait', `${resolved}=InvalidCertificateRef`, 'gtw/secure', '--timeout=10s']);
  const times = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const authority = issueCertificate({ commonName: 'ca', use: 'ca', ...times });
  const host = 'httpbin.example.com';
  const own = issueCertificate({ commonName: host, use: 'server', dnsNames: [host], ...times }, authority);
  const stringData = { 'tls.crt': own.certificate, 'tls.key': own.key };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cert' },
    type: 'kubernetes.io/tls',
    stringData,
  };
  await kubectl(['apply', '-f', '-'], JSON.stringify(secret));
  await kubectl(['wait', `${resolved}=ResolvedRefs`, 'gtw/secure', '--timeout=10s']);
  const port = await nodePort('secure-istio', 443);
  await until(async () => (await secureStatus(port, host, authority.certificate)) === 418, 10_000);
});

function secureStatus(port: number, host: string, ca: string): Promise<number> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, servername: host, ca, path: '/status/418', headers: { host } };
    httpsRequest(options, (response) => resolve(response.resume().statusCode ?? 0))
      .on('error', () => resolve(0))
      .end();
  });
}
