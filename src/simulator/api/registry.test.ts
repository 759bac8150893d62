import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { RegistryEvent } from '../contract.ts';
import { openStore, type Store } from '../store/store.ts';
import { ApiError } from './errors.ts';
import { createRegistry, type FullRegistry } from './registry.ts';

let folder: string;
let store: Store;
let registry: FullRegistry;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malla-registry-'));
  store = openStore(join(folder, 'state.db'));
  registry = registryOn(store);
  registry.create('namespaces', object('v1', 'Namespace', { name: 'default' }));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function registryOn(on: Store): FullRegistry {
  const clock = { now: () => Date.parse('2026-11-21T10:00:00Z'), after: () => () => {} };
  return createRegistry({ store: on, clock, webhooks: () => undefined, admitPod: (pod) => pod });
}

function object(
  apiVersion: string,
  kind: string,
  metadata: Partial<KubeObject['metadata']>,
  rest: Record<string, unknown> = {},
): KubeObject {
  return { apiVersion, kind, metadata: { name: '', ...metadata }, ...rest };
}

function configMap(data: Record<string, string>): KubeObject {
  return object('v1', 'ConfigMap', { name: 'c', namespace: 'default' }, { data });
}

function deployment(spec: Record<string, unknown> = {}): KubeObject {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } };
  return object(
    'apps/v1',
    'Deployment',
    { name: 'web', namespace: 'default' },
    { spec: { selector: { matchLabels: { app: 'web' } }, template, ...spec } },
  );
}

function failure(action: () => unknown): { code: number; reason: string; message: string } {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, reason: error.reason, message: error.message };
    throw error;
  }
  throw new Error('It did not fail.');
}

test('a new object gets uid, resourceVersion, creation time and its kind’s defaults', () => {
  const made = registry.create('apps/deployments', deployment());
  expect(made.metadata).toMatchObject({ uid: expect.any(String), resourceVersion: expect.any(String), generation: 1 });
  expect(made.spec).toMatchObject({
    replicas: 1,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
  });
  expect(made.spec).toMatchObject({
    template: { spec: { dnsPolicy: 'ClusterFirst', containers: [{ imagePullPolicy: 'IfNotPresent' }] } },
  });
});

test('creating twice is 409 AlreadyExists, in a missing namespace 404', () => {
  registry.create('configmaps', configMap({}));
  expect(failure(() => registry.create('configmaps', configMap({})))).toMatchObject({
    code: 409,
    reason: 'AlreadyExists',
    message: 'configmaps "c" already exists',
  });
  const elsewhere = object('v1', 'ConfigMap', { name: 'c', namespace: 'nowhere' });
  expect(failure(() => registry.create('configmaps', elsewhere))).toMatchObject({
    code: 404,
    message: 'namespaces "nowhere" not found',
  });
});

test('an update from an old resourceVersion is 409 Conflict', () => {
  const made = registry.create('configmaps', configMap({ a: '1' }));
  registry.update('configmaps', { ...made, data: { a: '2' } });
  expect(failure(() => registry.update('configmaps', { ...made, data: { a: '3' } }))).toMatchObject({
    code: 409,
    reason: 'Conflict',
  });
});

test('a write that changes nothing makes no event and no new resourceVersion', () => {
  const made = registry.create('configmaps', configMap({ a: '1' }));
  const again = registry.update('configmaps', structuredClone(made));
  expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
});

test('a write of the status takes annotations along in most built-in kinds, and no labels of a Deployment', () => {
  registry.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab', labels: { a: 'b' } } });
  const annotate = (resource: string, namespace?: string, name = 'lab') => {
    const o = structuredClone(registry.get(resource, namespace, name) ?? deployment());
    Object.assign(o.metadata, { labels: { c: 'd' }, annotations: { by: 'status' } });
    registry.update(resource, o, { subresource: 'status' });
  };
  annotate('namespaces');
  expect(registry.get('namespaces', undefined, 'lab')?.metadata).toMatchObject({
    labels: { c: 'd' },
    annotations: { by: 'status' },
  });
  registry.create('apps/deployments', deployment());
  const { labels } = registry.get('apps/deployments', 'default', 'web')?.metadata ?? {};
  annotate('apps/deployments', 'default', 'web');
  const { metadata } = registry.get('apps/deployments', 'default', 'web') ?? deployment();
  expect([metadata.labels, metadata.annotations]).toEqual([labels, { by: 'status' }]);
});

test('conditions that others write in a CRD stay', () => {
  const spec = {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  };
  const crds = 'apiextensions.k8s.io/customresourcedefinitions';
  registry.create(
    crds,
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { name: 'things.example.com' }, { spec }),
  );
  const mine = { type: 'Mine', status: 'True', message: 'updated' };
  registry.edit(
    crds,
    undefined,
    'things.example.com',
    (copy) => {
      const { conditions } = copy.status as { conditions: unknown[] };
      copy.status = { ...(copy.status as object), conditions: [mine, ...conditions] };
    },
    { subresource: 'status' },
  );
  expect(registry.get(crds, undefined, 'things.example.com')?.status).toMatchObject({
    conditions: [mine, { type: 'NamesAccepted' }, { type: 'Established', status: 'True' }],
  });
});

