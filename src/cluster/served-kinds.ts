// Every kind that a cluster serves, from its discovery documents.
import { ClusterError } from './cluster-error.ts';
import type { KubeClient } from './contract.ts';

export interface ServedKind {
  apiVersion: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

/**
 * In the version that each group prefers, without subresources. Rejects with ClusterError; with `tolerant` a group whose
 * own server does not answer is left out.
 */
export async function servedKinds(client: KubeClient, { tolerant = false } = {}): Promise<ServedKind[]> {
  const { groups = [] } = (await client.raw('/apis')) as { groups?: { preferredVersion?: { groupVersion: string } }[] };
  const paths = groups.flatMap((g) => (g.preferredVersion ? [`/apis/${g.preferredVersion.groupVersion}`] : []));
  const read = async (path: string): Promise<ApiResources> => {
    try {
      return (await client.raw(path)) as ApiResources;
    } catch (error) {
      // A group that went away meanwhile, with its last kind.
      if (tolerant || (error instanceof ClusterError && error.status === 404)) return {};
      throw error;
    }
  };
  const lists = await Promise.all(['/api/v1', ...paths].map(read));
  return lists.flatMap(({ groupVersion: apiVersion = 'v1', resources = [] }) =>
    resources
      .filter((r) => !r.name.includes('/'))
      .map(({ kind, namespaced = false, verbs = [] }) => ({ apiVersion, kind, namespaced, verbs })),
  );
}

interface ApiResources {
  groupVersion?: string;
  resources?: { name: string; kind: string; namespaced?: boolean; verbs?: string[] }[];
}
