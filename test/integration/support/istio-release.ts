// The parts of an unpacked Istio release that the tasks of its documentation use: their objects, written anew, and
// tokens signed here.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const root = join(import.meta.dirname, '../../..');

/** Fills `folder/samples`. */
export async function writeRelease(folder: string): Promise<void> {
  for (const name of ['addons', 'curl', 'httpbin']) {
    cpSync(join(root, 'samples', name), join(folder, 'samples', name), { recursive: true });
  }
  const files = { ...bookinfoRules(), ...tcpEcho(), ...fortio(), ...(await tokens()) };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, 'samples', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

type Files = Record<string, string>;

/** One JSON document after the other is YAML. */
const documents = (...objects: object[]): string => objects.map((o) => `---\n${JSON.stringify(o)}\n`).join('');

const istio = (kind: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name },
  spec,
});
const destination = (host: string, subset: string, weight?: number) => ({
  destination: { host, subset },
  ...(weight !== undefined && { weight }),
});
const rules = (host: string, ...http: object[]) => istio('VirtualService', host, { hosts: [host], http });

function bookinfoRules(): Files {
  const jason = [{ headers: { 'end-user': { exact: 'jason' } } }];
  const to = (host: string, subset: string) => [destination(host, subset)];
  const faulty = (fault: object) =>
    rules('ratings', { match: jason, fault, route: to('ratings', 'v1') }, { route: to('ratings', 'v1') });
  const percentage = { value: 100 };
  const files = {
    'virtual-service-all-v1': documents(
      ...['productpage', 'reviews', 'ratings', 'details'].map((host) => rules(host, { route: to(host, 'v1') })),
    ),
    'virtual-service-reviews-test-v2': documents(
      rules('reviews', { match: jason, route: to('reviews', 'v2') }, { route: to('reviews', 'v1') }),
    ),
    'virtual-service-reviews-50-v3': documents(
      rules('reviews', { route: [destination('reviews', 'v1', 50), destination('reviews', 'v3', 50)] }),
    ),
    'virtual-service-reviews-v3': documents(rules('reviews', { route: to('reviews', 'v3') })),
    'virtual-service-ratings-test-delay': documents(faulty({ delay: { percentage, fixedDelay: '7s' } })),
    'virtual-service-ratings-test-abort': documents(faulty({ abort: { percentage, httpStatus: 500 } })),
  };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`bookinfo/networking/${name}.yaml`, text]));
}

function workload(
  name: string,
  labels: Record<string, string>,
  container: object,
  annotations: Record<string, string> = {},
): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers: [container] } },
    },
  };
}

function tcpEcho(): Files {
  const ports = [9000, 9001].map((port) => ({ name: port === 9000 ? 'tcp' : 'tcp-other', port }));
  const echo = (version: string, prefix: string) =>
    workload(
      `tcp-echo-${version}`,
      { app: 'tcp-echo', version },
      {
        name: 'tcp-echo',
        image: 'registry.istio.io/release/tcp-echo-server:1.3',
        imagePullPolicy: 'IfNotPresent',
        args: ['9000,9001,9002', prefix],
        ports: ports.map(({ port }) => ({ containerPort: port })),
      },
    );
  const route = (subset: string, weight?: number) => ({
    destination: { host: 'tcp-echo', port: { number: 9000 }, subset },
    ...(weight !== undefined && { weight }),
  });
  const shares = (...all: object[]) =>
    istio('VirtualService', 'tcp-echo', {
      hosts: ['*'],
      gateways: ['tcp-echo-gateway'],
      tcp: [{ match: [{ port: 31400 }], route: all }],
    });
  return {
    'tcp-echo/tcp-echo-services.yaml': documents(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'tcp-echo', labels: { app: 'tcp-echo' } },
        spec: { ports, selector: { app: 'tcp-echo' } },
      },
      echo('v1', 'one'),
      echo('v2', 'two'),
    ),
    'tcp-echo/tcp-echo-all-v1.yaml': documents(
      istio('Gateway', 'tcp-echo-gateway', {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: 31400, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] }],
      }),
      istio('DestinationRule', 'tcp-echo-destination', {
        host: 'tcp-echo',
        subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
      }),
      shares(route('v1')),
    ),
    'tcp-echo/tcp-echo-20-v2.yaml': documents(shares(route('v1', 80), route('v2', 20))),
  };
}

function fortio(): Files {
  const labels = { app: 'fortio' };
  return {
    'httpbin/sample-client/fortio-deploy.yaml': documents(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'fortio', labels },
        spec: { ports: [{ name: 'http', port: 8080 }], selector: labels },
      },
      workload(
        'fortio-deploy',
        labels,
        {
          name: 'fortio',
          image: 'fortio/fortio:latest_release',
          imagePullPolicy: 'Always',
          ports: [
            { containerPort: 8080, name: 'http-fortio' },
            { containerPort: 8079, name: 'grpc-ping' },
          ],
        },
        // Its proxy shows what the pools of its clusters count.
        { 'proxy.istio.io/config': JSON.stringify({ proxyStatsMatcher: { inclusionPrefixes: ['cluster.outbound'] } }) },
      ),
    ),
  };
}

async function tokens(): Promise<Files> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = 'key-1';
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }] };
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer('testing@secure.istio.io')
      .setSubject('testing@secure.istio.io')
      .setExpirationTime('1h')
      .sign(privateKey);
  return {
    'jwt/jwks.json': JSON.stringify(jwks),
    'jwt/demo.jwt': await sign({ foo: 'bar' }),
    'jwt/groups-scope.jwt': await sign({ groups: ['group1', 'group2'], scope: ['scope1', 'scope2'] }),
  };
}
