import { expect, test } from 'vitest';
import { createClusterSession } from './cluster/cluster-session.ts';
import { createLabSessions } from './lab-sessions.ts';
import { createNotifications, type Notice } from './notifications.ts';
import { aLab, playProgram } from './test-builders.ts';

const running = { running: true, kind: 'embebido', kubeconfig: '/k', env: { KUBECONFIG: '/k', PATH: '/bin' } };

async function stage() {
  let status: unknown = running;
  const program = playProgram((args) => ({
    exitCode: 0,
    value: args.startsWith('labs') ? [] : args.includes('parar') ? { stopped: true } : status,
  }));
  const cluster = createClusterSession(program);
  await cluster.refresh();
  const labs = [aLab({ id: 'canary', steps: { uno: ['a'], dos: ['b'] } }), aLab({ id: 'mtls' })];
  const sessions = createLabSessions(labs, program, cluster);
  const told: Notice[] = [];
  createNotifications({ sessions, cluster, tell: (notice) => told.push(notice) });
  const step = (id: string, state: string) => program.say({ event: 'step', step: id, state });
  const die = async () => {
    status = { running: false, kind: 'embebido' };
    await cluster.refresh();
  };
  const revive = async () => {
    status = running;
    await cluster.refresh();
  };
  const choose = async (next: unknown) => {
    status = next;
    await cluster.refresh();
  };
  return { cluster, sessions, told, step, die, revive, choose };
}

test('a lab that ends is told once, with the one that comes next', async () => {
  const { sessions, told, step } = await stage();
  sessions.opened('canary');
  step('uno', 'correcto');
  step('dos', 'correcto');
  step('dos', 'incorrecto');
  step('dos', 'correcto');
  expect(told).toEqual([{ about: 'finished', lab: 'canary', title: 'canary', next: { id: 'mtls', title: 'mtls' } }]);
});

test('a lab that was done before is no news', async () => {
  const { sessions, told } = await stage();
  sessions.of('canary')?.remember(['uno', 'dos']);
  sessions.opened('canary');
  expect(told).toEqual([]);
});

test('a cluster that dies while a lab is open is told once each time', async () => {
  const { sessions, told, die, revive, cluster } = await stage();
  sessions.opened('canary');
  await die();
  await cluster.refresh();
  expect(told).toEqual([{ about: 'lost' }]);
  await revive();
  await die();
  expect(told).toHaveLength(2);
});

test('a cluster that is stopped here, or that nobody works on, is no news', async () => {
  const { told, die } = await stage();
  await die();
  expect(told).toEqual([]);
  const other = await stage();
  other.sessions.opened('canary');
  await other.cluster.stop();
  expect(other.told).toEqual([]);
});

test('another cluster that is chosen and does not run yet is no news', async () => {
  const { sessions, told, choose } = await stage();
  sessions.opened('canary');
  await choose({ running: false, kind: 'kind', name: 'malla' });
  expect(told).toEqual([]);
});
