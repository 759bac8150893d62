// Unstructured access to any API server that a kubeconfig points at.
import type { KubeObject } from '../mesh/objects.ts';
import { ClusterError, errorOfStatus } from './cluster-error.ts';
import type { KubeClient, KubeQuery, ObjectRef } from './contract.ts';
import { execIn } from './exec.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { createResources, groupPath, kindsOf } from './resources.ts';
import { createTransport, type Transport } from './transport.ts';
import { startWatch, withQuery } from './watch.ts';

export interface ConnectOptions {
  /** Aborts everything in flight, watches included. */
  signal?: AbortSignal;
}

/** Reads the kubeconfig at the first use, so this never fails; what is wrong with it rejects that call. */
export function connect(kubeconfigPath: string, context?: string, options: ConnectOptions = {}): KubeClient {
  return createClient(
    createTransport(() => readKubeconfig(kubeconfigPath, context)),
    options,
  );
}

const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

export function createClient(transport: Transport, { signal }: ConnectOptions = {}): KubeClient {
  const send = (method: string, path: string, body?: unknown, contentType?: string) =>
    transport.call({ method, path, body, signal, ...(contentType ? { contentType } : {}) });

  const resources = createResources(async (apiVersion) => {
    const reply = await send('GET', groupPath(apiVersion));
    if (reply.status === 404) return undefined;
    return kindsOf(good(reply));
  });

  /** Of the collection; undefined when the server does not serve the kind. */
  const collection = async (apiVersion: string, kind: string, namespace: string | undefined) => {
    const resource = await resources.find(apiVersion, kind);
    if (!resource) return undefined;
    const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return `${groupPath(apiVersion)}${scope}/${resource.plural}`;
  };
  const existing = async (ref: { apiVersion: string; kind: string; namespace?: string | undefined }) => {
    const path = await collection(ref.apiVersion, ref.kind, ref.namespace ?? 'default');
    if (path === undefined)
      throw new ClusterError('invalid', `no matches for kind "${ref.kind}" in version "${ref.apiVersion}"`);
    return path;
  };
  const item = async (ref: ObjectRef) => `${await existing(ref)}/${encodeURIComponent(ref.name)}`;

  const client: KubeClient = {
    async get(ref) {
      const path = await collection(ref.apiVersion, ref.kind, ref.namespace ?? 'default');
      if (path === undefined) return undefined;
      const reply = await send('GET', `${path}/${encodeURIComponent(ref.name)}`);
      return reply.status === 404 ? undefined : (good(reply) as KubeObject);
    },
    async list(query) {
      const path = await collection(query.apiVersion, query.kind, query.namespace);
      if (path === undefined) return [];
      const reply = await send('GET', withQuery(path, selection(query)));
      if (reply.status === 404) return [];
      const { items = [] } = good(reply) as { items?: KubeObject[] };
      return items.map((o) => ({ ...o, apiVersion: query.apiVersion, kind: query.kind }));
    },
    async watch(query, onEvent, onState = () => {}) {
      const stop = new AbortController();
      await startWatch({
        transport,
        path: () => collection(query.apiVersion, query.kind, query.namespace),
        query: selection(query),
        apiVersion: query.apiVersion,
        kind: query.kind,
        onEvent,
        onState,
        signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
        random: Math.random,
      });
      return () => stop.abort();
    },
    async apply(object, fieldManager) {
      const ref = refOf(object);
      const before = await client.get(ref);
      const path = withQuery(await item(ref), { fieldManager, force: 'true' });
      const reply = await send('PATCH', path, object, 'application/apply-patch+yaml');
      const after = good(reply) as KubeObject;
      const same = before?.metadata.resourceVersion === after.metadata.resourceVersion;
      return { object: after, change: reply.status === 201 ? 'created' : same ? 'unchanged' : 'configured' };
    },
    async patch(ref, type, body) {
      return good(await send('PATCH', await item(ref), body, patchTypes[type])) as KubeObject;
    },
    async create(object) {
      const { apiVersion, kind, metadata } = object;
      const path = await existing({ apiVersion, kind, namespace: metadata.namespace });
      return good(await send('POST', path, object)) as KubeObject;
    },
    async remove(ref) {
      const reply = await send('DELETE', await item(ref), { propagationPolicy: 'Background' });
      if (reply.status === 404) return false;
      good(reply);
      return true;
    },
    async raw(path) {
      return good(await send('GET', path));
    },
    async serverTime() {
      const reply = await send('GET', '/version');
      good(reply);
      return reply.date;
    },
    async exec(request) {
      const signals = [signal, request.signal].filter((s) => s !== undefined);
      return execIn(await transport.way(), {
        ...request,
        ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
      });
    },
  };
  return client;
}

function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function selection(query: KubeQuery): Record<string, string> {
  return query.labelSelector ? { labelSelector: query.labelSelector } : {};
}

function good(reply: { status: number; body: unknown }): unknown {
  if (reply.status < 200 || reply.status > 299) throw errorOfStatus(reply.status, reply.body);
  return reply.body;
}
