import { connect } from './client.ts';
import type { Cluster, ClusterAccess } from './contract.ts';
import { usualGateway } from './entry/find-entry.ts';
import { type KeepEntryOptions, keepEntry } from './entry/keep-entry.ts';
import { readFacts } from './facts.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { untilInitialised } from './machines/client.ts';
import { askMachines } from './machines/machines.ts';
import { stayIn } from './stay-in.ts';

/** Never fails: a cluster that cannot be reached is found out by the first request. */
export function openCluster(access: ClusterAccess): Cluster {
  const whole = connect(access.kubeconfig);
  const client = access.stay ? stayIn(whole, access.stay) : whole;
  return { access, client, facts: () => readFacts(client) };
}

/**
 * One whose way in is looked for: now, and whenever refreshEntry is called. Malla forwards a port where there is no other
 * way, until the signal aborts.
 */
export async function openClusterWithoutEntry(
  { kind, kubeconfig, stay }: Pick<ClusterAccess, 'kind' | 'kubeconfig' | 'stay'>,
  options: Pick<KeepEntryOptions, 'signal' | 'published' | 'otherwise'>,
): Promise<Cluster> {
  const cluster = openCluster({ kind, kubeconfig, ...(stay ? { stay } : {}) });
  const way = () => readKubeconfig(kubeconfig);
  const refreshEntry = keepEntry(cluster.access, {
    client: cluster.client,
    way,
    ...(stay?.gateway === undefined ? {} : { gateway: { ...usualGateway, namespace: stay.namespace } }),
    ...options,
  });
  await refreshEntry();
  return { ...cluster, refreshEntry };
}

/** Machines that may not be a cluster yet. `home` is theirs: machinesHome(). */
export function openMachinesCluster(access: ClusterAccess, home: string): Cluster {
  const ask = () => askMachines(home);
  const client = untilInitialised(connect(access.kubeconfig), ask);
  return { access, client, facts: () => readFacts(client), machines: ask };
}
