// A class of two on a real cluster, and what one of them tries on the other, on Istio and on the cluster. The cluster is
// given by MALLA_REAL_KUBECONFIG; the class is taken away at the end. What may be tried is listed in docs/clusteres-reales.md.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readClasses } from '../../src/cluster/classroom/class-status.ts';
import type { Handout } from '../../src/cluster/classroom/create-class.ts';
import { deleteClass, planDeletion } from '../../src/cluster/classroom/delete-class.ts';
import { connect } from '../../src/cluster/client.ts';
import type { KubeClient } from '../../src/cluster/contract.ts';
import { attach, lookAt } from '../../src/cluster/kubeadm/attach.ts';
import { readKubeconfigDocument } from '../../src/cluster/kubeadm/kubeconfig-document.ts';
import { pickContext } from '../../src/cluster/kubeadm/pick-context.ts';
import type { KubeObject } from '../../src/mesh/objects.ts';
import { makeClass } from './support/make-class.ts';

const admin = process.env.MALLA_REAL_KUBECONFIG ?? '';
if (!admin) console.warn('MALLA_REAL_KUBECONFIG is not set: no class is made on a real cluster.');

const name = 'ensayo';
const [A, B] = [`${name}-ana`, `${name}-berta`];
/** By rights, by a guard of the class, or by the limits of a container. */
const refusal = /: User ".*" cannot |ValidatingAdmissionPolicy 'malla-aula-|maximum (cpu|memory) usage/;
const samples = join(import.meta.dirname, '../../samples');