test('generation counts changes of spec, not of status or metadata', () => {
  registry.create('apps/deployments', deployment());
  registry.edit('apps/deployments', 'default', 'web', (o) => Object.assign(o.metadata, { labels: { x: 'y' } }));
  registry.edit('apps/deployments', 'default', 'web', (o) => Object.assign(o, { status: { replicas: 1 } }), {
    subresource: 'status',
  });
  expect(registry.get('apps/deployments', 'default', 'web')?.metadata.generation).toBe(1);
  registry.edit('apps/deployments', 'default', 'web', (o) => Object.assign(o.spec as object, { replicas: 3 }));
  expect(registry.get('apps/deployments', 'default', 'web')).toMatchObject({
    metadata: { generation: 2 },
    status: { replicas: 1 },
  });
});

test('services get a cluster IP and node ports of their own, and keep them', () => {
  const service = (name: string, type: string) =>
    object(
      'v1',
      'Service',
      { name, namespace: 'default' },
      { spec: { type, selector: { app: 'web' }, ports: [{ port: 80 }] } },
    );
  const a = registry.create('services', service('a', 'NodePort')).spec as {
    clusterIP: string;
    ports: { nodePort: number }[];
  };
  const b = registry.create('services', service('b', 'NodePort')).spec as typeof a;
  expect(a.clusterIP).toMatch(/^10\.96\./);
  expect(b.clusterIP).not.toBe(a.clusterIP);
  expect(b.ports[0]?.nodePort).not.toBe(a.ports[0]?.nodePort);
  const after = registry.patch('services', 'default', 'a', 'merge', { metadata: { labels: { x: 'y' } } })
    .spec as typeof a;
  expect(after).toMatchObject({ clusterIP: a.clusterIP, ports: [{ nodePort: a.ports[0]?.nodePort }] });
});

test('a strategic merge patch joins containers by name', () => {
  registry.create('apps/deployments', deployment());
  const patch = {
    spec: {
      template: {
        spec: {
          containers: [
            { name: 'web', image: 'nginx:2' },
            { name: 'other', image: 'busybox' },
          ],
        },
      },
    },
  };
  const spec = registry.patch('apps/deployments', 'default', 'web', 'strategic', patch).spec;
  expect(spec).toMatchObject({
    template: {
      spec: { containers: [{ name: 'web', image: 'nginx:2', imagePullPolicy: 'IfNotPresent' }, { name: 'other' }] },
    },
  });
});

test('$patch: delete takes one item of a keyed list away', () => {
  registry.create('apps/deployments', deployment());
  registry.patch('apps/deployments', 'default', 'web', 'strategic', {
    spec: { template: { spec: { containers: [{ name: 'two', image: 'b' }] } } },
  });
  const patch = { spec: { template: { spec: { containers: [{ name: 'two', $patch: 'delete' }] } } } };
  expect(registry.patch('apps/deployments', 'default', 'web', 'strategic', patch).spec).toMatchObject({
    template: { spec: { containers: [{ name: 'web' }] } },
  });
});

test('a merge patch removes with null and a JSON patch by path', () => {
  registry.create('configmaps', configMap({ a: '1', b: '2' }));
  expect(registry.patch('configmaps', 'default', 'c', 'merge', { data: { a: null } }).data).toEqual({ b: '2' });
  expect(
    registry.patch('configmaps', 'default', 'c', 'json', [
      { op: 'add', path: '/metadata/annotations', value: {} },
      { op: 'add', path: '/metadata/annotations/x~1y', value: '3' },
    ]).metadata.annotations,
  ).toEqual({ 'x/y': '3' });
  expect(
    failure(() => registry.patch('configmaps', 'default', 'c', 'json', [{ op: 'remove', path: '/data/none' }])).code,
  ).toBe(422);
});

test('strict validation names the unknown field, as the API server does', () => {
  const typo = deployment({ replcas: 2 });
  const { code, message } = failure(() => registry.create('apps/deployments', typo, { fieldValidation: 'Strict' }));
  expect(code).toBe(400);
  expect(message).toBe(
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replcas"',
  );
});

test('with Warn the unknown field is a warning', () => {
  const warnings: string[] = [];
  registry.create('apps/deployments', deployment({ replcas: 2 }), {
    fieldValidation: 'Warn',
    warn: (w) => warnings.push(w),
  });
  expect(warnings).toEqual(['unknown field "spec.replcas"']);
});

