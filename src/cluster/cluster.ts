import { connect } from './client.ts';
import type { Cluster, ClusterAccess } from './contract.ts';
import { readFacts } from './facts.ts';

/** Never fails: a cluster that cannot be reached is found out by the first request. */
export function openCluster(access: ClusterAccess): Cluster {
  const client = connect(access.kubeconfig);
  return { access, client, facts: () => readFacts(client) };
}
