import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ClusterError } from '../../cluster-error.ts';
import type { KubeClient } from '../../contract.ts';
import { findAdmission } from './admission.ts';
import { findMeshes } from './meshes.ts';
import { findBalancers, findCni, findDns } from './network.ts';
import { refusalOf } from './refusals.ts';
import { surveyCluster } from './survey.ts';
import { judgeVersion } from './versions.ts';

function object(
  kind: string,
  name: string,
  rest: Partial<KubeObject> & { namespace?: string; labels?: Record<string, string> } = {},
): KubeObject {
  const { namespace, labels, ...fields } = rest;
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}), ...(labels ? { labels } : {}) },
    ...fields,
  };
}

const node = (name: string, provider = '') =>
  object('Node', name, {
    labels: { 'node-role.kubernetes.io/control-plane': '' },
    spec: provider ? { providerID: `${provider}:///x` } : {},
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: {
        kubeletVersion: 'v1.34.4',
        containerRuntimeVersion: 'containerd://2',
        kernelVersion: '6.1',
        architecture: 'arm64',
      },
    },
  });
const istiod = (labels: Record<string, string> = {}) =>
  object('Deployment', 'istiod', {
    namespace: 'istio-system',
    labels: { app: 'istiod', ...labels },
    spec: { template: { spec: { containers: [{ image: 'registry.istio.io/release/pilot:1.30.3' }] } } },
    status: { readyReplicas: 1 },
  });

interface World {
  objects?: KubeObject[];
  version?: string;
  forbidden?: string[];
  denied?: string[];
  time?: number;
  namespace?: string;
}

const now = 1_800_000_000_000;

function survey({
  objects = [node('nieve')],
  version = 'v1.34.4',
  forbidden = [],
  denied = [],
  time = now,
  namespace,
}: World) {
  const client: Pick<KubeClient, 'raw' | 'get' | 'list' | 'create' | 'serverTime'> = {
    raw: async () => ({ gitVersion: version }),
    list: async ({ kind }) => {
      if (forbidden.includes(kind)) throw new ClusterError('forbidden', kind);
      return objects.filter((o) => o.kind === kind);
    },
    get: async ({ kind, name }) => objects.find((o) => o.kind === kind && o.metadata.name === name),
    create: async (review) => {
      const {
        verb,
        resource,
        namespace: where,
      } = (review.spec as { resourceAttributes: Record<string, string> }).resourceAttributes;
      return { ...review, status: { allowed: !denied.includes(`${verb} ${resource}`) && where !== 'otra' } };
    },
    serverTime: async () => time,
  };
  return surveyCluster(client as KubeClient, { namespace, now: () => now });
}

describe('what joining is refused for', () => {
  const code = async (world: World) => refusalOf(await survey(world))?.code;

  test('nothing, on an ordinary cluster', async () => {
    expect(await code({})).toBeUndefined();
    expect((await survey({})).production).toEqual([]);
  });

  test.each<[string, World, string]>([
    ['a version that is too old', { version: 'v1.28.9' }, 'MALLA-KCF-40'],
    ['a version that says nothing', { version: 'dev' }, 'MALLA-KCF-40'],
    ['ambient', { objects: [node('a'), object('DaemonSet', 'ztunnel')] }, 'MALLA-KCF-41'],
    [
      'a namespace in ambient',
      { objects: [object('Namespace', 'a', { labels: { 'istio.io/dataplane-mode': 'ambient' } })] },
      'MALLA-KCF-41',
    ],
    ['Linkerd', { objects: [object('Deployment', 'linkerd-destination')] }, 'MALLA-KCF-41'],
    ['Consul', { objects: [object('StatefulSet', 'hashi-consul-server')] }, 'MALLA-KCF-41'],
    ['Kuma', { objects: [object('Deployment', 'kuma-control-plane')] }, 'MALLA-KCF-41'],
    ['a clock that is off', { time: now - 300_000 }, 'MALLA-KCF-42'],
    ['rights that are missing', { denied: ['create namespaces'] }, 'MALLA-KCF-43'],
    ['no node that is ready', { objects: [{ ...node('a'), status: {} }] }, 'MALLA-KCF-44'],
  ])('%s', async (_what, world, expected) => {
    expect(await code(world)).toBe(expected);
  });

  test('missing rights are told one by one, with what each is for', async () => {
    const happened = refusalOf(await survey({ denied: ['patch deployments', 'list nodes'] }))?.happened;
    expect(happened).toContain('patch deployments.apps: desplegar las aplicaciones');
    expect(happened).toContain('list nodes: mirar los nodos');
  });
});

