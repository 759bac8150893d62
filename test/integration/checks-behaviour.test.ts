// Checks of faults, sessions and latencies against a small HTTP server that does what a mesh would.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusterOf } from '../../src/checks/objects-client.fixture.ts';
import { verifyCheck } from '../../src/checks/verify.ts';
import { bookinfo, to, virtualService, type World } from '../../src/diagnosis/bookinfo.fixture.ts';
import type { CheckDeclaration } from '../../src/labs/lab.ts';

const signal = new AbortController().signal;
const path = '/api/v1/products/0/ratings';
let server: Server;
let entry: string;
/** The access log of productpage's proxy. */
let log: string[];
let mesh: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

beforeEach(async () => {
  log = [];
  server = createServer((request, response) => void mesh(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  entry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const jason = { path: '/login?username=jason', method: 'POST' as const, headers: {} };
const abortForJason: CheckDeclaration = {
  id: 'jason',
  title: '',
  line: 1,
  type: 'http',
  pattern: {
    path,
    method: 'GET',
    headers: {},
    status: 500,
    contains: [],
    session: jason,
    about: 'ratings',
    contrast: { headers: {}, session: false, status: 200 },
    flag: { namespace: 'default', selector: 'app=productpage', flags: 'FI' },
  },
};
const slow = (minimum: number, maximum: number): CheckDeclaration => ({
  id: 'lenta',
  title: '',
  line: 1,
  type: 'latencia',
  pattern: { path, headers: {}, status: 200, quantile: 0.5, minimum, maximum, about: 'ratings' },
});
const ratings = (...http: unknown[]): World => bookinfo().add(virtualService('ratings', ['ratings'], http));
const route = { route: [to('ratings')] };
const onlyJason = { match: [{ headers: { 'end-user': { exact: 'jason' } } }] };
const abort = { fault: { abort: { httpStatus: 500, percentage: { value: 100 } } } };

function verify(check: CheckDeclaration, { objects }: World, patience = 300) {
  const cluster = clusterOf(objects, entry, patience);
  const client = { ...cluster.client, raw: async (p: string) => (p.includes('/log?') ? log.join('\n') : {}) };
  return verifyCheck(check, { cluster: { ...cluster, client }, signal });
}

/** productpage behind a gateway that gives requests ids of its own. */
function application(fails: (user: string | undefined) => boolean): typeof mesh {
  return (request, response) => {
    if (request.url?.startsWith('/login')) {
      const known = request.headers.referer !== undefined;
      response.writeHead(known ? 302 : 500, known ? { 'set-cookie': 'session=jason; HttpOnly; Path=/' } : {});
      return void response.end();
    }
    const user = /session=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    const failed = fails(user);
    const flag = failed ? '500 FI fault_filter_abort' : '200 - via_upstream';
    log.push(
      `[2026-11-21T04:48:21.954Z] "GET /ratings/0 HTTP/1.1" ${flag} - "-" 0 18 0 - "-" "${request.headers['user-agent']}" "25481170-3fec-95aa-a091-a19babb13f98" "ratings:9080" "-"`,
    );
    response.statusCode = failed ? 500 : 200;
    response.end('{"ratings": {}}');
  };
}

test('a fault for one user is correcto when the others do without it and the proxy says that it made it', async () => {
  mesh = application((user) => user === 'jason');
  const verdict = await verify(abortForJason, ratings({ ...onlyJason, ...abort, ...route }, route));
  expect(verdict).toMatchObject({ state: 'correcto', evidence: { requests: 2 } });
});

test('a fault for everybody is told from one for jason by the request outside the rule', async () => {
  mesh = application(() => true);
  const verdict = await verify(abortForJason, ratings({ ...abort, ...route }));
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-RUT-25' } });
  expect(verdict.observed).toContain('fuera de la regla, responde 500');
});

test('a 500 of the application itself is not taken for an injected one', async () => {
  mesh = application((user) => user === 'jason');
  const honest = mesh;
  mesh = (request, response) => {
    void honest(request, response);
    log = log.map((line) => line.replace('500 FI fault_filter_abort', '500 - via_upstream'));
  };
  const verdict = await verify(abortForJason, ratings({ ...onlyJason, ...abort, ...route }, route));
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-FAL-08' } });
});

test('a rule that is stored and on its way is waited for', async () => {
  const begun = performance.now();
  mesh = application((user) => user === 'jason' && performance.now() - begun > 600);
  const verdict = await verify(abortForJason, ratings({ ...onlyJason, ...abort, ...route }, route), 5_000);
  expect(verdict.state).toBe('correcto');
});

test('a mistake that is stored is told without waiting', async () => {
  mesh = application(() => false);
  const verdict = await verify(abortForJason, ratings(route, { ...onlyJason, ...abort, ...route }), 60_000);
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-RUT-09' } });
  expect(verdict.milliseconds).toBeLessThan(10_000);
});

test('a latency within its ends is correcto, with the bound of its error and the interval of the quantile', async () => {
  mesh = async (_request, response) => {
    await sleep(200);
    response.end();
  };
  const { state, evidence } = await verify(slow(150, 2_000), ratings(route));
  expect(state).toBe('correcto');
  expect(evidence.errorBound).toBeLessThanOrEqual(1e-3);
  expect(evidence.quantileMilliseconds).toMatchObject({ quantile: 0.5 });
  expect(evidence.quantileMilliseconds?.low).toBeGreaterThanOrEqual(150);
});

test('a delay that is not injected is incorrecto, with its rule', async () => {
  mesh = (_request, response) => void response.end();
  const delay = { fault: { delay: { fixedDelay: '2s' } } };
  const verdict = await verify(slow(2_000, 3_000), ratings({ ...delay, ...route }));
  expect(verdict).toMatchObject({
    state: 'incorrecto',
    cause: { code: 'MALLA-FAL-02', at: { name: 'ratings', path: 'spec.http[0].fault.delay' } },
  });
});

test('answers of another status are not timed', async () => {
  mesh = (_request, response) => {
    response.statusCode = 504;
    response.end('upstream request timeout');
  };
  const verdict = await verify(slow(1, 3_000), ratings({ ...route, timeout: '1ms' }));
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-TIE-05' } });
  expect(verdict.observed).toContain('10 × 504');
});
