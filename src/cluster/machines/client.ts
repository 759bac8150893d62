// A cluster of machines before it is one: where no control plane was made yet there are no objects, and that is no
// failure of the cluster. One that was made and does not answer stays an error.
import { ClusterError } from '../cluster-error.ts';
import type { KubeClient } from '../contract.ts';
import type { MachinesFacts } from './machines.ts';
import { isAboutMachines, watchMachines } from './watch-machines.ts';

const RETRY = 400;

export function untilInitialised(client: KubeClient, ask: () => Promise<MachinesFacts | undefined>): KubeClient {
  const orEmpty = async <T>(asked: () => Promise<T>, empty: T): Promise<T> => {
    try {
      return await asked();
    } catch (error) {
      if (!isUnreachable(error) || !(await isEmpty())) throw error;
      return empty;
    }
  };
  const isEmpty = async (): Promise<boolean> => (await ask())?.initialised === false;

  return {
    ...client,
    get: (ref) => orEmpty(() => client.get(ref), undefined),
    list: (query) => orEmpty(() => client.list(query), []),
    // Whoever has machines of ours before a cluster is on them knows that they are simulated.
    raw: (path) => orEmpty<unknown>(() => client.raw(path), path === '/version' ? { gitVersion: '+malla' } : {}),
    serverTime: () => orEmpty(() => client.serverTime(), undefined),
    async watch(query, onEvent, onState) {
      if (isAboutMachines(query)) return watchMachines(ask, onEvent);
      let stop: (() => void) | undefined;
      let stopped = false;
      const start = async (): Promise<boolean> => {
        try {
          const end = await client.watch(query, onEvent, onState);
          if (stopped) end();
          stop = end;
          return true;
        } catch (error) {
          if (!isUnreachable(error) || !(await isEmpty())) throw error;
          return false;
        }
      };
      const again = async (): Promise<void> => {
        while (!stopped) {
          await new Promise((resolve) => setTimeout(resolve, RETRY).unref());
          if (stopped || (await start().catch(() => false))) return;
        }
      };
      if (!(await start())) {
        onState?.('live');
        void again();
      }
      return () => {
        stopped = true;
        stop?.();
      };
    },
  };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof ClusterError && error.reason === 'unreachable';
}
