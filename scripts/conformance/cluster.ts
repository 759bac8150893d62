// An embedded cluster for tools of others: in a home of its own, gone afterwards.
import { createSandbox } from '../../test/integration/support/sandbox.ts';

export interface ForeignCluster {
  kubeconfig: string;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<ForeignCluster> {
  const sandbox = await createSandbox();
  const { cluster } = await sandbox.start();
  return { kubeconfig: cluster.access.kubeconfig, stop: () => sandbox.remove() };
}