describe('signs of production', () => {
  test.each<[string, KubeObject[], RegExp]>([
    ['a cloud', [node('a', 'aws')], /nube \(aws\)/],
    ['many nodes', Array.from({ length: 8 }, (_, i) => node(`n${i}`)), /8 nodos/],
    ['many namespaces', Array.from({ length: 15 }, (_, i) => object('Namespace', `app-${i}`)), /15 espacios/],
    ['an Istio of others', [istiod()], /Istio \(1\.30\.3, en istio-system\)/],
    ['ingress controllers', [object('IngressClass', 'nginx')], /nginx/],
  ])('%s', async (_what, objects, sign) => {
    expect((await survey({ objects })).production).toEqual([expect.stringMatching(sign)]);
  });

  test('none: kind, its own namespaces, and the Istio that Malla installed', async () => {
    const objects = [
      node('a', 'kind'),
      object('Namespace', 'kube-system'),
      istiod({ 'app.kubernetes.io/managed-by': 'malla' }),
    ];
    expect((await survey({ objects })).production).toEqual([]);
  });

  test('none in a place of a class, whatever its cluster is', async () => {
    const place = (labels: Record<string, string>) => object('Namespace', 'tarde-ana', { labels });
    const inPlace = (labels: Record<string, string>) =>
      survey({ objects: [node('a', 'aws'), istiod(), place(labels)], namespace: 'tarde-ana' });
    expect((await inPlace({ 'malla.dev/aula': 'tarde' })).production).toEqual([]);
    expect((await inPlace({})).production).toHaveLength(2);
  });
});

test('what may not be read is told, and what depends on it is not made up', async () => {
  const found = await survey({ forbidden: ['Node', 'DaemonSet'] });
  expect(found.unread).toEqual(['DaemonSet', 'Node']);
  expect(found.nodes).toEqual([]);
  expect(found.cni).toEqual({ name: '' });
});

test('a node is what its kubelet tells', async () => {
  expect((await survey({})).nodes).toEqual([
    {
      name: 'nieve',
      ready: true,
      roles: ['control-plane'],
      version: 'v1.34.4',
      runtime: 'containerd://2',
      kernel: '6.1',
      architecture: 'arm64',
      provider: '',
    },
  ]);
});

test.each([
  ['kube-flannel-ds', 'flannel', false],
  ['calico-node', 'calico', true],
  ['cilium', 'cilium', true],
  ['weave-net', 'weave', true],
  ['kindnet', 'kindnet', undefined],
  ['node-exporter', '', undefined],
])('the DaemonSet %s tells the network «%s»', (daemonSet, name, policies) => {
  const found = findCni([object('DaemonSet', daemonSet)]);
  expect([found.name, found.policies]).toEqual([name, policies]);
});

test('load balancers are given, pending, or nobody has asked for one', () => {
  const service = (ingress: unknown[]) =>
    object('Service', 's', { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress } } });
  expect(findBalancers([object('Service', 's', { spec: { type: 'ClusterIP' } })])).toBe('nobody-asks');
  expect(findBalancers([service([])])).toBe('pending');
  expect(findBalancers([service([]), service([{ ip: '10.0.0.1' }])])).toBe('given');
});

test('CoreDNS is known by its name in kube-system', () => {
  const dns = object('Deployment', 'coredns', {
    namespace: 'kube-system',
    spec: { replicas: 2 },
    status: { readyReplicas: 1 },
  });
  expect(findDns([dns])).toEqual({ ready: 1, wanted: 2, image: '' });
  expect(findDns([object('Deployment', 'coredns', { namespace: 'default' })])).toBeUndefined();
});

test('webhooks of others that see pods are told, and Istio’s own are not', () => {
  const hook = (name: string, resources: string[], failurePolicy: string) =>
    object('MutatingWebhookConfiguration', name, { webhooks: [{ rules: [{ resources }], failurePolicy }] });
  const found = findAdmission({
    policies: [object('ValidatingAdmissionPolicy', 'sin-latest')],
    mutating: [
      hook('vault', ['pods'], 'Fail'),
      hook('istio-sidecar-injector', ['pods'], 'Fail'),
      hook('certs', ['certificates'], 'Fail'),
    ],
    validating: [hook('kyverno', ['*/*'], 'Ignore')],
    namespaces: [object('Namespace', 'default', { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } })],
  });
  expect(found).toEqual({
    policies: ['sin-latest'],
    webhooks: [
      { name: 'vault', mutates: true, blocks: true },
      { name: 'kyverno', mutates: false, blocks: false },
    ],
    strict: [{ namespace: 'default', level: 'baseline' }],
  });
});

test('an Istio is told by its version, its revision and who installed it', () => {
  const objects = {
    deployments: [istiod({ 'istio.io/rev': 'canary' })],
    daemonSets: [],
    statefulSets: [],
    namespaces: [],
  };
  expect(findMeshes(objects).istio).toEqual([
    { namespace: 'istio-system', version: '1.30.3', revision: 'canary', ready: true, ours: false },
  ]);
});

test.each([
  ['v1.34.4', 'supported'],
  ['v1.31.2-gke.100', 'supported'],
  ['v1.29.0', 'supported'],
  ['v1.28.15+k3s1', 'too-old'],
  ['v1.40.0', 'untried'],
  ['v2.0.0', 'unknown'],
])('%s is %s', (version, state) => {
  expect(judgeVersion(version).state).toBe(state);
});
