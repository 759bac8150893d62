// Checks by traffic: the stored configuration is plain objects and the mesh is a small HTTP server, so that both can
// be made to disagree.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusterOf } from '../../src/checks/objects-client.fixture.ts';
import { verifyCheck } from '../../src/checks/verify.ts';
import { bookinfo, reviewsRule, to, virtualService, type World } from '../../src/diagnosis/bookinfo.fixture.ts';
import type { CheckDeclaration } from '../../src/labs/lab.ts';

const signal = new AbortController().signal;
const path = '/api/v1/products/0/reviews';
let server: Server;
let entry: string;
let asked = 0;
/** What traffic really does: the class that answers, or a status. */
let mesh: () => string | number;

beforeEach(async () => {
  asked = 0;
  server = createServer((_request, response) => {
    asked++;
    const answer = mesh();
    response.statusCode = typeof answer === 'number' ? answer : 200;
    response.end(typeof answer === 'number' ? '' : `{"podname": "reviews-${answer}-abc-12345"}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  entry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const split = (expected: Record<string, number>): CheckDeclaration => ({
  id: 'reparto',
  title: '',
  line: 1,
  type: 'reparto',
  pattern: { path, headers: {}, classes: { v1: 'reviews-v1-', v2: 'reviews-v2-', v3: 'reviews-v3-' }, expected },
});
const page = (status = 200): CheckDeclaration => ({
  id: 'pagina',
  title: '',
  line: 1,
  type: 'http',
  pattern: { path, method: 'GET', headers: {}, status, contains: [] },
});
const rules = (v1: number, v2: number): World =>
  bookinfo().add(
    reviewsRule(),
    virtualService('reviews', ['reviews'], [{ route: [to('reviews', 'v1', v1), to('reviews', 'v2', v2)] }]),
  );
const draw = (v1: number) => (): string => (Math.random() * 100 < v1 ? 'v1' : 'v2');
const verify = (check: CheckDeclaration, { objects }: World, patience = 300) =>
  verifyCheck(check, { cluster: clusterOf(objects, entry, patience), signal });

test('rules and traffic that agree with the check are correcto, with the error bound', async () => {
  mesh = draw(90);
  const verdict = await verify(split({ v1: 90, v2: 10 }), rules(90, 10));
  expect(verdict.state).toBe('correcto');
  expect(verdict.evidence.errorBound).toBeLessThanOrEqual(1e-3);
  // Those in flight when it was decided are not counted.
  expect(verdict.evidence.requests).toBeLessThanOrEqual(asked);
});

test('wrong rules are incorrecto at once, without waiting for them to be in force', async () => {
  mesh = draw(10);
  const verdict = await verify(split({ v1: 90, v2: 10 }), rules(10, 90), 60_000);
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-REP-02' } });
  expect(verdict.milliseconds).toBeLessThan(10_000);
});

test('right rules that are still on their way are waited for', async () => {
  const begun = performance.now();
  mesh = () => (performance.now() - begun < 400 ? 'v3' : draw(90)());
  expect((await verify(split({ v1: 90, v2: 10 }), rules(90, 10), 2_000)).state).toBe('correcto');
});

test('right rules that traffic never follows are no verificable', async () => {
  mesh = () => 'v3';
  const verdict = await verify(split({ v1: 90, v2: 10 }), rules(90, 10));
  expect(verdict).toMatchObject({ state: 'no verificable', cause: { code: 'MALLA-SAL-07' } });
});

test('traffic that is right only until the stored rules arrive is not correcto', async () => {
  const begun = performance.now();
  mesh = () => (performance.now() - begun < 300 ? draw(90)() : draw(50)());
  const verdict = await verify(split({ v1: 90, v2: 10 }), rules(50, 50), 3_000);
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-REP-01' } });
});

test('a status that comes later is waited for', async () => {
  mesh = () => (asked < 4 ? 503 : 'v1');
  expect((await verify(page(), bookinfo(), 2_000)).state).toBe('correcto');
});

test('503 with a subset that nobody defines names it', async () => {
  mesh = () => 503;
  const world = bookinfo().add(virtualService('reviews', ['reviews'], [{ route: [to('reviews', 'v1')] }]));
  expect(await verify(page(), world)).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-DES-01' } });
});

test('an entry where nothing listens and no Gateway is incorrecto', async () => {
  mesh = () => 'v1';
  await new Promise((resolve) => server.close(resolve));
  expect(await verify(page(), bookinfo().remove('Gateway'))).toMatchObject({
    state: 'incorrecto',
    cause: { code: 'MALLA-PAS-01' },
  });
});

test('with istiod down no traffic is sent and nothing is judged', async () => {
  mesh = draw(90);
  const verdict = await verify(split({ v1: 90, v2: 10 }), rules(90, 10).remove('Pod', 'istiod'));
  expect(verdict).toMatchObject({ state: 'no verificable', cause: { code: 'MALLA-SAL-03' } });
  expect(asked).toBe(0);
});

test('a workload whose image is gone makes failing traffic no verificable', async () => {
  mesh = () => 503;
  const world = rules(90, 10).set('Pod', 'reviews-v1-abc-12345', ['status'], {
    phase: 'Pending',
    containerStatuses: [{ name: 'reviews', state: { waiting: { reason: 'ImagePullBackOff' } } }],
  });
  expect(await verify(split({ v1: 90, v2: 10 }), world)).toMatchObject({
    state: 'no verificable',
    cause: { code: 'MALLA-SAL-05' },
  });
});

test('an aborted signal ends the verification', async () => {
  mesh = draw(90);
  const stop = new AbortController();
  const cluster = clusterOf(rules(90, 10).objects, entry);
  const running = verifyCheck(split({ v1: 91, v2: 9 }), { cluster, signal: stop.signal });
  setTimeout(() => stop.abort(), 20);
  await expect(running).rejects.toThrow();
});

test('a refusal that nothing stored explains is not believed from the connections of before', async () => {
  mesh = () => (asked <= 5 ? 403 : 'v1');
  const verdict = await verify(page(403), bookinfo());
  expect(verdict).toMatchObject({ state: 'incorrecto', observed: expect.stringContaining('200') });
  mesh = () => 403;
  expect((await verify(page(403), bookinfo())).state).toBe('correcto');
});

test('a failure that nothing stored explains, while pods come and go, is no verificable', async () => {
  mesh = () => 404;
  const world = bookinfo();
  const wrong = await verify({ ...page(), pattern: { ...page().pattern, path: '/health' } } as CheckDeclaration, world);
  expect(wrong.state).toBe('incorrecto');
  world.set(
    'Pod',
    'details-v1-abc-12345',
    ['metadata', 'creationTimestamp'],
    new Date(Date.now() + 60_000).toISOString(),
  );
  mesh = () => 'nobody';
  const text = { ...page(), pattern: { ...page().pattern, contains: ['glyphicon-star'] } } as CheckDeclaration;
  expect(await verify(text, world)).toMatchObject({
    state: 'no verificable',
    cause: { code: 'MALLA-SAL-13', message: expect.stringContaining('default/details-v1') },
  });
  world.set('Pod', 'details-v1-abc-12345', ['metadata', 'creationTimestamp'], '2026-11-21T10:00:00Z');
  expect(await verify(text, world)).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-RED-05' } });
});
