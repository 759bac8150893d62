// The official istioctl and Malla's own on the same embedded mesh: the same questions, the same answers.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { istioctl } from '../../src/tools/istioctl/istioctl.ts';
import { kubectl } from '../../src/tools/kubectl/kubectl.ts';
import { findIstioctl } from './support/find-istioctl.ts';
import { createToolBench, runTool, type ToolBench } from './support/tool-bench.ts';

const real = await findIstioctl();
let bench: ToolBench;

const MESH = `apiVersion: v1
kind: Namespace
metadata: {name: tienda, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: tienda}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp, port: 9000, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: tienda}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, version: v1}}
    spec: {containers: [{name: web, image: gcr.io/google-samples/hello-app:1.0, ports: [{containerPort: 8080}]}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: tienda}
spec:
  host: web
  trafficPolicy: {connectionPool: {tcp: {maxConnections: 7}}, outlierDetection: {consecutive5xxErrors: 3}}
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: web, namespace: tienda}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: entrada, namespace: tienda}
spec: {hosts: ["*"], gateways: [web], http: [{route: [{destination: {host: web, port: {number: 80}}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: tienda}
spec:
  hosts: [web]
  http:
    - {match: [{uri: {prefix: /api}, headers: {end-user: {exact: jason}}}], timeout: 3s, route: [{destination: {host: web, subset: v1, port: {number: 80}}}]}
    - {match: [{uri: {exact: /old}}], redirect: {uri: /new}}
    - {route: [{destination: {host: web, port: {number: 80}}}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: lectura, namespace: tienda}
spec: {selector: {matchLabels: {app: web}}, rules: [{to: [{operation: {methods: [GET]}}]}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: estricta, namespace: tienda}
spec: {mtls: {mode: STRICT}}
`;

beforeAll(async () => {
  bench = await createToolBench();
  await bench.run(istioctl, 'install', '--set', 'profile=demo', '-y');
  await runTool(kubectl, ['apply', '-f', '-'], bench.env, { input: MESH });
  await bench.run(kubectl, 'rollout', 'status', 'deploy/web', '-n', 'tienda', '--timeout=30s');
  await vi.waitFor(async () => expect((await own('proxy-status')).stdout).toMatch(/web-\S+\.tienda/), 10_000);
});
afterAll(() => bench?.remove());

const own = (...argv: string[]) => bench.run(istioctl, ...argv);

async function official(...argv: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(real ?? '', argv, { env: bench.env, maxBuffer: 1 << 26 });
  // Some of its findings go to stderr.
  return stdout + stderr;
}

/** istioctl leaves the order of routes without a number in their name to chance. */
const lines = (text: string) => text.trimEnd().split('\n').sort();
/** Its order of clusters is its own too. */
function byName(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  if (!Array.isArray(value)) return value;
  return (value as { name?: string }[]).sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}
const WEB = 'deploy/web.tienda';
const INGRESS = 'deploy/istio-ingressgateway.istio-system';

const questions = [
  ['proxy-status'],
  ['proxy-config', 'cluster', WEB],
  ['proxy-config', 'cluster', WEB, '--fqdn', 'web.tienda.svc.cluster.local', '--subset', 'v1'],
  ['proxy-config', 'listener', WEB],
  ['proxy-config', 'listener', WEB, '--port', '15006'],
  ['proxy-config', 'listener', INGRESS],
  ['proxy-config', 'route', WEB],
  ['proxy-config', 'route', INGRESS, '--name', 'http.8080'],
  ['proxy-config', 'endpoint', WEB],
  ['proxy-config', 'endpoint', WEB, '--port', '8080'],
  ['proxy-config', 'eds', WEB],
  ['proxy-config', 'secret', WEB],
  ['proxy-config', 'log', WEB],
  ['proxy-config', 'all', WEB],
  ['experimental', 'authz', 'check', WEB],
  ['experimental', 'describe', 'service', 'web.tienda'],
];

describe.skipIf(!real)('the official istioctl and Malla’s say the same', () => {
  test.each(questions.map((words) => [words.join(' '), words] as const))('%s', async (_, asked) => {
    const [theirs, ours] = await Promise.all([official(...asked), own(...asked)]);
    expect(lines(ours.stdout)).toEqual(lines(theirs));
    expect(ours.stdout.split('\n').length).toBeGreaterThan(1);
  });

  test.each([
    ['cluster', []],
    ['listener', ['--port', '80']],
    ['route', ['--name', '80']],
    ['bootstrap', []],
  ])('proxy-config %s -o json is the same JSON', async (kind, filter) => {
    const argv = ['proxy-config', kind, WEB, '-o', 'json', ...filter];
    const [theirs, ours] = await Promise.all([official(...argv), own(...argv)]);
    expect(byName(ours.stdout)).toEqual(byName(theirs));
  });
});

