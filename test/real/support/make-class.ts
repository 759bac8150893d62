// A class on the real cluster, whose API may be on this machine alone.
import { usualLimits } from '../../../src/cluster/classroom/class.ts';
import { createClass, type Handout } from '../../../src/cluster/classroom/create-class.ts';
import type { Student } from '../../../src/cluster/classroom/roster.ts';
import { readGround } from '../../../src/cluster/classroom/settings.ts';
import type { KubeClient } from '../../../src/cluster/contract.ts';
import { findNodeHost } from '../../../src/cluster/entry/find-entry.ts';
import { readKubeconfig } from '../../../src/cluster/kubeconfig.ts';

interface ClassToMake {
  client: KubeClient;
  /** Of who administers the cluster. */
  kubeconfig: string;
  name: string;
  students: readonly Student[];
  /** Where the students' kubeconfigs are written. */
  folder: string;
}

export async function makeClass({ client, kubeconfig, name, students, folder }: ClassToMake): Promise<Handout[]> {
  const { settings } = await readGround(client, name, usualLimits, Date.now);
  const way = await readKubeconfig(kubeconfig);
  return createClass({
    client,
    settings,
    students,
    server: way.server,
    allowLoopback: true,
    way,
    nodeHost: await findNodeHost({ client }),
    folder,
    signal: new AbortController().signal,
    onProgress() {},
  });
}
