// What of a cluster is a student's work, and what is not theirs to hand in or to change.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadLabs } from '../../labs/load.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { profileOf } from './istio-parts.ts';
import { scopeOf } from './scope.ts';
import { writtenObject } from './written-object.ts';

const root = join(import.meta.dirname, '../../..');
const { labs } = await loadLabs(join(root, 'labs'), join(root, 'samples'));
const scope = scopeOf(
  labs.filter((l) => ['instalacion', 'inyeccion', 'bookinfo', 'blue-green', 'canary'].includes(l.id)),
);

function object(kind: string, name: string, namespace?: string, apiVersion = 'networking.istio.io/v1'): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

test.each<[string, boolean, KubeObject]>([
  ['a rule that the lab names', true, object('VirtualService', 'reviews', 'default')],
  ['a rule of another name: a mistake is work too', true, object('VirtualService', 'reviewss', 'default')],
  ['a Deployment that a lab before it made', true, object('Deployment', 'reviews-v1', 'default', 'apps/v1')],
  ['a Service of the student', true, object('Service', 'mio', 'default', 'v1')],
  ['a policy of the whole mesh', true, object('PeerAuthentication', 'default', 'istio-system', 'security.istio.io/v1')],
  ['the namespace and its labels', true, object('Namespace', 'default', undefined, 'v1')],
  ['a namespace of no lab', false, object('Namespace', 'payroll', undefined, 'v1')],
  ['a rule in a namespace of no lab', false, object('VirtualService', 'reviews', 'payroll')],
  [
    'a namespace of the system that a lab labels: its label is work',
    true,
    object('Namespace', 'kube-public', undefined, 'v1'),
  ],
  ['what is in it', false, object('ConfigMap', 'cluster-info', 'kube-public', 'v1')],
  ['a namespace of the system that no lab labels', false, object('Namespace', 'kube-system', undefined, 'v1')],
  ['istiod', false, object('Deployment', 'istiod', 'istio-system', 'apps/v1')],
  ['what the system runs', false, object('ConfigMap', 'coredns', 'kube-system', 'v1')],
  [
    'a role over the whole cluster',
    false,
    object('ClusterRoleBinding', 'mine', undefined, 'rbac.authorization.k8s.io/v1'),
  ],
  ['a secret that no lab makes', false, object('Secret', 'password', 'default', 'v1')],
  ['what the cluster puts in each namespace', false, object('ConfigMap', 'kube-root-ca.crt', 'default', 'v1')],
])('%s: %s', (_what, inside, given) => {
  expect(scope.has(given)).toBe(inside);
});

test('in the lab that installs Istio its parts are the student’s work, and the rest of its namespace is not', () => {
  const own = scopeOf(labs.filter((l) => l.id === 'instalacion'));
  const webhook = 'admissionregistration.k8s.io/v1';
  const inside = [
    object('Namespace', 'istio-system', undefined, 'v1'),
    object('Deployment', 'istiod', 'istio-system', 'apps/v1'),
    object('Service', 'istiod', 'istio-system', 'v1'),
    object('ConfigMap', 'istio', 'istio-system', 'v1'),
    object('MutatingWebhookConfiguration', 'istio-sidecar-injector', undefined, webhook),
  ];
  const outside = [
    object('ConfigMap', 'istio-ca-root-cert', 'istio-system', 'v1'),
    object('Deployment', 'mine', 'istio-system', 'apps/v1'),
    object('MutatingWebhookConfiguration', 'mine', undefined, webhook),
    object('ClusterRole', 'istiod', undefined, 'rbac.authorization.k8s.io/v1'),
  ];
  expect(inside.map(own.has)).toEqual(inside.map(() => true));
  expect(outside.map(own.has)).toEqual(outside.map(() => false));
  expect(inside.slice(1).map(scope.has)).toEqual(inside.slice(1).map(() => false));
});

test('a profile is told by the parts that there are', () => {
  const deployment = (name: string) => object('Deployment', name, 'istio-system', 'apps/v1');
  const [istiod, entry, exit] = ['istiod', 'istio-ingressgateway', 'istio-egressgateway'].map(deployment) as [
    KubeObject,
    KubeObject,
    KubeObject,
  ];
  expect([[], [entry], [istiod], [istiod, entry], [istiod, entry, exit]].map(profileOf)).toEqual([
    undefined,
    undefined,
    'minimal',
    'default',
    'demo',
  ]);
});

test('what a controller made for another object is not handed in', () => {
  const made = object('Deployment', 'puerta-istio', 'default', 'apps/v1');
  made.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'Gateway', name: 'puerta', uid: '1' }];
  expect(scope.has(made)).toBe(false);
});

const service = (metadata: object, spec: object): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', ...metadata },
    spec,
  }) as KubeObject;

test('the same work has the same digest on two clusters: what each adds is left out', () => {
  const here = service(
    { uid: '1', resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z', managedFields: [{}] },
    {
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      ports: [{ port: 80, nodePort: 30001 }],
      selector: { app: 'web' },
    },
  );
  const there = service(
    { uid: '2' },
    { selector: { app: 'web' }, ports: [{ nodePort: 31999, port: 80 }], clusterIP: '10.1.2.3' },
  );
  expect(writtenObject(here)).toEqual(writtenObject(there));
});

test('a NodePort that the student asked for is theirs', () => {
  const asked = (nodePort: number) =>
    service(
      { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"nodePort":${nodePort}}` } },
      { ports: [{ port: 80, nodePort }] },
    );
  expect(writtenObject(asked(30080)).text).toContain('nodePort: 30080');
  expect(writtenObject(asked(30080)).sha256).not.toBe(writtenObject(asked(30090)).sha256);
});
