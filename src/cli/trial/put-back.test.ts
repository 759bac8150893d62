// A cluster in memory, changed as labs change it and put back: objects that are new, gone or different, and pods that were
// born under another rule.
import { expect, test } from 'vitest';
import type { KubeClient, ObjectRef } from '../../cluster/contract.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { digests, listWritten } from './left-behind.ts';
import { putBack, save } from './put-back.ts';

const signal = new AbortController().signal;
const kinds: Record<string, string[]> = {
  v1: ['Namespace', 'ConfigMap', 'Service', 'Pod'],
  'apps/v1': ['Deployment'],
  'networking.istio.io/v1': ['VirtualService'],
};

/** Deployments have one pod at once, with a sidecar where the namespace says so. */
function world() {
  const objects = new Map<string, KubeObject>();
  let births = 0;
  const key = ({ kind, namespace = '', name }: ObjectRef) => `${kind} ${namespace}/${name}`;
  const keyOf = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject) =>
    key({ apiVersion, kind, name, ...(namespace ? { namespace } : {}) });
  const put = (object: KubeObject): KubeObject => {
    objects.set(keyOf(object), structuredClone(object));
    return object;
  };
  const give = (deployment: KubeObject): void => {
    const { name, namespace = 'default' } = deployment.metadata;
    const home = objects.get(`Namespace /${namespace}`);
    const injected = home?.metadata.labels?.['istio-injection'] === 'enabled';
    put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-${births++}`, namespace, labels: { app: name } },
      spec: { containers: [{ name }, ...(injected ? [{ name: 'istio-proxy' }] : [])] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
  };
  const client = {
    raw: async (path: string) =>
      path === '/apis'
        ? {
            groups: Object.keys(kinds)
              .filter((v) => v !== 'v1')
              .map((v) => ({ preferredVersion: { groupVersion: v } })),
          }
        : {
            groupVersion: path.replace(/^\/apis?\//, ''),
            resources: (kinds[path.replace(/^\/apis?\//, '')] ?? []).map((kind) => ({
              name: kind.toLowerCase(),
              kind,
              verbs: ['list'],
            })),
          },
    list: async ({ kind }: { kind: string }) => structuredClone([...objects.values()].filter((o) => o.kind === kind)),
    get: async (ref: ObjectRef) => objects.get(key(ref)),
    async create(object: KubeObject) {
      put(object);
      if (object.kind === 'Deployment') give(object);
      return object;
    },
    async remove(ref: ObjectRef) {
      const gone = objects.delete(key(ref));
      const owner =
        ref.kind === 'Pod' ? objects.get(`Deployment ${ref.namespace}/${ref.name.replace(/-\d+$/, '')}`) : undefined;
      if (owner) give(owner);
      return gone;
    },
    async patch(ref: ObjectRef, type: string, body: unknown) {
      const object = objects.get(key(ref));
      if (!object) throw new Error('not there');
      if (type === 'merge') {
        const { labels = {} } = (body as { metadata: { labels?: Record<string, string | null> } }).metadata;
        object.metadata.labels = { ...object.metadata.labels };
        for (const [name, value] of Object.entries(labels)) {
          if (value === null) delete object.metadata.labels[name];
          else object.metadata.labels[name] = value;
        }
        return object;
      }
      for (const { op, path, value } of body as { op: string; path: string; value?: unknown }[]) {
        const words = path.slice(1).split('/');
        const last = words.pop() ?? '';
        const holder = words.reduce<Record<string, unknown>>((o, word) => o[word] as Record<string, unknown>, object);
        if (op === 'remove') delete holder[last];
        else holder[last] = value;
      }
      return object;
    },
  } as unknown as KubeClient;
  return { client, put, objects };
}

const namespace = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const rule = (weight: number): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'default' },
  spec: { http: [{ weight }] },
});
const place = { 'app.kubernetes.io/managed-by': 'malla', 'malla.dev/aula': 'aula' };
/** As the Role that lets the students read Istio's namespace. */
const shared: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'malla-aula',
    namespace: 'istio-system',
    labels: { 'app.kubernetes.io/managed-by': 'malla' },
  },
  data: {},
};
const hello: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'hello', namespace: 'default', generation: 1 },
  spec: { replicas: 1, selector: { matchLabels: { app: 'hello' } } },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
};

test('what is new goes, what is gone returns and what is changed is undone', async () => {
  const { client, put } = world();
  put(namespace('default'));
  put(rule(90));
  const config: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'default' },
    data: { a: '1' },
  };
  put(config);
  const saved = await save(client);
  const before = digests(await listWritten(client));

  put(rule(10));
  await client.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' });
  put({ ...config, metadata: { name: 'b', namespace: 'default' } });
  put(namespace('fuera'));

  expect(await putBack(client, saved, { signal, pause: 10 })).toEqual([]);
  expect(digests(await listWritten(client))).toEqual(before);
});

test('a class that is made meanwhile stays, with what Malla has for it in the namespace of Istio', async () => {
  const { client, put, objects } = world();
  put(namespace('default'));
  put(namespace('aula-eva', place));
  put({ ...shared, metadata: { ...shared.metadata, name: 'pupils' }, data: { who: 'eva' } });
  const saved = await save(client);

  put(shared);
  put({ ...shared, metadata: { ...shared.metadata, name: 'pupils' }, data: { who: 'ana, eva' } });
  put(namespace('aula-ana', place));
  put({ ...hello, metadata: { ...hello.metadata, namespace: 'aula-ana' } });
  put(rule(10));

  expect(await putBack(client, saved, { signal, pause: 10, patience: 2_000 })).toEqual([]);
  expect([...objects.keys()].toSorted()).toEqual([
    'ConfigMap istio-system/malla-aula',
    'ConfigMap istio-system/pupils',
    'Deployment aula-ana/hello',
    'Namespace /aula-ana',
    'Namespace /aula-eva',
    'Namespace /default',
  ]);
  expect(objects.get('ConfigMap istio-system/pupils')).toMatchObject({ data: { who: 'ana, eva' } });
});

test('a class that is taken away meanwhile does not come back', async () => {
  const { client, put, objects } = world();
  put(namespace('default'));
  put(namespace('aula-ana', place));
  put(shared);
  const saved = await save(client);
  await client.remove({ apiVersion: 'v1', kind: 'Namespace', name: 'aula-ana' });
  await client.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'malla-aula' });
  expect(await putBack(client, saved, { signal, pause: 10 })).toEqual([]);
  expect([...objects.keys()]).toEqual(['Namespace /default']);
});

test('a lab that is tried in a place of a class is put back there', async () => {
  const { client, put, objects } = world();
  put(namespace('aula-ana', place));
  const saved = await save(client);
  put({ ...rule(10), metadata: { name: 'reviews', namespace: 'aula-ana' } });
  expect(await putBack(client, saved, { signal, pause: 10 })).toEqual([]);
  expect([...objects.keys()]).toEqual(['Namespace /aula-ana']);
});

test('what the cluster refuses is told, and not waited for without end', async () => {
  const { client, put } = world();
  put(namespace('default'));
  const saved = await save(client);
  put(rule(10));
  client.remove = () => Promise.reject(new Error('no'));
  const left = await putBack(client, saved, { signal, patience: 300, pause: 10 });
  expect(left).toEqual(['VirtualService default/reviews: no']);
});

test('a pod that was older than the label of its namespace is born again as it was', async () => {
  const { client, put, objects } = world();
  put(namespace('default'));
  await client.create(hello);
  put(namespace('default', { 'istio-injection': 'enabled' }));
  const saved = await save(client);
  expect(saved.shapes.get('default/hello')).toBe('hello');

  await client.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'hello-0' });
  expect((await save(client)).shapes.get('default/hello')).toBe('hello+istio-proxy');

  expect(await putBack(client, saved, { signal, pause: 10 })).toEqual([]);
  expect((await save(client)).shapes.get('default/hello')).toBe('hello');
  expect(objects.get('Namespace /default')?.metadata.labels).toEqual({ 'istio-injection': 'enabled' });
});
