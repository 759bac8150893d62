import { expect, test } from 'vitest';
import { playProgram } from '../test-builders.ts';
import { createInventoryReader, type InventoryChange } from './inventory-reader.ts';

const access = { kubeconfig: '/k', entry: 'http://127.0.0.1:8' };
const namespace = (name: string, ready = 1) => ({
  event: 'namespace',
  namespace: { name, injected: true, pods: 1, ready, services: [], proxies: [] },
});

function stage() {
  const program = playProgram(() => ({ exitCode: 0 }));
  let breaks = 0;
  const reader = createInventoryReader(program, () => {
    breaks += 1;
  });
  const changes: InventoryChange[] = [];
  reader.onChange((change) => changes.push(change));
  return { program, reader, changes, breaks: () => breaks };
}

test('the first look is told at once, and later only what changes', () => {
  const { program, reader, changes } = stage();
  reader.read(access);
  reader.read({ ...access });
  program.say({ event: 'nodes', nodes: [{ name: 'nieve', ready: true, roles: [], version: 'v1' }] });
  program.say(namespace('default'));
  program.say({ event: 'live' });
  program.say(namespace('default', 0));
  program.say(namespace('tienda'));
  expect(program.calls).toEqual(['inventario --kubeconfig /k --entrada http://127.0.0.1:8']);
  expect(changes).toEqual(['all', { namespace: 'default' }, 'all']);
  expect(reader.now?.namespaces.get('default')?.ready).toBe(0);
});

test('lines that are not understood are passed over', () => {
  const { program, reader } = stage();
  reader.read(access);
  for (const odd of [null, 7, { event: 'weather' }, { event: 'nodes', nodes: 'x' }]) program.say(odd);
  expect(reader.now).toEqual({ nodes: [], namespaces: new Map(), live: false });
});

test('a reader that breaks tells it, and reads again when asked', () => {
  const { program, reader, breaks } = stage();
  reader.read(access);
  program.end(137);
  expect(reader.problem?.code).toBe('MALLA-EDI-02');
  expect(breaks()).toBe(1);
  reader.read(access);
  expect(reader.problem).toBeUndefined();
  expect(program.calls.length).toBe(2);
});

test('when nobody looks the program ends, and what it says after that is not heard', () => {
  const { program, reader } = stage();
  reader.read(access);
  reader.read(undefined);
  program.say(namespace('default'));
  expect(program.orders).toEqual([{ do: 'stop' }]);
  expect(reader.now).toBeUndefined();
});