describe.runIf(admin)('a class of two', () => {
  let folder: string;
  let root: KubeClient;
  let ana: KubeClient;
  let made: Handout[];

  async function create(): Promise<Handout[]> {
    return makeClass({
      client: root,
      kubeconfig: admin,
      name,
      students: [
        { id: 'ana', name: 'Ana' },
        { id: 'berta', name: 'Berta' },
      ],
      folder,
    });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'malla-aula-'));
    root = connect(admin);
    made = await create();
    ana = connect(join(folder, 'ana.yaml'));
    for (const namespace of [A, B]) {
      for (const object of [...(await sample('httpbin/httpbin.yaml')), ...(await sample('curl/curl.yaml'))])
        await root.apply({ ...object, metadata: { ...object.metadata, namespace } }, 'prueba');
    }
    await root.apply(
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'suyo', namespace: B }, stringData: { clave: 'x' } },
      'prueba',
    );
    await until('all pods are ready', async () => {
      const { places } = await readClasses(root, name);
      return places.every((p) => p.gatewayReady && p.pods.all >= 3 && p.pods.ready === p.pods.all);
    });
  });

  afterAll(async () => {
    const plan = await planDeletion(root, name, [], 'istio-system');
    await deleteClass({
      client: root,
      plan,
      istio: 'istio-system',
      signal: new AbortController().signal,
      onProgress() {},
    });
    await rm(folder, { recursive: true, force: true });
    expect((await readClasses(root, name)).places).toEqual([]);
  });

  test('made again, it stays as it is, with the same credentials', async () => {
    const before = await readFile(join(folder, 'ana.yaml'), 'utf8');
    expect(await create()).toEqual(made);
    expect(await readFile(join(folder, 'ana.yaml'), 'utf8')).toBe(before);
  });

  test('a student joins it with the kubeconfig that was handed out, and stays in the own namespace', async () => {
    const picked = pickContext(await readKubeconfigDocument(join(folder, 'ana.yaml'), new Set()));
    const options = { agreed: new Set<string>(), now: Date.now };
    const look = await lookAt(picked, options);
    expect(look.refusal).toBeUndefined();
    expect(look.survey.production).toEqual([]);
    const chosen = await attach(join(folder, 'casa'), picked, look, options);
    expect(chosen).toMatchObject({ kind: 'kubeadm', namespace: A, entry: made[0]?.entry });
  });

  test('what the labs do, a student may do: apply, exec, read logs, and come in by the own gateway', async () => {
    for (const object of [gateway(A, 'ana'), virtualService(A, ['*'], ['puerta'], `httpbin.${A}.svc.cluster.local`)])
      await ana.apply(object, 'prueba');
    await until('the page answers', async () => (await status(`${made[0]?.entry}/status/200`)) === 200);
    expect((await curl(ana, A, 'http://httpbin:8000/status/200')).stdout).toBe('200');
  });

  describe('is refused', () => {
    const forbidden = (attempt: () => Promise<unknown>) =>
      expect(attempt()).rejects.toMatchObject({ reason: 'forbidden', detail: expect.stringMatching(refusal) });

    test.each<[string, () => Promise<unknown>]>([
      ['to read the secrets of another', () => ana.list({ apiVersion: 'v1', kind: 'Secret', namespace: B })],
      ['to read one by its name', () => ana.get({ apiVersion: 'v1', kind: 'Secret', namespace: B, name: 'suyo' })],
      ['to list the pods of all', () => ana.list({ apiVersion: 'v1', kind: 'Pod' })],
      ['to list namespaces', () => ana.list({ apiVersion: 'v1', kind: 'Namespace' })],
      ['to run a program in a pod of another', async () => curl(ana, B, 'http://httpbin:8000/status/200', root)],
      ['to run one in istiod', async () => execIn(ana, 'istio-system', 'app=istiod', 'discovery')],
      [
        'to delete what another has',
        () => ana.remove({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: B, name: 'httpbin' }),
      ],
      [
        'to write in the namespace of another',
        () => ana.apply(virtualService(B, ['httpbin'], undefined, 'httpbin'), 'prueba'),
      ],
      [
        'to read the secrets of istio-system',
        () => ana.list({ apiVersion: 'v1', kind: 'Secret', namespace: 'istio-system' }),
      ],
      [
        'to write a Sidecar in istio-system',
        () => ana.apply(mesh('Sidecar', 'istio-system', { egress: [{ hosts: ['./*'] }] }), 'prueba'),
      ],
      ['to write an EnvoyFilter in istio-system', () => ana.apply(envoyFilter('istio-system'), 'prueba')],
      ['to write an EnvoyFilter at home', () => ana.apply(envoyFilter(A), 'prueba')],
      [
        'to write a Sidecar at home, which lets rules of others in',
        () => ana.apply(mesh('Sidecar', A, { egress: [{ hosts: ['*/*'] }] }), 'prueba'),
      ],
      ['to write a ClusterRole', () => ana.apply(role('ClusterRole'), 'prueba')],
      ['to write a Role at home', () => ana.apply(role('Role', A), 'prueba')],
      [
        'to create a namespace',
        () => ana.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${name}-otra` } }, 'prueba'),
      ],
      [
        'to label the own namespace',
        () =>
          ana.patch({ apiVersion: 'v1', kind: 'Namespace', name: A }, 'merge', {
            metadata: { labels: { 'malla.dev/aula': null } },
          }),
      ],
      ['to delete the own namespace', () => ana.remove({ apiVersion: 'v1', kind: 'Namespace', name: A })],
      [
        'to raise the own quota',
        () =>
          ana.patch({ apiVersion: 'v1', kind: 'ResourceQuota', namespace: A, name: 'aula' }, 'merge', {
            spec: { hard: { pods: '999' } },
          }),
      ],
      [
        'to delete the own NetworkPolicy',
        () => ana.remove({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: A, name: 'aula' }),
      ],
      [
        'to delete the policy against neighbours',
        () =>
          ana.remove({
            apiVersion: 'security.istio.io/v1',
            kind: 'AuthorizationPolicy',
            namespace: A,
            name: 'aula-vecinos',
          }),
      ],
      [
        'to turn it the other way',
        () => ana.apply(mesh('AuthorizationPolicy', A, { action: 'ALLOW', rules: [{}] }, 'aula-vecinos'), 'prueba'),
      ],
      ['to write EndpointSlices', () => ana.apply(endpointSlice(), 'prueba')],
      ['to put a Gateway on the ingress of Istio', () => ana.apply(gateway(A), 'prueba')],
      ['to put a Gateway on the ingress of another', () => ana.apply(gateway(A, 'berta'), 'prueba')],
      [
        'to hang a VirtualService on a Gateway of another',
        () => ana.apply(virtualService(A, ['*'], [`${B}/puerta`], 'httpbin'), 'prueba'),
      ],
      [
        'to take a host of another in the mesh',
        () => ana.apply(virtualService(A, [`httpbin.${B}.svc.cluster.local`], undefined, 'httpbin'), 'prueba'),
      ],
      [
        'to take all hosts in the mesh',
        () => ana.apply(virtualService(A, ['*.svc.cluster.local'], ['mesh', 'puerta'], 'httpbin'), 'prueba'),
      ],
      [
        'to take a host of outside for all',
        () => ana.apply(virtualService(A, ['example.org'], ['mesh'], 'httpbin'), 'prueba'),
      ],
      [
        'to name a service of another in a ServiceEntry',
        () => ana.apply(serviceEntry([`httpbin.${B}.svc.cluster.local`], ['.']), 'prueba'),
      ],
      ['to export a ServiceEntry to all', () => ana.apply(serviceEntry(['example.org']), 'prueba')],
      [
        'to take addresses of others with externalIPs',
        () => ana.apply(service({ externalIPs: ['10.0.0.1'] }), 'prueba'),
      ],
      ['to use the network of the node', () => ana.apply(pod({ hostNetwork: true }), 'prueba')],
      ['to see the processes of the node', () => ana.apply(pod({ hostPID: true }), 'prueba')],
      [
        'to mount the disk of the node',
        () => ana.apply(pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }), 'prueba'),
      ],
      ['to have a privileged container', () => ana.apply(pod({}, { securityContext: { privileged: true } }), 'prueba')],
      [
        'to have capabilities',
        () => ana.apply(pod({}, { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }), 'prueba'),
      ],
      [
        'to take a port of the node',
        () => ana.apply(pod({}, { ports: [{ containerPort: 80, hostPort: 80 }] }), 'prueba'),
      ],
      ['to go before others', () => ana.apply(pod({ priorityClassName: 'system-cluster-critical' }), 'prueba')],
      ['to choose the node', () => ana.apply(pod({ nodeName: 'nieve' }), 'prueba')],
      ['to pass for the gateway of another', () => ana.apply(pod({}, {}, { istio: 'ingressgateway-berta' }), 'prueba')],
      [
        'a container of sixty-four cores',
        () => ana.apply(pod({}, { resources: { limits: { cpu: '64' }, requests: { cpu: '10m' } } }), 'prueba'),
      ],
      ['all the memory', () => ana.apply(pod({}, { resources: { limits: { memory: '500Gi' } } }), 'prueba')],
    ])('%s', async (_what, attempt) => forbidden(attempt));

    test('to hang an HTTPRoute on a Gateway of another', async (context) => {
      const apiVersion = 'gateway.networking.k8s.io/v1';
      const spec = { parentRefs: [{ name: 'puerta', namespace: B }], rules: [] };
      const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
      context.skip(!(await root.get({ ...crd, name: 'httproutes.gateway.networking.k8s.io' })), 'sin la Gateway API');
      const metadata = { name: 'intento', namespace: A };
      await forbidden(() => ana.apply({ apiVersion, kind: 'HTTPRoute', metadata, spec }, 'prueba'));
    });

    test('more cores in all than the quota: the pods over it are never made', async () => {
      const container = {
        name: 'c',
        image: 'busybox:1.35',
        resources: { requests: { cpu: '900m' }, limits: { cpu: '2' } },
      };
      await ana.apply(
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'glotona', namespace: A },
          spec: {
            replicas: 20,
            selector: { matchLabels: { app: 'glotona' } },
            template: {
              metadata: { labels: { app: 'glotona' }, annotations: { 'sidecar.istio.io/inject': 'false' } },
              spec: { terminationGracePeriodSeconds: 0, containers: [{ ...container, command: ['sleep', '600'] }] },
            },
          },
        },
        'prueba',
      );
      const glutton = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: A, name: 'glotona' };
      await until('the quota says no', async () =>
        JSON.stringify((await ana.get(glutton))?.status ?? {}).includes('exceeded quota'),
      );
      const pods = await ana.list({ apiVersion: 'v1', kind: 'Pod', namespace: A, labelSelector: 'app=glotona' });
      await ana.remove(glutton);
      expect(pods.length).toBeLessThanOrEqual(2);
    });
  });

  describe('does not get through the mesh', () => {
    const own = 'http://httpbin:8000/status/200';
    const others = `http://httpbin.${B}:8000/status/200`;

    test('from a pod of hers with its sidecar', async () => {
      await until('her own service answers', async () => (await curl(ana, A, own)).stdout === '200');
      expect((await curl(ana, A, others)).stdout).toBe('403');
    });

    test('nor by the address of the pod, past what the sidecar knows', async () => {
      const [httpbin] = await root.list({ apiVersion: 'v1', kind: 'Pod', namespace: B, labelSelector: 'app=httpbin' });
      const { podIP } = (httpbin?.status ?? {}) as { podIP?: string };
      const direct = `http://${podIP}:8080/status/200`;
      expect((await curl(ana, A, direct)).stdout).toBe('403');
      // By the user whose traffic no sidecar sees.
      expect((await curl(ana, A, direct, ana, 'istio-proxy')).stdout).toBe('403');
    });

    test('nor from a pod without a sidecar', async () => {
      const bare = pod(
        {
          containers: [{ name: 'c', image: 'docker.io/curlimages/curl:8.16.0', command: ['/bin/sleep', 'infinity'] }],
          terminationGracePeriodSeconds: 0,
        },
        {},
        {
          app: 'desnudo',
          'sidecar.istio.io/inject': 'false',
        },
      );
      await ana.apply(bare, 'prueba');
      await until('it runs', async () => {
        const found = await ana.get({ apiVersion: 'v1', kind: 'Pod', namespace: A, name: 'atrevido' });
        return (found?.status as { phase?: string })?.phase === 'Running';
      });
      const { stdout } = await execIn(ana, A, 'app=desnudo', 'c', others);
      await ana.remove({ apiVersion: 'v1', kind: 'Pod', namespace: A, name: 'atrevido' });
      expect(stdout).toBe('403');
    });

    test('while Berta goes on as before', async () => {
      const berta = connect(join(folder, 'berta.yaml'));
      expect((await curl(berta, B, own)).stdout).toBe('200');
    });
  });
});

async function sample(path: string): Promise<KubeObject[]> {
  const text = await readFile(join(samples, path), 'utf8');
  return parseAllDocuments(text).map((d) => d.toJS() as KubeObject);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 300_000; Date.now() < end; await wait(1_000)) if (await holds()) return;
  throw new Error(`Not seen in five minutes: ${what}`);
}

