import { expect, test } from 'vitest';
import type { KubeObject } from '../mesh/objects.ts';
import { ClusterError } from './cluster-error.ts';
import type { KubeClient, KubeEvent, KubeQuery } from './contract.ts';
import { stayIn } from './stay-in.ts';

const stay = { namespace: 'aula-ana', gateway: 'ingressgateway-ana' };

const object = (kind: string, namespace: string | undefined, name: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, labels, ...(namespace ? { namespace } : {}) },
});

const objects = [
  object('Pod', 'aula-ana', 'web'),
  object('Pod', 'aula-berta', 'web'),
  object('Pod', 'istio-system', 'istiod', { app: 'istiod' }),
  object('Pod', 'istio-system', 'entrada', { istio: 'ingressgateway' }),
  object('Secret', 'aula-ana', 'mio'),
  object('Node', undefined, 'nieve'),
  object('Namespace', undefined, 'aula-ana'),
  object('Namespace', undefined, 'istio-system'),
  object('Namespace', undefined, 'aula-berta'),
];

/** As a cluster that gives a student's rights: nothing of all namespaces, no secrets of Istio's. */
function student() {
  const asked: string[] = [];
  const watches: {
    query: KubeQuery;
    onEvent: (event: KubeEvent) => void;
    onState?: (state: 'live' | 'lost') => void;
  }[] = [];
  const check = ({ kind, namespace }: KubeQuery): void => {
    asked.push(`${kind} ${namespace ?? '*'}`);
    if (
      (namespace === undefined && kind !== 'Node') ||
      namespace === 'aula-berta' ||
      (kind === 'Secret' && namespace === 'istio-system')
    )
      throw new ClusterError('forbidden', `${kind} ${namespace}`);
  };
  const client: Pick<KubeClient, 'get' | 'list' | 'watch' | 'apply' | 'remove'> = {
    get: async ({ kind, namespace, name }) => {
      asked.push(`${kind} ${namespace}/${name}`);
      return objects.find(
        (o) =>
          o.kind === kind && o.metadata.name === name && (kind === 'Namespace' || o.metadata.namespace === namespace),
      );
    },
    list: async (query) => {
      check(query);
      return objects.filter(
        (o) => o.kind === query.kind && (query.kind === 'Node' || o.metadata.namespace === query.namespace),
      );
    },
    watch: async (query, onEvent, onState) => {
      check(query);
      watches.push({ query, onEvent, ...(onState ? { onState } : {}) });
      return () => asked.push(`stop ${query.namespace}`);
    },
    apply: async (applied) => {
      asked.push(`apply ${applied.metadata.namespace}/${applied.metadata.name}`);
      return { object: applied, change: 'created' };
    },
    remove: async ({ namespace }) => asked.push(`remove ${namespace}`) > 0,
  };
  return { asked, watches, client: stayIn(client as KubeClient, stay) };
}

const names = (found: readonly KubeObject[]) => found.map((o) => `${o.metadata.namespace ?? ''}/${o.metadata.name}`);

test('all pods are those of the own namespace and of Istio’s, without its gateway', async () => {
  const { client } = student();
  expect(names(await client.list({ apiVersion: 'v1', kind: 'Pod' }))).toEqual(['aula-ana/web', 'istio-system/istiod']);
});

test('what may not be read of Istio’s namespace is not there; of the own one, it is an error', async () => {
  const { client } = student();
  expect(names(await client.list({ apiVersion: 'v1', kind: 'Secret' }))).toEqual(['aula-ana/mio']);
  await expect(client.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'aula-berta' })).rejects.toMatchObject({
    reason: 'forbidden',
  });
});

test('nodes are asked of the cluster, and namespaces one by one', async () => {
  const { client, asked } = student();
  expect(names(await client.list({ apiVersion: 'v1', kind: 'Node' }))).toEqual(['/nieve']);
  expect(names(await client.list({ apiVersion: 'v1', kind: 'Namespace' }))).toEqual(['/aula-ana', '/istio-system']);
  expect(asked).not.toContain('Namespace *');
});

test('an object without a namespace is of the own one', async () => {
  const { client, asked } = student();
  await client.get({ apiVersion: 'v1', kind: 'Pod', name: 'web' });
  await client.apply(object('Pod', undefined, 'nuevo'), 'x');
  await client.apply(object('ClusterRole', undefined, 'todo'), 'x');
  await client.remove({ apiVersion: 'v1', kind: 'Pod', name: 'web' });
  expect(asked).toEqual(['Pod aula-ana/web', 'apply aula-ana/nuevo', 'apply undefined/todo', 'remove aula-ana']);
});

test('a watch of all is one of each place, lost when either is, and stopped with both', async () => {
  const { client, asked, watches } = student();
  const seen: string[] = [];
  const states: string[] = [];
  const stop = await client.watch(
    { apiVersion: 'v1', kind: 'Pod' },
    ({ object: o }) => seen.push(o.metadata.name),
    (s) => states.push(s),
  );
  expect(watches.map((w) => w.query.namespace)).toEqual(['aula-ana', 'istio-system']);
  for (const o of objects.filter((p) => p.kind === 'Pod')) watches[0]?.onEvent({ type: 'ADDED', object: o });
  expect(seen).toEqual(['web', 'web', 'istiod']);
  watches[0]?.onState?.('lost');
  watches[1]?.onState?.('lost');
  watches[0]?.onState?.('live');
  watches[1]?.onState?.('live');
  expect(states).toEqual(['lost', 'live']);
  stop();
  expect(asked).toEqual(expect.arrayContaining(['stop aula-ana', 'stop istio-system']));
});

test('a watch of namespaces tells those that may be read', async () => {
  const { client } = student();
  const seen: string[] = [];
  await client.watch({ apiVersion: 'v1', kind: 'Namespace' }, ({ object: o }) => seen.push(o.metadata.name));
  expect(seen).toEqual(['aula-ana', 'istio-system']);
});
