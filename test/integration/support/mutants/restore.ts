// The configuration of the mesh as it was: taken before a mutant is applied, and put back after it.
import type { KubeClient } from '../../../../src/cluster/contract.ts';
import type { KubeObject } from '../../../../src/mesh/objects.ts';

export type Kept = ReadonlyMap<string, KubeObject>;

const kinds = [
  ...['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar'].map((kind) => ({
    apiVersion: 'networking.istio.io/v1',
    kind,
  })),
  ...['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy'].map((kind) => ({
    apiVersion: 'security.istio.io/v1',
    kind,
  })),
  { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry' },
  ...['Gateway', 'HTTPRoute'].map((kind) => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind })),
];

export async function keep(client: KubeClient): Promise<Kept> {
  const lists = await Promise.all(kinds.map((query) => client.list(query)));
  return new Map(
    lists.flat().map((o) => [`${o.apiVersion} ${o.kind} ${o.metadata.namespace}/${o.metadata.name}`, o] as const),
  );
}

export async function restore(client: KubeClient, kept: Kept): Promise<void> {
  const now = await keep(client);
  for (const [key, object] of now) if (!kept.has(key)) await client.remove(refOf(object));
  for (const [key, object] of kept) {
    const current = now.get(key);
    if (!current) await client.create(bare(object));
    else if (current.metadata.resourceVersion !== object.metadata.resourceVersion) {
      const { spec, metadata } = bare(object) as KubeObject & { spec?: unknown };
      await client.patch(refOf(object), 'json', [
        { op: 'add', path: '/spec', value: spec },
        { op: 'add', path: '/metadata/labels', value: metadata.labels ?? {} },
        { op: 'add', path: '/metadata/annotations', value: metadata.annotations ?? {} },
      ]);
    }
  }
}

function refOf({ apiVersion, kind, metadata: { namespace, name } }: KubeObject) {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function bare(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const { status: _status, ...rest } = object as KubeObject & { status?: unknown };
  return {
    ...rest,
    metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) },
  };
}
