import { expect, test, vi } from 'vitest';
import { ClusterError } from '../cluster-error.ts';
import type { KubeClient, KubeEvent } from '../contract.ts';
import { untilInitialised } from './client.ts';
import type { MachinesFacts } from './machines.ts';
import { machinesQuery } from './watch-machines.ts';

const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'nieve' } };
const query = { apiVersion: 'v1', kind: 'Node' };

/** An API that is up or down, and what the machines say of it. */
function bench() {
  const state = { up: false, initialised: false as boolean | undefined, swap: true };
  const when = async <T>(answer: T): Promise<T> => {
    if (!state.up) throw new ClusterError('unreachable', 'connection refused');
    return answer;
  };
  const refuse = (): never => {
    throw new Error('not asked in these tests');
  };
  const client: KubeClient = {
    get: () => when(node),
    list: () => when([node]),
    raw: () => when<unknown>({ gitVersion: 'v1.34.4' }),
    serverTime: () => when<number | undefined>(0),
    watch: async (_query, onEvent) => {
      await when(undefined);
      onEvent({ type: 'ADDED', object: node });
      return () => {};
    },
    ...{ apply: refuse, patch: refuse, create: refuse, remove: refuse, exec: refuse },
  };
  const facts = (): MachinesFacts => ({
    initialised: state.initialised ?? false,
    machines: [
      {
        ...{ name: 'nieve', swap: state.swap, swapAtBoot: true, ipForward: false, runtime: 'missing' },
        ...{ systemdCgroup: false, kubeadm: false, kubelet: 'missing', joined: false },
      },
    ],
  });
  const ask = async () => (state.initialised === undefined ? undefined : facts());
  return { state, client: untilInitialised(client, ask) };
}

test('a cluster that nobody made yet is empty', async () => {
  const { client } = bench();
  expect(await client.list(query)).toEqual([]);
  expect(await client.get({ ...query, name: 'nieve' })).toBeUndefined();
  expect(await client.raw('/version')).toEqual({ gitVersion: '+malla' });
});

test.each([
  ['was made and does not answer', true],
  ['nobody can tell of', undefined],
])('a cluster that %s is unreachable', async (_what, initialised) => {
  const { client, state } = bench();
  state.initialised = initialised;
  await expect(client.list(query)).rejects.toMatchObject({ reason: 'unreachable' });
});

test('a watch waits for the cluster to be made', async () => {
  const { client, state } = bench();
  const events: KubeEvent[] = [];
  const stop = await client.watch(query, (event) => events.push(event));
  expect(events).toEqual([]);
  Object.assign(state, { up: true, initialised: true });
  await vi.waitFor(() => expect(events).toEqual([{ type: 'ADDED', object: node }]), { timeout: 3_000 });
  stop();
});

test('machines are watched as objects', async () => {
  const { client, state } = bench();
  const types: string[] = [];
  const stop = await client.watch(machinesQuery, ({ type, object }) => types.push(`${type} ${object.metadata.name}`));
  expect(types).toEqual(['ADDED nieve']);
  state.swap = false;
  await vi.waitFor(() => expect(types).toEqual(['ADDED nieve', 'MODIFIED nieve']), { timeout: 3_000 });
  stop();
});
