// `malla inventario`: nodes, namespaces, services and proxies, as lines of JSON that go on while they change. The editor's
// sidebar lives on this.
import type { Command } from 'commander';
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { KubeClient } from '../../cluster/contract.ts';
import type { InventoryLine } from '../../views/inventory/inventory.ts';
import { createInventoryTaker, inventoryKinds } from '../../views/inventory/take-inventory.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import type { Invocation } from '../host.ts';
import { untilClosed } from '../until-closed.ts';

export function inventoryCommand(program: Command, { host }: Invocation): void {
  withAccessOptions(
    program
      .command('inventario', { hidden: true })
      .description('lo que hay en el clúster en líneas de JSON, para el editor; hasta que se cierre la entrada'),
  ).action(async (options: AccessOptions) => {
    const { client } = await reachCluster(host, options);
    const stop = await tellInventory(client, (line) => host.stdout.write(`${JSON.stringify(line)}\n`));
    try {
      await untilClosed(host);
    } finally {
      stop();
      host.stdin.pause();
    }
  });
}

/** A burst of events, as of pods that start together, is told once. */
const CALM = 250;

/** Rejects with ClusterError when the cluster does not answer at first. Kinds that may not be read are left out. */
export async function tellInventory(
  client: Pick<KubeClient, 'watch'>,
  tell: (line: InventoryLine) => void,
): Promise<() => void> {
  const taker = createInventoryTaker();
  const lost = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let live = false;
  const flush = (): void => {
    timer = undefined;
    for (const line of taker.news()) tell(line);
  };
  const later = (): void => {
    if (live) timer ??= setTimeout(flush, CALM);
  };
  const stops = await Promise.all(
    inventoryKinds.map(async (kind) => {
      try {
        return await client.watch(
          { apiVersion: 'v1', kind },
          ({ type, object }) => {
            taker.see(type, object);
            later();
          },
          (state) => {
            const before = lost.size > 0;
            if (state === 'lost') lost.add(kind);
            else lost.delete(kind);
            if (live && before !== lost.size > 0) tell({ event: lost.size > 0 ? 'lost' : 'live' });
          },
        );
      } catch (error) {
        if (error instanceof ClusterError && error.reason === 'forbidden') return () => {};
        throw error;
      }
    }),
  );
  flush();
  live = true;
  tell({ event: 'live' });
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
