// Machines and nodes, each broken in one way, and the cause that is named.
import { expect, test } from 'vitest';
import type { MachineFacts } from '../cluster/machines/machines.ts';
import type { NodesPattern } from '../labs/check-kinds/nodos.ts';
import type { KubeObject } from '../mesh/objects.ts';
import { findCause } from './find-cause.ts';
import { type ClusterNode, countNodes, nodesAreRight } from './nodes.ts';
import { createScene } from './scene.ts';

const pattern = (more: Partial<NodesPattern> = {}): NodesPattern => ({
  ...{ atLeast: 1, names: [], roles: {}, ready: true, prepared: false },
  ...more,
});

const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
const noNetwork = {
  ...{ type: 'Ready', status: 'False', reason: 'KubeletNotReady' },
  message:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
};
const silent = {
  ...{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' },
  message: 'Kubelet stopped posting node status.',
};
const noRuntime = { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'container runtime is down' };

function node(name: string, condition: object = ready, podCIDR: string | undefined = '10.244.0.0/24'): KubeObject {
  const controlPlane = name === 'nieve';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: controlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {} },
    spec: { ...(podCIDR ? { podCIDR } : {}) },
    status: {
      conditions: [condition],
      nodeInfo: { kubeletVersion: 'v1.34.4', containerRuntimeVersion: 'containerd://1.7.24' },
    },
  };
}

