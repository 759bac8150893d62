// What a cluster is before Malla joins it: read, never changed.
import type { KubeObject } from '../../../mesh/objects.ts';
import { ClusterError } from '../../cluster-error.ts';
import type { KubeClient } from '../../contract.ts';
import { placeLabel } from '../place.ts';
import { type Admission, findAdmission } from './admission.ts';
import { findMeshes, type Meshes } from './meshes.ts';
import { type Balancers, type Cni, type Dns, findBalancers, findCni, findDns } from './network.ts';
import { type NodeLine, readNode } from './nodes.ts';
import { productionSigns } from './production.ts';
import { type RightLine, reviewRights } from './rights.ts';
import { judgeVersion, type VersionStanding } from './versions.ts';

export interface Survey {
  version: VersionStanding;
  nodes: NodeLine[];
  cni: Cni;
  dns?: Dns;
  balancers: Balancers;
  admission: Admission;
  meshes: Meshes;
  rights: RightLine[];
  /** This machine's clock less the cluster's, seconds; undefined when the cluster does not tell. */
  clockAhead?: number;
  /** Signs of production. */
  production: string[];
  /** Kinds that this user may not read: what depends on them is not known. */
  unread: string[];
}

export interface SurveyOptions {
  /** Rights are asked in this namespace alone; of the whole cluster when undefined. */
  namespace?: string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Rejects with ClusterError when the cluster does not answer or does not know the user; what may not be read is told. */
export async function surveyCluster(client: KubeClient, { namespace, now }: SurveyOptions): Promise<Survey> {
  const version = await client.raw('/version');
  const unread: string[] = [];
  const list = async (apiVersion: string, kind: string): Promise<KubeObject[]> => {
    try {
      return await client.list({ apiVersion, kind });
    } catch (error) {
      if (!(error instanceof ClusterError && error.reason === 'forbidden')) throw error;
      unread.push(kind);
      return [];
    }
  };
  const [nodeObjects, namespaces, services, deployments, daemonSets, statefulSets] = await Promise.all([
    list('v1', 'Node'),
    list('v1', 'Namespace'),
    list('v1', 'Service'),
    list('apps/v1', 'Deployment'),
    list('apps/v1', 'DaemonSet'),
    list('apps/v1', 'StatefulSet'),
  ]);
  const [ingressClasses, policies, mutating, validating] = await Promise.all([
    list('networking.k8s.io/v1', 'IngressClass'),
    list('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'),
    list('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'),
    list('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'),
  ]);
  const rights = await reviewRights(client, namespace);
  const told = await client.serverTime();
  const nodes = nodeObjects.map(readNode);
  const meshes = findMeshes({ deployments, daemonSets, statefulSets, namespaces });
  const dns = findDns(deployments);
  return {
    version: judgeVersion(gitVersion(version)),
    nodes,
    cni: findCni(daemonSets),
    ...(dns ? { dns } : {}),
    balancers: findBalancers(services),
    admission: findAdmission({ policies, mutating, validating, namespaces }),
    meshes,
    rights,
    ...(told === undefined ? {} : { clockAhead: Math.round((now() - told) / 1000) }),
    // Whoever made the class answers for its cluster; its students do nothing outside their place.
    production: (await isPlace(client, namespace))
      ? []
      : productionSigns({ nodes, namespaces, ingressClasses, meshes }),
    unread: unread.toSorted(),
  };
}

/** Whether it is a namespace of a class, as far as this user may see. */
async function isPlace(client: Pick<KubeClient, 'get'>, name: string | undefined): Promise<boolean> {
  if (name === undefined) return false;
  try {
    const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name });
    return namespace?.metadata.labels?.[placeLabel] !== undefined;
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'forbidden') return false;
    throw error;
  }
}

function gitVersion(version: unknown): string {
  const found = typeof version === 'object' && version !== null && 'gitVersion' in version ? version.gitVersion : '';
  return typeof found === 'string' ? found : '';
}
