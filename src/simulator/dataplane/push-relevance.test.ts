import { beforeEach, expect, test } from 'vitest';
import { pod, service, virtualService } from '../../mesh/fixtures.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { createFakeCluster, type FakeCluster, istiod, meshConfig } from './fixtures/small-cluster.ts';

let cluster: FakeCluster;
const route = virtualService('web', { hosts: ['web'], http: [{ directResponse: { status: 410 } }] });
const web = pod('web', { app: 'web' });

beforeEach(() => {
  cluster = createFakeCluster();
  cluster.put(meshConfig(), service('web', 80), route);
  cluster.run(istiod(), 'curl');
  cluster.run(web, 'curl');
  cluster.clock.settle();
});

/** Versions sent because of the change. */
function pushes(...objects: KubeObject[]): number {
  const before = cluster.dataplane.status().version;
  cluster.put(...objects);
  cluster.clock.settle();
  return cluster.dataplane.status().version - before;
}

const edited = (object: KubeObject, metadata: Partial<KubeObject['metadata']>, rest: Partial<KubeObject> = {}) => ({
  ...structuredClone(object),
  ...rest,
  metadata: { ...structuredClone(object.metadata), ...metadata },
});

test('labels, annotations and status of a student’s object push nothing', () => {
  expect(pushes(edited(route, { labels: { team: 'a' }, annotations: { note: 'x' }, resourceVersion: '9' }))).toBe(0);
  expect(pushes(edited(route, {}, { status: { conditions: [] } }))).toBe(0);
  expect(pushes(edited(web, { annotations: { note: 'x' } }))).toBe(0);
  expect(pushes(edited(web, {}, { status: { ...(web.status as object), message: 'still here' } }))).toBe(0);
});

test('a spec, an Istio annotation, a pod’s readiness or labels push once each', () => {
  const other = edited(route, {}, { spec: { hosts: ['web'], http: [{ directResponse: { status: 404 } }] } });
  expect(pushes(other)).toBe(1);
  expect(pushes(edited(other, { annotations: { 'istio.io/dry-run': 'true' } }))).toBe(1);
  expect(pushes(edited(web, { labels: { app: 'web', version: 'v2' } }))).toBe(1);
  expect(pushes(edited(web, {}, { status: { podIP: '10.9.9.9', conditions: [] } }))).toBe(1);
});

test('several changes in one moment are one push, and every proxy has it', () => {
  const before = cluster.dataplane.status().version;
  cluster.put(service('a', 80), service('b', 80), service('c', 80));
  expect(cluster.dataplane.status().pending).toBe(true);
  cluster.clock.settle();
  const { version, proxies, pending } = cluster.dataplane.status();
  expect([version - before, pending]).toEqual([1, false]);
  expect(proxies.map(({ pod: { metadata }, sent, acked }) => [metadata.name, sent, acked])).toEqual([
    ['web', version, version],
  ]);
});
