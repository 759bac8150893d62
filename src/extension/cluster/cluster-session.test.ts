import { expect, test } from 'vitest';
import { playProgram } from '../test-builders.ts';
import { createClusterSession } from './cluster-session.ts';

const running = { kubeconfig: '/k', entry: 'http://127.0.0.1:8', pid: 1, env: { KUBECONFIG: '/k', PATH: '/bin' } };
const problem = { code: 'MALLA-CLU-01', happened: 'h', expected: 'e', todo: 't' };

test('starting tells its states in order and ends with where the cluster is', async () => {
  const session = createClusterSession(playProgram(() => ({ exitCode: 0, value: running })));
  const states: string[] = [];
  session.onChange((s) => states.push(s.state));
  expect(await session.start()).toBeUndefined();
  expect(states).toEqual(['arrancando', 'en marcha']);
  expect(session.now.access?.entry).toBe('http://127.0.0.1:8');
});

test('a verb asked twice at once runs once', async () => {
  const program = playProgram(() => ({ exitCode: 0, value: running }));
  const session = createClusterSession(program);
  await Promise.all([session.start(), session.start()]);
  expect(program.calls).toEqual(['cluster iniciar --json']);
});

test('a cluster that does not start is stopped, with the reason', async () => {
  const session = createClusterSession(playProgram(() => ({ exitCode: 69, problem })));
  expect(await session.start()).toEqual(problem);
  expect(session.now).toEqual({ state: 'parado', identity: { kind: 'embebido' }, problem });
});

test('a cluster that cannot be stopped goes on running', async () => {
  const session = createClusterSession(
    playProgram((args) => (args.includes('parar') ? { exitCode: 69, problem } : { exitCode: 0, value: running })),
  );
  await session.start();
  await session.stop();
  expect(session.now).toMatchObject({ state: 'en marcha', problem });
});

test('looking while a verb works does not change what the verb says', async () => {
  const session = createClusterSession(
    playProgram((args) => ({ exitCode: 0, value: args.includes('estado') ? { running: false } : running })),
  );
  const starting = session.start();
  await session.refresh();
  await starting;
  expect(session.now.state).toBe('en marcha');
});

test('a slow look from before a verb does not undo what the verb has done', async () => {
  let answerLook = (_: { exitCode: number; value: unknown }): void => {};
  const session = createClusterSession(
    playProgram((args) =>
      args.includes('estado')
        ? new Promise((resolve) => {
            answerLook = resolve;
          })
        : { exitCode: 0, value: running },
    ),
  );
  const looking = session.refresh();
  await session.start();
  answerLook({ exitCode: 0, value: { running: false } });
  await looking;
  expect(session.now.state).toBe('en marcha');
});

test('an answer that is not understood is no running cluster', async () => {
  const session = createClusterSession(playProgram(() => ({ exitCode: 0, value: { running: true, kubeconfig: 5 } })));
  await session.refresh();
  expect(session.now.state).toBe('parado');
});

test('the machines of the lab cluster are another place, and do not change what the cluster is', async () => {
  const program = playProgram(() => ({ exitCode: 0, value: { ...running, kubeconfig: '/m' } }));
  const session = createClusterSession(program);
  expect(await session.machines()).toMatchObject({ kubeconfig: '/m' });
  expect(program.calls).toEqual(['cluster iniciar --maquinas --json']);
  expect(session.now).toEqual({ state: 'desconocido', identity: { kind: 'embebido' } });
});

const kindStatus = { running: true, kind: 'kind', name: 'malla', ...running, pid: undefined };

test('a kind cluster is started, stopped and deleted by the verbs of kind, by its name', async () => {
  const program = playProgram(() => ({ exitCode: 0, value: kindStatus }));
  const session = createClusterSession(program);
  await session.refresh();
  expect(session.now).toMatchObject({ state: 'en marcha', identity: { kind: 'kind', name: 'malla' } });
  await session.start();
  await session.stop();
  await session.delete();
  expect(program.calls.filter((call) => !call.startsWith('cluster estado'))).toEqual([
    'kind arrancar --nombre malla --json',
    'kind parar --nombre malla --json',
    'kind borrar --si --nombre malla --json',
  ]);
});

test('a cluster that exists without Malla is never stopped or deleted: it is let go', async () => {
  const value = { ...kindStatus, kind: 'kubeadm', name: 'admin@nieve', server: 'https://10.0.0.1:6443' };
  const program = playProgram(() => ({ exitCode: 0, value }));
  const session = createClusterSession(program);
  await session.refresh();
  await session.stop();
  await session.delete();
  expect(program.calls.filter((call) => call !== 'cluster estado --json')).toEqual(['kubeadm soltar --json']);
});

test('changing to another cluster ends with how that one is', async () => {
  const program = playProgram((args) => ({ exitCode: 0, value: args.includes('estado') ? kindStatus : {} }));
  const session = createClusterSession(program);
  expect((await session.change(['cluster', 'usar', 'kind'])).problem).toBeUndefined();
  expect(program.calls).toEqual(['cluster usar kind --json', 'cluster estado --json']);
  expect(session.now.identity).toEqual({ kind: 'kind', name: 'malla' });
});

test('a change that cannot be leaves the cluster in use as it was', async () => {
  const session = createClusterSession(
    playProgram((args) => (args.includes('usar') ? { exitCode: 69, problem } : { exitCode: 0, value: running })),
  );
  await session.start();
  expect((await session.change(['cluster', 'usar', 'kubeadm'])).problem).toEqual(problem);
  expect(session.now.state).toBe('en marcha');
});
