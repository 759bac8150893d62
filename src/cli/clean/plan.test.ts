import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { KubeClient } from '../../cluster/contract.ts';
import { loadLabs } from '../../labs/load.ts';
import { orderLabs } from '../../labs/order.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { isEmptyPlan, planClean, titleOf } from './plan.ts';

const root = join(import.meta.dirname, '../../..');
// Without the lab that installs the Gateway API: its kinds take a second to read each time.
const some = new Set(['instalacion', 'inyeccion', 'bookinfo', 'timeouts', 'cluster']);
const course = orderLabs((await loadLabs(join(root, 'labs'), join(root, 'samples'))).labs).filter((l) =>
  some.has(l.id),
);
const lab = (id: string) => course.filter((l) => l.id === id);

/** A cluster that holds these objects; it serves their kinds, and refuses `hidden`. */
function clusterOf(objects: readonly KubeObject[], hidden: readonly string[] = []): KubeClient {
  const look = (kind: string): void => {
    if (hidden.includes(kind)) throw new ClusterError('forbidden', 'no', { status: 403 });
  };
  const client: Pick<KubeClient, 'get' | 'list' | 'raw'> = {
    async get({ kind, name, namespace }) {
      look(kind);
      return objects.find(({ kind: k, metadata: m }) => k === kind && m.name === name && m.namespace === namespace);
    },
    async list({ kind, namespace, labelSelector }) {
      look(kind);
      return objects.filter(
        (o) =>
          o.kind === kind &&
          (namespace === undefined || o.metadata.namespace === namespace) &&
          (labelSelector === undefined || o.metadata.labels?.['app.kubernetes.io/managed-by'] === 'malla'),
      );
    },
    async raw(path) {
      if (path === '/apis') return { groups: [] };
      const kinds = [...new Set(objects.map((o) => o.kind))];
      return {
        groupVersion: 'v1',
        resources: kinds.map((kind) => ({
          name: kind,
          kind,
          namespaced: kind !== 'Namespace',
          verbs: ['list', 'delete'],
        })),
      };
    },
  };
  return client as KubeClient;
}

const ratings = (change: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'ratings-v1', namespace: 'default' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'ratings', version: 'v1' } },
    template: {
      metadata: { labels: { app: 'ratings', version: 'v1' } },
      spec: {
        serviceAccountName: 'bookinfo-ratings',
        containers: [
          {
            name: 'ratings',
            image: 'registry.istio.io/release/examples-bookinfo-ratings-v1:1.20.3',
            imagePullPolicy: 'IfNotPresent',
            ports: [{ containerPort: 9080 }],
          },
        ],
      },
    },
    ...change,
  },
});
const titles = (items: readonly { ref: Parameters<typeof titleOf>[0] }[]) => items.map(({ ref }) => titleOf(ref));

test('what a lab changed of the labs before it gets its own form back; untouched, it is left alone', async () => {
  const scaled = await planClean(clusterOf([ratings({ replicas: 3 })]), {
    course,
    labs: lab('timeouts'),
    everything: false,
  });
  expect(titles(scaled.restore)).toEqual(['Deployment default/ratings-v1']);
  expect(scaled.remove).toEqual([]);
  const plan = await planClean(clusterOf([ratings()]), { course, labs: lab('timeouts'), everything: false });
  expect(isEmptyPlan(plan)).toBe(true);
});

test('an object that another owns goes with its owner', async () => {
  const owned = ratings();
  owned.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: '1' }];
  expect((await planClean(clusterOf([owned]), { course, labs: lab('bookinfo'), everything: true })).remove).toEqual([]);
});

test('the network of a cluster is nobody’s to clean, though a lab installs one', async () => {
  const network: KubeObject[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-flannel' } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'flannel' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'flannel', namespace: 'kube-flannel' } },
  ];
  const plan = await planClean(clusterOf(network), { course, labs: course, everything: true });
  expect([plan.remove, plan.apart]).toEqual([[], []]);
});

test('an Istio that Malla did not install is told and not taken for Malla’s', async () => {
  const system = (labels: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'istio-system', labels },
  });
  const plan = (labels: Record<string, string>) =>
    planClean(clusterOf([system(labels)]), { course, labs: course, everything: true });
  expect((await plan({})).istio).toEqual({ ours: false });
  expect((await plan({ 'app.kubernetes.io/managed-by': 'malla' })).istio).toEqual({ ours: true });
  const one = await planClean(clusterOf([system({})]), { course, labs: lab('bookinfo'), everything: false });
  expect(one.istio).toBeUndefined();
});

test('what may not be looked at is told, and the rest is cleaned', async () => {
  const client = clusterOf([ratings()], ['Namespace']);
  const plan = await planClean(client, { course, labs: course, everything: false });
  expect(titles(plan.remove)).toEqual(['Deployment default/ratings-v1']);
  expect(plan.unseen).toEqual(['Namespace']);
});

test('a person’s Deployment under a lab’s name is apart', async () => {
  const own = ratings({ template: { spec: { containers: [{ name: 'ratings', image: 'mia:1' }] } } });
  const plan = await planClean(clusterOf([own]), { course, labs: lab('bookinfo'), everything: false });
  expect(titles(plan.apart)).toEqual(['Deployment default/ratings-v1']);
  expect(plan.remove).toEqual([]);
});

test('what is of a class stays whatever is asked: its guards protect students', async () => {
  const ours = { 'app.kubernetes.io/managed-by': 'malla' };
  const objects: KubeObject[] = [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'tarde-ana', labels: { ...ours, 'malla.dev/aula': 'tarde' } },
    },
    { apiVersion: 'v1', kind: 'ClusterRole', metadata: { name: 'malla-aula', labels: ours } },
    { apiVersion: 'v1', kind: 'ValidatingAdmissionPolicy', metadata: { name: 'malla-aula-hosts', labels: ours } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'otro', namespace: 'default', labels: ours } },
  ];
  const plan = await planClean(clusterOf(objects), { course, labs: course, everything: true });
  expect(titles(plan.remove)).toEqual(['ConfigMap default/otro']);
  expect([plan.apart, plan.ofClasses]).toEqual([[], 3]);
});
