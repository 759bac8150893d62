import { connect } from './client.ts';
import type { Cluster, ClusterAccess } from './contract.ts';
import { readFacts } from './facts.ts';
import { untilInitialised } from './machines/client.ts';
import { askMachines } from './machines/machines.ts';

/** Never fails: a cluster that cannot be reached is found out by the first request. */
export function openCluster(access: ClusterAccess): Cluster {
  const client = connect(access.kubeconfig);
  return { access, client, facts: () => readFacts(client) };
}

/** Machines that may not be a cluster yet. `home` is theirs: machinesHome(). */
export function openMachinesCluster(access: ClusterAccess, home: string): Cluster {
  const ask = () => askMachines(home);
  const client = untilInitialised(connect(access.kubeconfig), ask);
  return { access, client, facts: () => readFacts(client), machines: ask };
}
