import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createTestCluster, podNamed } from '../nodes/fixtures/test-cluster.ts';
import { sumOf, textOf } from './quantity-text.ts';
import { checkQuotas } from './quota-admission.ts';
import type { QuotaSpec } from './quota-usage.ts';

function quota(spec: QuotaSpec): KubeObject {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' }, spec };
}

const asking = (name: string, requests: Record<string, string>, more: object = {}) =>
  podNamed(name, { resources: { requests } }, more);

function setUp(spec: QuotaSpec) {
  const cluster = createTestCluster();
  cluster.registry.guard = (resource, object) => checkQuotas(cluster.registry, resource, object);
  cluster.start();
  cluster.registry.create('resourcequotas', quota(spec));
  cluster.clock.settle();
  const used = () =>
    (cluster.registry.get('resourcequotas', 'default', 'q')?.status as { used?: object } | undefined)?.used;
  const make = (resource: string, object: KubeObject) => {
    cluster.registry.create(resource, object);
    cluster.clock.advance(50);
  };
  return { ...cluster, used, make };
}

test('sums keep the form of what is added, in its shortest writing', () => {
  expect(sumOf(['500m', '1'])).toBe('1500m');
  expect(sumOf(['500m', '500m'])).toBe('1');
  expect(sumOf(['128Mi', '128Mi'])).toBe('256Mi');
  expect(sumOf(['512Mi', '512Mi'])).toBe('1Gi');
  expect(sumOf([])).toBe('0');
  expect(textOf(2000)).toBe('2k');
  expect(textOf(1500, true)).toBe('1500');
});

test('what a namespace uses is told, and told again when something goes', () => {
  const { used, make, registry, clock } = setUp({
    hard: { pods: '5', 'requests.cpu': '1', memory: '1Gi', 'count/configmaps': '4', services: '2' },
  });
  expect(used()).toEqual({ pods: '0', 'requests.cpu': '0', memory: '0', 'count/configmaps': '1', services: '0' });
  make('pods', asking('a', { cpu: '250m', memory: '128Mi' }));
  make('pods', asking('b', { cpu: '250m', memory: '128Mi' }));
  expect(used()).toMatchObject({ pods: '2', 'requests.cpu': '500m', memory: '256Mi' });
  registry.remove('pods', 'default', 'a', { gracePeriodSeconds: 0 });
  clock.advance(1_000);
  expect(used()).toMatchObject({ pods: '1', 'requests.cpu': '250m', memory: '128Mi' });
});

test('what would be too much is refused, with what was asked, used and allowed', () => {
  const { make } = setUp({ hard: { pods: '5', 'requests.cpu': '1', 'requests.memory': '1Gi' } });
  make('pods', asking('a', { cpu: '700m', memory: '128Mi' }));
  expect(() => make('pods', asking('b', { cpu: '500m', memory: '128Mi' }))).toThrow(
    'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=700m, limited: requests.cpu=1',
  );
  make('pods', asking('c', { cpu: '300m', memory: '128Mi' }));
});

test('a pod that leaves out what the quota limits is refused, with the containers to mend', () => {
  const { make } = setUp({ hard: { 'limits.memory': '1Gi', 'requests.cpu': '1' } });
  expect(() => make('pods', podNamed('a'))).toThrow(
    'pods "a" is forbidden: failed quota: q: must specify limits.memory for: app; requests.cpu for: app',
  );
});

test('scopes: only the pods that they speak of are counted and refused', () => {
  const { make, used } = setUp({ hard: { pods: '1' }, scopes: ['NotBestEffort'] });
  make('pods', podNamed('best-effort'));
  make('pods', podNamed('best-effort-2'));
  expect(used()).toEqual({ pods: '0' });
  make('pods', asking('a', { cpu: '1m' }));
  expect(used()).toEqual({ pods: '1' });
  expect(() => make('pods', asking('b', { cpu: '1m' }))).toThrow('exceeded quota: q');
  const terminating = setUp({ hard: { pods: '1' }, scopes: ['Terminating'] });
  terminating.make('pods', podNamed('runs-on'));
  terminating.make('pods', podNamed('ends', {}, { activeDeadlineSeconds: 60 }));
  expect(terminating.used()).toEqual({ pods: '1' });
});

test('node ports and load balancers of Services are counted apart', () => {
  const { make, used } = setUp({
    hard: { services: '3', 'services.nodeports': '1', 'services.loadbalancers': '1' },
  });
  const service = (name: string, type: string, ports: object[]): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { type, ports },
  });
  make('services', service('a', 'ClusterIP', [{ port: 80 }]));
  make('services', service('b', 'NodePort', [{ port: 80, nodePort: 30080 }]));
  expect(used()).toEqual({ services: '2', 'services.nodeports': '1', 'services.loadbalancers': '0' });
  expect(() => make('services', service('c', 'LoadBalancer', [{ port: 80, nodePort: 30081 }]))).toThrow(
    'services "c" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
  );
});