async function status(url: string): Promise<number> {
  return fetch(url).then(
    (r) => r.status,
    () => 0,
  );
}

/** `finder` finds the pod, when who runs the program may not. */
function curl(client: KubeClient, namespace: string, url: string, finder = client, container = 'curl') {
  return execIn(client, namespace, 'app=curl', container, url, finder);
}

async function execIn(
  client: KubeClient,
  namespace: string,
  labelSelector: string,
  container: string,
  url = '',
  finder = client,
) {
  const [found] = await finder.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  const command = url === '' ? ['true'] : ['curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', url];
  return client.exec({ namespace, pod: found?.metadata.name ?? 'ninguno', container, command });
}

function mesh(kind: string, namespace: string, spec: object, objectName = 'intento'): KubeObject {
  const group = kind === 'AuthorizationPolicy' ? 'security' : 'networking';
  return { apiVersion: `${group}.istio.io/v1`, kind, metadata: { name: objectName, namespace }, spec };
}

function gateway(namespace: string, student?: string): KubeObject {
  const selector = { istio: student === undefined ? 'ingressgateway' : `ingressgateway-${student}` };
  const servers = [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }];
  return mesh('Gateway', namespace, { selector, servers }, 'puerta');
}

function virtualService(namespace: string, hosts: string[], gateways: string[] | undefined, host: string): KubeObject {
  const http = [{ route: [{ destination: { host, port: { number: 8000 } } }] }];
  return mesh('VirtualService', namespace, { hosts, ...(gateways ? { gateways } : {}), http }, 'ruta');
}

function serviceEntry(hosts: string[], exportTo?: string[]): KubeObject {
  const ports = [{ number: 80, name: 'http', protocol: 'HTTP' }];
  return mesh('ServiceEntry', A, { hosts, ports, resolution: 'DNS', ...(exportTo ? { exportTo } : {}) });
}

function envoyFilter(namespace: string): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'intento', namespace },
    spec: { configPatches: [] },
  };
}

function role(kind: 'Role' | 'ClusterRole', namespace?: string): KubeObject {
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: 'intento', ...(namespace ? { namespace } : {}) },
    rules,
  };
}

function service(spec: object): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'intento', namespace: A },
    spec: { ports: [{ port: 80 }], ...spec },
  };
}

function endpointSlice(): KubeObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'intento', namespace: A },
    addressType: 'IPv4',
    endpoints: [],
  };
}

function pod(spec: object, container: object = {}, labels: Record<string, string> = {}): KubeObject {
  const containers = [{ name: 'c', image: 'busybox:1.35', command: ['sleep', '600'], ...container }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'atrevido', namespace: A, labels },
    spec: { containers, ...spec },
  };
}
