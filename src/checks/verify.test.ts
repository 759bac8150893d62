// Resource checks from declaration to verdict, on plain objects and a clock that jumps.
import { expect, test } from 'vitest';
import { ClusterError } from '../cluster/cluster-error.ts';
import { bookinfo, namespace, type World } from '../diagnosis/bookinfo.fixture.ts';
import type { CheckDeclaration } from '../labs/lab.ts';
import type { Clock } from './clock.ts';
import { clusterOf } from './objects-client.fixture.ts';
import { verifyCheck } from './verify.ts';

const base = { id: 'c', title: 'C', line: 1 };
const signal = new AbortController().signal;
const details: CheckDeclaration = {
  ...base,
  type: 'pods',
  pattern: { namespace: 'default', selector: 'app=details', atLeast: 1, sidecar: true },
};

/** Sleeping takes no time; `onSleep` is what happens in the cluster meanwhile. */
function jumpingClock(onSleep: (now: number) => void = () => {}): Clock {
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds) {
      now += milliseconds;
      onSleep(now);
    },
  };
}

const verify = (check: CheckDeclaration, { objects }: World, clock = jumpingClock()) =>
  verifyCheck(check, { cluster: clusterOf(objects), signal, clock });
/** On a cluster that does not say that it is simulated. */
function verifyReal(check: CheckDeclaration, { objects }: World, clock: Clock) {
  const cluster = clusterOf(objects);
  const facts = async () => ({ ...(await cluster.facts()), simulated: false });
  return verifyCheck(check, { cluster: { ...cluster, facts }, signal, clock });
}
const starting = (world: World): World =>
  world.set('Pod', 'details-v1-abc-12345', ['status'], { phase: 'Pending', conditions: [] });

test('pods as asked are correcto, with the pods as evidence', async () => {
  const verdict = await verify(details, bookinfo());
  expect(verdict).toMatchObject({ state: 'correcto', check: 'c', simulated: true });
  expect(verdict.evidence.objects).toEqual([
    { kind: 'Pod', namespace: 'default', name: 'details-v1-abc-12345', resourceVersion: '1' },
  ]);
  expect(verdict.cause).toBeUndefined();
});

test('pods that are starting are waited for', async () => {
  const world = starting(bookinfo());
  const clock = jumpingClock((now) => {
    if (now > 3_000)
      world.set('Pod', 'details-v1-abc-12345', ['status', 'conditions'], [{ type: 'Ready', status: 'True' }]);
  });
  expect((await verify(details, world, clock)).state).toBe('correcto');
});

test('pods that never start are no verificable', async () => {
  const clock = jumpingClock();
  expect(await verify(details, starting(bookinfo()), clock)).toMatchObject({
    state: 'no verificable',
    cause: { code: 'MALLA-SAL-06' },
  });
  expect(clock.now()).toBeGreaterThan(10_000);
});

test('a wrong image is incorrecto at once', async () => {
  const clock = jumpingClock();
  const world = bookinfo().set('Pod', 'details-v1-abc-12345', ['status'], {
    containerStatuses: [{ name: 'details', state: { waiting: { reason: 'ErrImagePull' } } }],
  });
  expect(await verify(details, world, clock)).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-APP-02' } });
  expect(clock.now()).toBe(0);
});

test('a container that ends as soon as it starts is not believed the moment that it is Ready', async () => {
  const world = bookinfo();
  const pod = 'details-v1-abc-12345';
  const ran = (startedAt: string) => [{ name: 'details', state: { running: { startedAt } } }];
  world.set('Pod', pod, ['status', 'containerStatuses'], ran(new Date().toISOString()));
  const ends = jumpingClock(() => {
    world.set('Pod', pod, ['status', 'conditions'], [{ type: 'Ready', status: 'False' }]);
    const waiting = { reason: 'CrashLoopBackOff' };
    world.set('Pod', pod, ['status', 'containerStatuses'], [{ name: 'details', restartCount: 1, state: { waiting } }]);
  });
  expect(await verifyReal(details, world, ends)).toMatchObject({
    state: 'incorrecto',
    cause: { code: 'MALLA-APP-04' },
  });

  const lives = bookinfo().set('Pod', pod, ['status', 'containerStatuses'], ran('2026-11-21T10:00:00Z'));
  const clock = jumpingClock();
  expect((await verifyReal(details, lives, clock)).state).toBe('correcto');
  expect(clock.now()).toBe(0);
});