test('server-side apply owns what it sets and removes what it no longer sets', () => {
  const apply = (data: Record<string, string>, fieldManager = 'one', force = false) =>
    registry.apply('configmaps', configMap(data), { fieldManager, force });
  expect(apply({ a: '1', b: '2' }).created).toBe(true);
  expect(apply({ a: '1' }).object.data).toEqual({ a: '1' });
});

test('another manager’s field is a conflict that names it, unless forced', () => {
  const apply = (data: Record<string, string>, fieldManager: string, force = false) =>
    registry.apply('configmaps', configMap(data), { fieldManager, force });
  apply({ a: '1' }, 'one');
  const { code, message } = failure(() => apply({ a: '2' }, 'two'));
  expect(code).toBe(409);
  expect(message).toBe('Apply failed with 1 conflict: conflict with "one": .data.a');
  expect(apply({ a: '2' }, 'two', true).object.data).toEqual({ a: '2' });
  // Forced away from its owner, the field stays when that owner stops applying it.
  expect(apply({}, 'one').object.data).toEqual({ a: '2' });
});

test('applying the same again changes nothing', () => {
  const first = registry.apply('apps/deployments', deployment(), { fieldManager: 'one' }).object;
  const again = registry.apply('apps/deployments', deployment(), { fieldManager: 'one' }).object;
  expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
});

test('keyed lists are applied item by item', () => {
  const service = (ports: object[]) =>
    object('v1', 'Service', { name: 's', namespace: 'default' }, { spec: { selector: { app: 'a' }, ports } });
  registry.apply('services', service([{ name: 'a', port: 80 }]), { fieldManager: 'one' });
  const both = registry.apply('services', service([{ name: 'b', port: 81 }]), { fieldManager: 'two' }).object.spec as {
    ports: { name: string }[];
  };
  expect(both.ports.map((p) => p.name).sort()).toEqual(['a', 'b']);
  const one = registry.apply('services', service([]), { fieldManager: 'two' }).object.spec as typeof both;
  expect(one.ports.map((p) => p.name)).toEqual(['a']);
});

test('a CRD serves its kind at once, checks it and forgets its objects when it goes', () => {
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', required: ['size'], properties: { size: { type: 'integer' } } } },
    },
  };
  const crd = object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    { name: 'things.example.org' },
    {
      spec: {
        group: 'example.org',
        scope: 'Namespaced',
        names: { plural: 'things', kind: 'Thing' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    },
  );
  const made = registry.create('apiextensions.k8s.io/customresourcedefinitions', crd);
  expect(made.status).toMatchObject({
    conditions: [{ type: 'NamesAccepted' }, { type: 'Established', status: 'True' }],
  });
  const thing = (spec: object) => object('example.org/v1', 'Thing', { name: 't', namespace: 'default' }, { spec });
  expect(failure(() => registry.create('example.org/things', thing({}))).message).toBe(
    'Thing.example.org "t" is invalid: spec.size: Required value',
  );
  registry.create('example.org/things', thing({ size: 1 }));
  registry.remove('apiextensions.k8s.io/customresourcedefinitions', undefined, 'things.example.org');
  expect(registry.kinds.byKind('example.org', 'Thing')).toBeUndefined();
  expect(registry.list('example.org/things')).toEqual([]);
});

test('an object with finalizers waits, and goes with the last of them', () => {
  registry.create('configmaps', object('v1', 'ConfigMap', { name: 'c', namespace: 'default', finalizers: ['x/y'] }));
  registry.remove('configmaps', 'default', 'c');
  expect(registry.get('configmaps', 'default', 'c')?.metadata.deletionTimestamp).toBeDefined();
  registry.edit('configmaps', 'default', 'c', (o) => Object.assign(o.metadata, { finalizers: [] }));
  expect(registry.get('configmaps', 'default', 'c')).toBeUndefined();
});

test('watchers hear what exists and then each change, in order, once it is durable', async () => {
  registry.create('configmaps', configMap({ a: '1' }));
  const events: string[] = [];
  const stop = registry.watch('configmaps', ({ type, object: o }: RegistryEvent) =>
    events.push(`${type} ${JSON.stringify(o.data)}`),
  );
  expect(events).toEqual(['ADDED {"a":"1"}']);
  registry.patch('configmaps', 'default', 'c', 'merge', { data: { a: '2' } });
  registry.remove('configmaps', 'default', 'c');
  expect(events).toHaveLength(1);
  await registry.durable();
  expect(events.slice(1)).toEqual(['MODIFIED {"a":"2"}', 'DELETED {"a":"2"}']);
  stop();
});

test('what was durable is there when the store is opened again', async () => {
  registry.create('configmaps', configMap({ a: '1' }));
  await registry.durable();
  const revision = store.revision;
  store.close();
  store = openStore(join(folder, 'state.db'));
  expect(store.revision).toBe(revision);
  expect(registryOn(store).get('configmaps', 'default', 'c')?.data).toEqual({ a: '1' });
});
