import { expect, test } from 'vitest';
import type { ClusterView, NodeRoom } from './cluster-view.ts';
import type { Finding } from './finding.ts';
import { isRefused, isSmall, preflight, roomOf } from './preflight.ts';

const gib = 2 ** 30;
const roomy: NodeRoom = {
  name: 'uno',
  usable: true,
  architecture: 'amd64',
  machine: 'uno',
  has: { cpu: 5, memory: 9 * gib },
  asked: { cpu: 1, memory: gib },
};
const healthy: ClusterView = {
  serverVersion: 'v1.34.4',
  simulated: false,
  nodes: [roomy],
  crds: [],
  webhooks: [],
  daemonSets: ['kube-system/kindnet'],
  istiods: [],
  deployments: ['kube-system/coredns'],
  namespaces: [{ name: 'default', labels: {}, terminating: false }],
};

const istiod = { namespace: 'istio-system', name: 'istiod', version: '1.30.3', revision: 'default', ours: false };
const crd = (name: string, versions = ['v1']) => ({ name, group: name.slice(name.indexOf('.') + 1), versions });

function check(change: Partial<ClusterView>, version = '1.30.3'): string[] {
  return preflight({ ...healthy, ...change }, version)
    .filter((f) => f.level !== 'bien')
    .map((f: Finding) => `${f.level} ${f.code}`);
}

test('a healthy cluster has nothing against Istio', () => {
  const findings = preflight(healthy, '1.30.3');
  expect(findings.every((f) => f.level === 'bien')).toBe(true);
  expect(isRefused(findings)).toBe(false);
});

test.each<[string, Partial<ClusterView>, string, string[]]>([
  ['Kubernetes is too old for that Istio', { serverVersion: 'v1.29.3' }, '1.30.3', ['impide MALLA-IST-01']],
  ['Kubernetes is newer than that Istio', { serverVersion: 'v1.34.4' }, '1.26.0', ['aviso MALLA-IST-01']],
  ['Istio is one that Malla does not know', {}, '1.17.0', ['impide MALLA-IST-02']],
  ['no node takes pods', { nodes: [{ ...roomy, usable: false }] }, '1.30.3', ['impide MALLA-IST-03']],
  [
    'a node is of another architecture',
    { nodes: [{ ...roomy, architecture: 'riscv64' }] },
    '1.30.3',
    ['aviso MALLA-IST-04'],
  ],
  [
    'there is little room',
    { nodes: [{ ...roomy, has: { cpu: 1.8, memory: 9 * gib } }] },
    '1.30.3',
    ['aviso MALLA-IST-05'],
  ],
  [
    'there is no room',
    { nodes: [{ ...roomy, asked: { cpu: 0, memory: 8.9 * gib } }] },
    '1.30.3',
    ['impide MALLA-IST-05'],
  ],
  ['ztunnel is there', { daemonSets: ['istio-system/ztunnel'] }, '1.30.3', ['impide MALLA-IST-06']],
  [
    'a namespace is in ambient mode',
    { namespaces: [{ name: 'x', labels: { 'istio.io/dataplane-mode': 'ambient' }, terminating: false }] },
    '1.30.3',
    ['impide MALLA-IST-06'],
  ],
  [
    'Istio lives in another namespace',
    { istiods: [{ ...istiod, namespace: 'malla' }] },
    '1.30.3',
    ['impide MALLA-IST-07'],
  ],
  [
    'there are two control planes',
    { istiods: [istiod, { ...istiod, revision: 'otra' }] },
    '1.30.3',
    ['impide MALLA-IST-07'],
  ],
  [
    'the release before is installed',
    { istiods: [{ ...istiod, version: '1.29.8' }] },
    '1.30.3',
    ['aviso MALLA-IST-08'],
  ],
  ['an older one is installed', { istiods: [{ ...istiod, version: '1.28.0' }] }, '1.30.3', ['impide MALLA-IST-08']],
  ['a newer one is installed', { istiods: [{ ...istiod, version: '1.31.1' }] }, '1.30.3', ['impide MALLA-IST-08']],
  ['an operator is left', { deployments: ['istio-operator/istio-operator'] }, '1.30.3', ['aviso MALLA-IST-09']],
  ['Mixer’s CRDs are left', { crds: [crd('rules.config.istio.io', ['v1alpha2'])] }, '1.30.3', ['aviso MALLA-IST-09']],
  [
    'istio-system is going away',
    { namespaces: [{ name: 'istio-system', labels: {}, terminating: true }] },
    '1.30.3',
    ['impide MALLA-IST-10'],
  ],
  [
    'CRDs do not serve v1',
    { crds: [crd('virtualservices.networking.istio.io', ['v1beta1'])] },
    '1.30.3',
    ['aviso MALLA-IST-13'],
  ],
  [
    'CRDs are fewer than those of the release',
    { crds: [crd('gateways.networking.istio.io')] },
    '1.30.3',
    ['aviso MALLA-IST-13'],
  ],
  ['Linkerd runs', { deployments: ['linkerd/linkerd-destination'] }, '1.30.3', ['impide MALLA-IST-14']],
  ['Kuma’s CRDs are left', { crds: [crd('meshes.kuma.io')] }, '1.30.3', ['aviso MALLA-IST-14']],
])('%s', (_title, change, version, expected) => {
  expect(check(change, version)).toEqual(expected);
});

const lost = { webhook: 'w', failurePolicy: 'Fail', answered: false };
test('webhooks of an Istio that is gone are told, and those of an Istio that is there are not', () => {
  const own = { ...lost, configuration: 'istio-sidecar-injector', service: 'istio-system/istiod' };
  expect(check({ webhooks: [own] })).toEqual(['aviso MALLA-IST-11']);
  expect(check({ webhooks: [own], istiods: [istiod] })).toEqual([]);
});

test('a webhook of another that nobody answers matters only if it stops what it watches', () => {
  const other = { ...lost, configuration: 'politicas', service: 'x/y' };
  expect(check({ webhooks: [other] })).toEqual(['aviso MALLA-IST-12']);
  expect(check({ webhooks: [{ ...other, failurePolicy: 'Ignore' }] })).toEqual([]);
  expect(check({ webhooks: [{ ...other, answered: true }] })).toEqual([]);
});

test('fifteen CRDs are those of 1.30, and too many for 1.29', () => {
  const crds = Array.from({ length: 15 }, (_, i) => crd(`c${i}.networking.istio.io`));
  expect(check({ crds })).toEqual([]);
  expect(check({ crds, serverVersion: 'v1.33.0' }, '1.29.0')).toEqual(['aviso MALLA-IST-13']);
});

test('each finding that is not well has what to do', () => {
  const bad = preflight({ ...healthy, serverVersion: 'v1.20.0', nodes: [], daemonSets: ['a/ztunnel'] }, '1.30.3');
  expect(bad.filter((f) => f.level !== 'bien').every((f) => (f.cure ?? '').length > 20)).toBe(true);
});

test('a node that takes no pods gives no room', () => {
  expect(isSmall({ nodes: [{ ...roomy, usable: false }] })).toBe(true);
  expect(isSmall({ nodes: [roomy] })).toBe(false);
});

test('the nodes of kind share one machine: its room is counted once', () => {
  const node = { ...roomy, machine: 'kind' };
  expect(roomOf({ nodes: [node, node] })).toEqual({ cpu: 3, memory: 7 * gib });
  expect(roomOf({ nodes: [roomy, { ...roomy, machine: 'dos' }] })).toEqual({ cpu: 8, memory: 16 * gib });
});