test('pods that wait on a node that is not ready are no verificable', async () => {
  const world = starting(bookinfo()).set('Node', 'arya', ['status', 'conditions', 0, 'status'], 'False');
  expect(await verify(details, world)).toMatchObject({ state: 'no verificable', cause: { code: 'MALLA-SAL-02' } });
});

test('istiod itself may be what is broken', async () => {
  const istiod: CheckDeclaration = {
    ...base,
    type: 'pods',
    pattern: { namespace: 'istio-system', selector: 'app=istiod', atLeast: 1 },
  };
  expect((await verify(istiod, bookinfo())).state).toBe('correcto');
});

const absent = (exists: boolean): CheckDeclaration => ({
  ...base,
  type: 'objeto',
  pattern: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'default',
    name: 'reviews',
    exists,
  },
});

test('an object that must not exist is correcto while it does not', async () => {
  expect((await verify(absent(false), bookinfo())).state).toBe('correcto');
  expect(await verify(absent(true), bookinfo())).toMatchObject({
    state: 'incorrecto',
    cause: { code: 'MALLA-OBJ-01' },
  });
});

test('an object in another namespace is named', async () => {
  const check: CheckDeclaration = {
    ...base,
    type: 'objeto',
    pattern: { apiVersion: 'v1', kind: 'Service', namespace: 'otro', name: 'reviews', exists: true },
  };
  expect(await verify(check, bookinfo())).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-OBJ-04' } });
});

test('injection needs the label on its own namespace', async () => {
  const world = bookinfo().add(namespace('otro'));
  const check = (name: string): CheckDeclaration => ({ ...base, type: 'inyeccion', pattern: { namespace: name } });
  expect((await verify(check('default'), world)).state).toBe('correcto');
  expect((await verify(check('otro'), world)).state).toBe('incorrecto');
});

test.each([
  ['unreachable', 'MALLA-SAL-01'],
  ['forbidden', 'MALLA-CLU-13'],
] as const)('a cluster that answers %s is no verificable, %s', async (reason, code) => {
  const cluster = { ...clusterOf([]), facts: () => Promise.reject(new ClusterError(reason, '')) };
  expect(await verifyCheck(details, { cluster, signal })).toMatchObject({ state: 'no verificable', cause: { code } });
});

test('traffic without an entry address is no verificable', async () => {
  const check: CheckDeclaration = {
    ...base,
    type: 'http',
    pattern: { path: '/', method: 'GET', headers: {}, status: 200, contains: [] },
  };
  expect(await verify(check, bookinfo())).toMatchObject({ state: 'no verificable', cause: { code: 'MALLA-SAL-08' } });
});

test('an object that does not keep a condition of the step is incorrecto, in the words of the lab', async () => {
  const check: CheckDeclaration = {
    ...base,
    type: 'objeto',
    pattern: {
      apiVersion: 'v1',
      kind: 'Service',
      namespace: 'default',
      name: 'reviews',
      exists: true,
      rules: [{ rule: 'self.spec.ports.size() > 7', message: 'debe tener más de siete puertos' }],
    },
  };
  expect(await verify(check, bookinfo())).toMatchObject({
    state: 'incorrecto',
    observed: expect.stringContaining('debe tener más de siete puertos'),
    cause: { code: 'MALLA-OBJ-05', at: { kind: 'Service' } },
  });
});
