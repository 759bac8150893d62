// A client for who has rights in one namespace, or must not look beyond it: what is asked of the whole cluster is asked of
// that namespace and of Istio's, and objects without a namespace go there.
import type { KubeObject } from '../mesh/objects.ts';
import { ClusterError } from './cluster-error.ts';
import type { KubeClient, KubeQuery, Stay } from './contract.ts';

const istioNamespace = 'istio-system';

/** Reads of Istio's namespace that are forbidden find nothing there; all else is as the client's own. */
export function stayIn(client: KubeClient, stay: Stay): KubeClient {
  const { namespace } = stay;
  const places = [...new Set([namespace, istioNamespace])];
  const here = <T extends { namespace?: string }>(ref: T): T => ({ ...ref, namespace: ref.namespace ?? namespace });
  const homed = (object: KubeObject): KubeObject =>
    clusterKinds.has(object.kind) ? object : { ...object, metadata: here(object.metadata) };

  const listPlace = async (query: KubeQuery, place: string): Promise<KubeObject[]> => {
    const found = await unlessForbidden(client.list({ ...query, namespace: place }), place !== namespace);
    return (found ?? []).filter((object) => !isHidden(object, stay));
  };
  const namespaces = async (): Promise<KubeObject[]> => {
    const read = (name: string) =>
      unlessForbidden(client.get({ apiVersion: 'v1', kind: 'Namespace', name }), name !== namespace);
    return (await Promise.all(places.map(read))).flatMap((found) => found ?? []);
  };

  return {
    ...client,
    get: (ref) => client.get(here(ref)),
    async list(query) {
      if (query.namespace !== undefined) return client.list(query);
      if (query.kind === 'Namespace') return namespaces();
      if (clusterKinds.has(query.kind)) return client.list(query);
      return (await Promise.all(places.map((place) => listPlace(query, place)))).flat();
    },
    async watch(query, onEvent, onState) {
      if (query.kind === 'Namespace') {
        // Whoever has a place may read it and not watch it; its labels are not the student's to change.
        for (const object of await namespaces()) onEvent({ type: 'ADDED', object });
        onState?.('live');
        return () => {};
      }
      if (query.namespace !== undefined || clusterKinds.has(query.kind)) return client.watch(query, onEvent, onState);
      const lost = new Set<string>();
      const begin = (place: string) =>
        unlessForbidden(
          client.watch(
            { ...query, namespace: place },
            (event) => {
              if (!isHidden(event.object, stay)) onEvent(event);
            },
            (state) => {
              const before = lost.size;
              if (state === 'lost') lost.add(place);
              else lost.delete(place);
              if (before === 0 && lost.size === 1) onState?.('lost');
              if (lost.size === 0 && state === 'live') onState?.('live');
            },
          ),
          place !== namespace,
        );
      const stops = await Promise.all(places.map(begin));
      return () => {
        for (const stop of stops) stop?.();
      };
    },
    apply: (object, fieldManager) => client.apply(homed(object), fieldManager),
    create: (object) => client.create(homed(object)),
    patch: (ref, type, body) => client.patch(here(ref), type, body),
    remove: (ref) => client.remove(here(ref)),
  };
}

/** Kinds that are in no namespace, of those that Malla and its labs ask for. */
const clusterKinds = new Set([
  'Namespace',
  'Node',
  'CustomResourceDefinition',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'GatewayClass',
  'IngressClass',
  'PersistentVolume',
  'StorageClass',
  'SelfSubjectAccessReview',
]);

/** Istio's own gateway is nobody's way in who has another. */
function isHidden({ metadata, spec }: KubeObject, { namespace, gateway }: Stay): boolean {
  if (gateway === undefined || metadata.namespace !== istioNamespace || namespace === istioNamespace) return false;
  const { template } = (spec ?? {}) as { template?: { metadata?: { labels?: Record<string, string> } } };
  return [metadata.labels, template?.metadata?.labels].some((labels) => labels?.istio === 'ingressgateway');
}

async function unlessForbidden<T>(asked: Promise<T>, tolerant: boolean): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (tolerant && error instanceof ClusterError && error.reason === 'forbidden') return undefined;
    throw error;
  }
}
