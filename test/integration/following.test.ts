// A lab followed while its cluster changes: watches are plain objects and the mesh is a small HTTP server.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FollowEvent, followLab } from '../../src/checks/follow.ts';
import { clusterOf, type ObjectsCluster } from '../../src/checks/objects-client.fixture.ts';
import { bookinfo, object, reviewsRule, to, virtualService } from '../../src/diagnosis/bookinfo.fixture.ts';
import type { CheckDeclaration, Lab } from '../../src/labs/lab.ts';
import type { KubeObject } from '../../src/mesh/objects.ts';

const path = '/api/v1/products/0/reviews';
let server: Server;
let cluster: ObjectsCluster;
let stop: AbortController;
let events: FollowEvent[];
let asked: number;
/** Share of v1; the rest is v2. */
let share: number;

beforeEach(async () => {
  [asked, share, events, stop] = [0, 1 / 3, [], new AbortController()];
  server = createServer((_request, response) => {
    asked++;
    response.end(`{"podname": "reviews-${Math.random() < share ? 'v1' : 'v2'}-abc-12345"}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const entry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cluster = clusterOf(bookinfo().add(reviewsRule()).objects, entry);
});
afterEach(async () => {
  stop.abort();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const valueCheck: CheckDeclaration = {
  id: 'valor',
  title: '',
  line: 1,
  type: 'objeto',
  pattern: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: 'default',
    name: 'ajuste',
    exists: true,
    matches: { data: { valor: 'si' } },
  },
};
const splitCheck = (id: string, expected: Record<string, number>): CheckDeclaration => ({
  id,
  title: '',
  line: 1,
  type: 'reparto',
  pattern: { path, headers: {}, classes: { v1: 'reviews-v1-', v2: 'reviews-v2-' }, expected },
});
const labOf = (...steps: [string, CheckDeclaration][]): Lab =>
  ({ id: 'prueba', steps: steps.map(([id, check]) => ({ id, checks: [check] })) }) as unknown as Lab;
const configMap = (valor: string): KubeObject => ({
  ...object('v1', 'ConfigMap', 'ajuste', 'default'),
  data: { valor },
});
const rules = (v1: number, v2: number): KubeObject =>
  virtualService('reviews', ['reviews'], [{ route: [to('reviews', 'v1', v1), to('reviews', 'v2', v2)] }]);
const follow = (lab: Lab, passed: string[] = []) =>
  followLab(lab, cluster, { onChange: (e) => events.push(e), signal: stop.signal, passed });
const stepsSaid = () => events.flatMap((e) => (e.event === 'step' ? [`${e.step} ${e.state}`] : []));
const until = (state: string) =>
  vi.waitFor(() => expect(stepsSaid()).toContain(state), { timeout: 30_000, interval: 2 });
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('an answer is judged when it is given, right or wrong, in any step', async () => {
  const question: CheckDeclaration = {
    id: 'pregunta',
    title: '',
    line: 1,
    type: 'respuesta',
    pattern: { question: '¿Cuántos?', number: { value: 15, tolerance: 0 } },
  };
  let typed: string | undefined;
  const follower = await followLab(labOf(['valor', valueCheck], ['pregunta', question]), cluster, {
    onChange: (e) => events.push(e),
    signal: stop.signal,
    answerOf: (step) => (step === 'pregunta' ? typed : undefined),
  });
  expect(stepsSaid()).toEqual([]);
  for (const [answer, state] of [
    ['53', 'incorrecto'],
    ['15', 'correcto'],
    ['14', 'incorrecto'],
  ] as const) {
    typed = answer;
    follower.answered();
    await until(`pregunta ${state}`);
    events = [];
  }
});

test('a resource check turns green within 100 ms of its event', async () => {
  await follow(labOf(['uno', valueCheck]));
  cluster.put(configMap('no'));
  await until('uno incorrecto');
  const begun = performance.now();
  cluster.put(configMap('si'));
  await until('uno correcto');
  expect(performance.now() - begun).toBeLessThan(100);
});

test('no traffic is sent while the rules cannot give what a step expects and nobody touches them', async () => {
  await follow(labOf(['noventa', splitCheck('s', { v1: 90, v2: 10 })]));
  for (let i = 0; i < 5; i++) {
    cluster.put(object('v1', 'Pod', `ajeno-${i}`, 'otro'));
    await pause(30);
  }
  await pause(200);
  expect(asked).toBe(0);
  expect(stepsSaid()).toEqual([]);
});

test('a canary goes green by itself, and the step before is superado', async () => {
  await follow(
    labOf(['noventa', splitCheck('a', { v1: 90, v2: 10 })], ['cincuenta', splitCheck('b', { v1: 50, v2: 50 })]),
  );
  share = 0.9;
  cluster.put(rules(90, 10));
  await until('noventa correcto');
  share = 0.5;
  cluster.put(rules(50, 50));
  await until('cincuenta correcto');
  expect(stepsSaid()).toContain('noventa superado');
  expect(stepsSaid()).not.toContain('noventa incorrecto');
  const after = asked;
  await pause(300);
  expect(asked).toBe(after);
});

test('wrong weights in the active step are said, with their cause', async () => {
  await follow(labOf(['noventa', splitCheck('a', { v1: 90, v2: 10 })]));
  share = 0.1;
  cluster.put(rules(10, 90));
  await until('noventa incorrecto');
  const verdict = events.flatMap((e) => (e.event === 'check' && e.verdict ? [e.verdict] : [])).at(-1);
  expect(verdict?.cause?.code).toBe('MALLA-REP-02');
});

test('a change during a measure starts it again: only the last configuration is judged', async () => {
  await follow(labOf(['noventa', splitCheck('a', { v1: 90, v2: 10 })]));
  share = 0.9;
  for (const weight of [50, 60, 70, 90]) {
    cluster.put(rules(weight, 100 - weight));
    await pause(70);
  }
  await until('noventa correcto');
  const running = events.filter((e) => e.event === 'check' && e.state === 'comprobando').length;
  expect(running).toBeLessThanOrEqual(4);
});

test('rules that come before the last ones could be measured leave their step superado, not wrong', {
  timeout: 90_000,
}, async () => {
  await follow(
    labOf(['noventa', splitCheck('a', { v1: 90, v2: 10 })], ['cincuenta', splitCheck('b', { v1: 50, v2: 50 })]),
  );
  share = 0.9;
  cluster.put(rules(90, 10));
  await vi.waitFor(() => expect(asked).toBeGreaterThan(0), { timeout: 30_000, interval: 1 });
  share = 0.5;
  cluster.put(rules(50, 50));
  await until('cincuenta correcto');
  await until('noventa superado');
});

test('a step that another program has seen right is never told as wrong', async () => {
  let written: string[] = [];
  await followLab(labOf(['uno', valueCheck], ['dos', valueCheck]), cluster, {
    onChange: (e) => events.push(e),
    signal: stop.signal,
    passedElsewhere: async () => written,
  });
  written = ['uno'];
  cluster.put(configMap('no'));
  await until('uno superado');
  expect(stepsSaid()).not.toContain('uno incorrecto');
});

test('what another program writes down is told without any change in the cluster', async () => {
  const follower = await followLab(labOf(['uno', valueCheck], ['dos', valueCheck]), cluster, {
    onChange: (e) => events.push(e),
    signal: stop.signal,
    passedElsewhere: async () => ['uno'],
  });
  await follower.progressed();
  expect(stepsSaid()).toEqual(['uno superado']);
});

test('a cluster that is lost is said once, and looked at again when it is back', async () => {
  await follow(labOf(['uno', valueCheck]));
  cluster.connection('lost');
  cluster.put(configMap('si'));
  await pause(60);
  expect(stepsSaid()).toEqual([]);
  cluster.connection('live');
  await until('uno correcto');
  expect(events.filter((e) => e.event === 'cluster')).toEqual([
    { event: 'cluster', state: 'lost' },
    { event: 'cluster', state: 'live' },
  ]);
});

test('asking verifies now and shows the failure', async () => {
  const follower = await follow(labOf(['uno', valueCheck], ['dos', valueCheck]));
  const verdicts = await follower.verify('dos');
  expect(verdicts.map((v) => v.cause?.code)).toEqual(['MALLA-OBJ-01']);
  expect(stepsSaid()).toEqual(['dos incorrecto']);
  expect(await follower.verify('no-existe')).toEqual([]);
});

test('nothing is said after the signal', async () => {
  await follow(labOf(['uno', valueCheck]));
  stop.abort();
  cluster.put(configMap('si'));
  await pause(60);
  expect(events).toEqual([]);
});