function pod(namespace: string, name: string, status: object, labels = {}): KubeObject {
  const spec = { nodeName: 'nieve', containers: [{ name: 'main', image: 'i' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec, status };
}

const crashing = {
  phase: 'Running',
  containerStatuses: [{ name: 'main', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
};
const creating = {
  phase: 'Pending',
  containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ContainerCreating' } } }],
};
const shutOut = {
  phase: 'Pending',
  conditions: [
    {
      ...{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
      message: '0/1 nodes are available: 1 node(s) had untolerated taint(s).',
    },
  ],
};

function machine(name: string, more: Partial<MachineFacts> = {}): MachineFacts {
  return {
    ...{ name, swap: false, swapAtBoot: false, ipForward: true, runtime: 'running', systemdCgroup: true },
    ...{ kubeadm: true, kubelet: 'running', joined: false },
    ...more,
  };
}

interface Row {
  mistake: string;
  objects?: KubeObject[];
  machines?: MachineFacts[];
  pattern?: Partial<NodesPattern>;
  code: string;
  at?: string;
}

const machines: Row[] = [
  { mistake: 'nothing was made yet', code: 'MALLA-NOD-01' },
  {
    mistake: 'init on a machine with swap',
    machines: [machine('nieve', { swap: true, joined: true })],
    code: 'MALLA-NOD-04',
  },
  { mistake: 'an init that ended half way', machines: [machine('nieve', { joined: true })], code: 'MALLA-NOD-15' },
  {
    mistake: 'swap that comes back',
    machines: [machine('nieve', { swapAtBoot: true })],
    pattern: { prepared: true },
    code: 'MALLA-NOD-04',
  },
  {
    mistake: 'no forwarding',
    machines: [machine('nieve', { ipForward: false })],
    pattern: { prepared: true },
    code: 'MALLA-NOD-10',
  },
  {
    mistake: 'no runtime',
    machines: [machine('nieve', { runtime: 'missing' })],
    pattern: { prepared: true },
    code: 'MALLA-NOD-05',
  },
  {
    mistake: 'a runtime without CRI',
    machines: [machine('nieve', { runtime: 'without CRI' })],
    pattern: { prepared: true },
    code: 'MALLA-NOD-05',
  },
  {
    mistake: 'cgroupfs',
    machines: [machine('nieve', { systemdCgroup: false })],
    pattern: { prepared: true },
    code: 'MALLA-NOD-06',
  },
  {
    mistake: 'no kubelet',
    machines: [machine('nieve', { kubelet: 'missing' })],
    pattern: { prepared: true },
    code: 'MALLA-NOD-11',
  },
  { mistake: 'no network', objects: [node('nieve', noNetwork)], code: 'MALLA-NOD-03', at: 'Node nieve' },
  {
    mistake: 'a network on its way',
    objects: [node('nieve', noNetwork), pod('kube-flannel', 'kube-flannel-ds-x', creating)],
    code: 'MALLA-SAL-06',
  },
  { mistake: 'a machine that did not join', objects: [node('nieve')], pattern: { atLeast: 2 }, code: 'MALLA-NOD-02' },
  {
    mistake: 'a machine that could not join',
    objects: [node('nieve')],
    machines: [machine('nieve', { joined: true }), machine('arya', { ipForward: false })],
    pattern: { atLeast: 2 },
    code: 'MALLA-NOD-10',
  },
  { mistake: 'a node of another name', objects: [node('nieve')], pattern: { names: ['arya'] }, code: 'MALLA-NOD-02' },
  { mistake: 'a kubelet that was stopped', objects: [node('nieve', silent)], code: 'MALLA-NOD-09', at: 'Node nieve' },
  {
    mistake: 'a kubelet that swap keeps from starting',
    objects: [node('nieve', silent)],
    machines: [machine('nieve', { swap: true, kubelet: 'failing', joined: true })],
    code: 'MALLA-NOD-04',
  },
  {
    mistake: 'a runtime that was stopped',
    objects: [node('nieve', noRuntime)],
    code: 'MALLA-NOD-05',
    at: 'Node nieve',
  },
  {
    mistake: 'a full disk',
    objects: [node('nieve', { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'no space' })],
    code: 'MALLA-NOD-12',
  },
  {
    mistake: 'no control plane',
    objects: [node('arya')],
    pattern: { roles: { 'control-plane': 1 } },
    code: 'MALLA-NOD-14',
  },
  {
    mistake: 'an older kubelet',
    objects: [node('nieve')],
    pattern: { version: '^v1\\.35' },
    code: 'MALLA-NOD-13',
    at: 'kubeletVersion',
  },
  { mistake: 'another runtime', objects: [node('nieve')], pattern: { runtime: '^cri-o' }, code: 'MALLA-NOD-13' },
];

test.each(machines)('$mistake → $code', ({ objects = [], machines: seen, pattern: more, code, at }) => {
  const asked = pattern(more);
  const nodes = objects.filter((o) => o.kind === 'Node') as ClusterNode[];
  expect(nodesAreRight(countNodes(nodes, seen ?? [], asked), asked)).toBe(false);
  const cause = findCause({ type: 'nodos', pattern: asked, ...(seen ? { machines: seen } : {}) }, createScene(objects));
  expect(cause.code, cause.message).toBe(code);
  if (at) expect([cause.at?.kind, cause.at?.name, cause.at?.path].join(' ')).toContain(at);
});

const dns = { 'k8s-app': 'kube-dns' };
const pods = (namespace: string, selector: string) =>
  ({ type: 'pods', pattern: { namespace, selector, atLeast: 1 } }) as const;

test.each([
  ['another range', '192.168.0.0/24'],
  ['no range', undefined],
])('pods of the cluster without an address, by %s → MALLA-NOD-07', (_what, range) => {
  const flannel = pod('kube-flannel', 'kube-flannel-ds-x', crashing);
  const objects = [node('nieve', ready, range ?? ''), flannel, pod('kube-system', 'coredns-x', creating, dns)];
  const cause = findCause(pods('kube-system', 'k8s-app=kube-dns'), createScene(objects));
  expect(cause).toMatchObject({ code: 'MALLA-NOD-07', at: { kind: 'Node', path: 'spec.podCIDR' } });
});

test('the same network in the way of a student’s pods is a sick cluster', () => {
  const objects = [
    node('nieve', ready, '192.168.0.0/24'),
    pod('kube-flannel', 'kube-flannel-ds-x', crashing),
    pod('default', 'web-x', creating, { app: 'web' }),
  ];
  expect(findCause(pods('default', 'app=web'), createScene(objects)).code).toBe('MALLA-SAL-06');
});

test('CoreDNS that waits for a network → MALLA-NOD-03', () => {
  const objects = [node('nieve', noNetwork), pod('kube-system', 'coredns-x', shutOut, dns)];
  expect(findCause(pods('kube-system', 'k8s-app=kube-dns'), createScene(objects)).code).toBe('MALLA-NOD-03');
});

const reserved = (): KubeObject => {
  const taints = [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }];
  const alone = node('nieve');
  return { ...alone, spec: { ...(alone.spec as object), taints } };
};

test('pods with nowhere to go but the control plane → MALLA-NOD-08', () => {
  const objects = [reserved(), pod('default', 'web-x', shutOut, { app: 'web' })];
  expect(findCause(pods('default', 'app=web'), createScene(objects))).toMatchObject({
    code: 'MALLA-NOD-08',
    at: { name: 'nieve', path: 'spec.taints' },
  });
});

test('pods that could go to a node by now have not been looked at again', () => {
  const dnsPod = pod('kube-system', 'coredns-x', shutOut, dns);
  Object.assign(dnsPod.spec as object, {
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  });
  expect(findCause(pods('kube-system', 'k8s-app=kube-dns'), createScene([reserved(), dnsPod])).code).toBe(
    'MALLA-SAL-06',
  );
  const web = pod('default', 'web-x', shutOut, { app: 'web' });
  expect(findCause(pods('default', 'app=web'), createScene([reserved(), node('arya'), web])).code).toBe('MALLA-SAL-06');
});

test('prepared machines count beside nodes that are ready, each once', () => {
  const asked = pattern({ prepared: true });
  const seen = countNodes(
    [node('nieve') as ClusterNode],
    [machine('nieve'), machine('arya'), machine('sansa', { swap: true })],
    asked,
  );
  expect(seen.counted).toEqual(['nieve', 'arya']);
});
