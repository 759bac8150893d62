// Machines as objects that can be watched, so that a step about them turns green by itself.
import type { KubeObject } from '../../mesh/objects.ts';
import type { KubeEvent, KubeQuery } from '../contract.ts';
import type { MachinesFacts } from './machines.ts';

/** No API server has them: only where Malla has a way into the machines does anything come of it. */
export const machinesQuery: KubeQuery = { apiVersion: 'malla/v1', kind: 'Machine' };

export function isAboutMachines({ apiVersion, kind }: Pick<KubeQuery, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === machinesQuery.apiVersion && kind === machinesQuery.kind;
}

const LOOK_AGAIN = 500;

/** Resolves to the stop. */
export async function watchMachines(
  ask: () => Promise<MachinesFacts | undefined>,
  onEvent: (event: KubeEvent) => void,
): Promise<() => void> {
  const known = new Map<string, string>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const facts = await ask();
    for (const machine of stopped ? [] : (facts?.machines ?? [])) {
      const text = JSON.stringify(machine);
      const before = known.get(machine.name);
      if (before === text) continue;
      known.set(machine.name, text);
      const object: KubeObject = { ...machinesQuery, metadata: { name: machine.name }, status: machine };
      onEvent({ type: before === undefined ? 'ADDED' : 'MODIFIED', object });
    }
    if (!stopped) timer = setTimeout(look, LOOK_AGAIN).unref();
  };
  await look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