describe.skipIf(!real)('the official istioctl on the embedded cluster', () => {
  test('version finds the control plane and counts the proxies', async () => {
    const text = await official('version');
    expect(text).toContain('control plane version: 1.30.3\n');
    expect(text).toContain('data plane version: 1.30.3 (4 proxies)\n');
  });

  test('precheck, admin log and tag list answer', async () => {
    expect(await official('x', 'precheck')).toContain('No issues found when checking the cluster');
    expect(await official('admin', 'log')).toMatch(/^ads +ads debugging +info +none$/m);
    expect(await official('tag', 'list')).toMatch(/^default +default/m);
  });

  test('a level of the log of istiod or of a proxy can be changed', async () => {
    await official('admin', 'log', '--level', 'ads:debug');
    expect(await official('admin', 'log')).toMatch(/^ads +ads debugging +debug +none$/m);
    const changed = await official('proxy-config', 'log', WEB, '--level', 'rbac:debug');
    expect(changed).toContain('  rbac: debug\n');
    expect(await official('proxy-config', 'log', WEB, '--reset')).toContain('  rbac: warning\n');
  });

  test('describe names the rules of a pod', async () => {
    const text = await official('x', 'describe', 'service', 'web.tienda');
    expect(text).toContain('DestinationRule: web.tienda for "web"\n      Matching subsets: v1\n');
    expect(text).toContain('Exposed on Ingress Gateway http://');
  });

  test('the configuration of a proxy and what istiod has for it match', async () => {
    const [pod] = (await own('proxy-status')).stdout.match(/web-\S+\.tienda/) ?? [];
    const text = await official('proxy-status', pod ?? '');
    expect(text).toContain('Clusters Match\nListeners Match\nRoutes Match');
  });
});

describe('what a proxy tells of itself', () => {
  const request = (...argv: string[]) =>
    bench.run(
      kubectl,
      'exec',
      '-n',
      'tienda',
      WEB.replace('.tienda', ''),
      '-c',
      'istio-proxy',
      '--',
      'pilot-agent',
      'request',
      ...argv,
    );

  test('limits, outlier detection and identity stand in its configuration', async () => {
    const { stdout } = await own(
      'proxy-config',
      'cluster',
      WEB,
      '--fqdn',
      'web.tienda.svc.cluster.local',
      '--port',
      '80',
      '-o',
      'json',
    );
    const clusters = JSON.parse(stdout) as Record<string, unknown>[];
    expect(clusters.map((c) => c.name)).toEqual([
      'outbound|80||web.tienda.svc.cluster.local',
      'outbound|80|v1|web.tienda.svc.cluster.local',
      'outbound|80|v2|web.tienda.svc.cluster.local',
    ]);
    expect(clusters[0]).toMatchObject({
      circuitBreakers: { thresholds: [{ maxConnections: 7 }] },
      outlierDetection: { consecutive5xx: 3 },
    });
    const secret = await own('proxy-config', 'secret', WEB);
    expect(secret.stdout).toMatch(/^default +Cert Chain +ACTIVE +true /m);
  });

  test('pilot-agent asks Envoy: stats, clusters, server_info; what it does not know is an error', async () => {
    expect((await request('GET', 'server_info')).stdout).toContain('"state": "LIVE"');
    expect((await request('GET', 'clusters')).stdout).toContain(
      'outbound|80||web.tienda.svc.cluster.local::default_priority::max_connections::7\n',
    );
    expect((await request('GET', 'stats')).stdout).toContain('cluster_manager.active_clusters: ');
    const wrong = await request('GET', 'nope');
    expect([wrong.code, wrong.stderr.includes('unsuccessful status code 404')]).toEqual([255, true]);
  });

  test('a request through the gateway is counted in its cluster', async () => {
    const counter = async () => {
      const { stdout } = await bench.run(
        kubectl,
        'exec',
        '-n',
        'istio-system',
        'deploy/istio-ingressgateway',
        '--',
        'pilot-agent',
        'request',
        'GET',
        'clusters',
      );
      const all = [...stdout.matchAll(/\|80\|\|web\.tienda\S*::rq_total::(\d+)/g)];
      return all.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    expect(await counter()).toBe(0);
    await fetch(`${bench.entry}/`).then((reply) => reply.text());
    // Told when the request has ended, which may be after its answer.
    await vi.waitFor(async () => expect(await counter()).toBe(1));
  });

  test.each([
    [['proxy-config', 'cluster', 'nope.tienda'], 'Error: pods "nope" not found\n'],
    [['proxy-config', 'bogus', WEB], 'Error: unknown command "bogus" for "istioctl proxy-config"\n'],
    [['proxy-config', 'log', WEB, '--level', 'loud'], 'Error: unrecognized logging level: loud\n'],
    [['experimental', 'describe', 'pod', 'nope'], 'Error: pods "nope" not found\n'],
    [['validate'], 'Error: filename not specified (see --filename or -f)\n'],
  ])('%j is refused in words', async (argv, message) => {
    const { code, stderr } = await own(...argv);
    expect([code, stderr]).toEqual([1, message]);
  });
});
