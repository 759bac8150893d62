// What there is of the classes of a cluster, and how each student's place is.
import type { KubeObject } from '../../mesh/objects.ts';
import { fields } from '../../mesh/read.ts';
import type { KubeClient } from '../contract.ts';
import { isNodeReady } from '../facts.ts';
import { placeAnnotations, placeLabel, studentLabel } from '../kubeadm/place.ts';
import { nameAnnotation } from './class.ts';
import { inTurns } from './create-class.ts';
import { gatewayName } from './objects/gateway.ts';
import { guardObjects } from './objects/guards.ts';
import { sharedObjects } from './objects/shared.ts';
import { ownClass } from './own-place.ts';

export interface PlaceStatus {
  namespace: string;
  class: string;
  student: string;
  name: string;
  entry?: string;
  gatewayReady: boolean;
  pods: { ready: number; all: number };
  /** Of the quota: `1200m de 2`. */
  used: { cpu: string; memory: string };
  /** Objects that keep the place apart and are not there. */
  missing: string[];
  deleting: boolean;
}

export interface ClassesStatus {
  places: PlaceStatus[];
  /** Guards and rights of all that are not there. */
  missing: string[];
}

/** Of the class `name`, or of all when undefined. Rejects with ClusterError. */
export async function readClasses(client: KubeClient, name?: string): Promise<ClassesStatus> {
  const labelSelector = name === undefined ? placeLabel : `${placeLabel}=${name}`;
  const namespaces = await client.list({ apiVersion: 'v1', kind: 'Namespace', labelSelector });
  return {
    places: await inTurns(namespaces.toSorted(byName), (namespace) => readPlace(client, namespace)),
    missing: namespaces.length === 0 ? [] : await missingShared(client),
  };
}

async function readPlace(client: KubeClient, { metadata }: KubeObject): Promise<PlaceStatus> {
  const { name: namespace, labels = {}, annotations = {} } = metadata;
  const [pods, quota, ...kept] = await Promise.all([
    client.list({ apiVersion: 'v1', kind: 'Pod', namespace }),
    client.get({ apiVersion: 'v1', kind: 'ResourceQuota', namespace, name: 'aula' }),
    ...keepers.map((ref) => client.get({ ...ref, namespace })),
  ]);
  const { hard, used } = fields(quota?.status);
  const share = (key: string): string => `${String(fields(used)[key] ?? '0')} de ${String(fields(hard)[key] ?? '?')}`;
  const entry = annotations[placeAnnotations.entry];
  return {
    namespace,
    class: labels[placeLabel] ?? '',
    student: labels[studentLabel] ?? '',
    name: annotations[nameAnnotation] ?? '',
    ...(entry === undefined ? {} : { entry }),
    gatewayReady: pods.some((p) => p.metadata.labels?.app === gatewayName && isNodeReady(p)),
    pods: { ready: pods.filter(isNodeReady).length, all: pods.length },
    used: { cpu: share('requests.cpu'), memory: share('requests.memory') },
    // The place of one person on a cluster of others has only its gateway.
    missing:
      labels[placeLabel] === ownClass
        ? []
        : [
            ...(quota ? [] : ['ResourceQuota/aula']),
            ...keepers.flatMap(({ kind, name }, n) => (kept[n] ? [] : [`${kind}/${name}`])),
          ],
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

const istioNamespace = 'istio-system';

const keepers = [
  { apiVersion: 'v1', kind: 'LimitRange', name: 'aula' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'aula' },
  { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', name: 'default' },
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', name: 'aula-vecinos' },
];

/** Also rights: who installs Istio anew takes away those that were in its namespace. */
async function missingShared(client: KubeClient): Promise<string[]> {
  const wanted = [...guardObjects(), ...sharedObjects(istioNamespace, [])];
  const found = await inTurns(wanted, ({ apiVersion, kind, metadata }) =>
    client.get({
      apiVersion,
      kind,
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    }),
  );
  return wanted.flatMap(({ kind, metadata: { name, namespace } }, i) =>
    found[i] ? [] : [`${kind}/${name}${namespace === undefined ? '' : ` en ${namespace}`}`],
  );
}

function byName(a: KubeObject, b: KubeObject): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
