import { expect, test } from 'vitest';
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { findRecord } from './access-record.ts';
import { type CompareOptions, compareRequest } from './compare-request.ts';
import type { ExplainedRequest, ExplainQuestion } from './explained-request.ts';

const id = '3b1f0a52-6c1d-4f0e-9d55-0a1b2c3d4e5f';
/** The proxy has rewritten the first digit of the third group. */
const logged = '3b1f0a52-6c1d-9f0e-9d55-0a1b2c3d4e5f';
const textLine = (
  status = 200,
  flags = '-',
  host = '"10.244.1.7:9080"',
  cluster = 'outbound|9080|v2|reviews.default.svc.cluster.local',
) =>
  `[2026-11-21T10:00:00.000Z] "GET /reviews/0 HTTP/1.1" ${status} ${flags} via_upstream - "-" 0 379 12 11 "-" "curl/8.16.0" "${logged}" "reviews:9080" ${host} ${cluster} 10.244.1.5:1 10.96.0.1:9080 10.244.1.5:2 - default`;
const other = textLine().replace(logged, '00000000-0000-4000-8000-000000000000');

test('a line of text and one of JSON say the same of a request, whatever the version put before its id', () => {
  const record = {
    status: 200,
    flags: '-',
    upstream: '10.244.1.7:9080',
    cluster: 'outbound|9080|v2|reviews.default.svc.cluster.local',
  };
  const json = JSON.stringify({
    request_id: logged,
    response_code: 200,
    response_flags: '-',
    upstream_host: record.upstream,
    upstream_cluster: record.cluster,
  });
  expect(findRecord([other, textLine(), other], id)?.record).toEqual(record);
  expect(findRecord([json], id)?.record).toEqual(record);
  expect(findRecord([textLine().replace(' via_upstream - "-"', '')], id)?.record).toEqual(record);
});

test('a request that no upstream answered has none, and a line that is broken is passed over', () => {
  expect(findRecord([textLine(503, 'UH', '"-"', 'outbound|9080||x')], id)?.record).toEqual({
    status: 503,
    flags: 'UH',
    cluster: 'outbound|9080||x',
  });
  expect(findRecord([`{"request_id":"${logged}"`, `roto ${logged}`, other], id)).toBeUndefined();
});

const pod = (name: string, podIP: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'istio-proxy' }, { name: 'curl' }] },
  status: { podIP },
});
const objects = [pod('curl-1', '10.244.1.5'), pod('reviews-v2-x', '10.244.1.7')];
const question: ExplainQuestion = {
  client: 'sidecar/default/curl-1',
  host: 'reviews',
  port: 9080,
  method: 'GET',
  path: '/reviews/0',
  headers: { 'end-user': 'jason' },
};
const explained = (...to: string[]): ExplainedRequest => ({
  hops: [],
  outcome: '',
  status: 0,
  shares: to.map((name) => ({ to: name, count: 1 })),
  draws: 1,
  objects: {},
});

function compare(
  expected: ExplainedRequest,
  lines: string[],
  options: Partial<CompareOptions> & { q?: ExplainQuestion; fails?: Error } = {},
) {
  const ran: { container: string; command: readonly string[] }[] = [];
  const promise = compareRequest(options.q ?? question, expected, {
    client: {
      async exec(request) {
        if (options.fails) throw options.fails;
        ran.push(request);
        return { exitCode: 0, stdout: '200', stderr: '' };
      },
      raw: async () => `${lines.join('\n')}\n`,
    },
    objects,
    entry: 'http://127.0.0.1:8',
    send: async () => 200,
    newId: () => id,
    sleep: async () => {},
    ...options,
  });
  return { ran, promise };
}

test('a request from a pod is sent by the curl of its program, and agrees with what the log of its proxy says', async () => {
  const { ran, promise } = compare(explained('reviews-v1-x', 'reviews-v2-x'), [textLine()]);
  expect(await promise).toMatchObject({ status: 200, pod: 'reviews-v2-x', agrees: true, known: true });
  expect(ran[0]?.container).toBe('curl');
  expect(ran[0]?.command).toContain('end-user: jason');
  expect(ran[0]?.command.at(-1)).toBe('http://reviews:9080/reviews/0');
});

test('a request that went elsewhere does not agree', async () => {
  expect(await compare(explained('reviews-v1-x'), [textLine()]).promise).toMatchObject({
    agrees: false,
    pod: 'reviews-v2-x',
  });
  expect(await compare(explained('reviews-v1-x'), [textLine(503, 'UH', '"-"')]).promise).toMatchObject({
    agrees: false,
    flags: 'UH',
  });
});

test('a reply of the proxy itself agrees with one that was foreseen', async () => {
  expect(await compare(explained('respuesta 503'), [textLine(503, 'NR', '"-"', '-')]).promise).toMatchObject({
    agrees: true,
    status: 503,
  });
});

test('without an access log it is said that where it went is not known', async () => {
  expect(await compare(explained('reviews-v1-x'), [other]).promise).toEqual({
    status: 200,
    agrees: true,
    known: false,
  });
});

test('a gateway gives the request another id: its line is found by the user agent', () => {
  const line = textLine().replace(logged, '00000000-0000-9000-8000-000000000000').replace('curl/8.16.0', `malla/${id}`);
  expect(findRecord([other, line, other], id)).toMatchObject({ line, record: { upstream: '10.244.1.7:9080' } });
});

test('from a gateway it enters by the entry, and without one it is told why not', async () => {
  const q = { ...question, client: 'gateway/istio-system/gw' };
  expect((await compare(explained('reviews-v2-x'), [textLine()], { q }).promise).agrees).toBe(true);
  await expect(compare(explained(), [], { q, entry: undefined }).promise).rejects.toMatchObject({
    code: 'MALLA-VIS-08',
  });
});

test('a pod without curl is told, and a cluster that does not answer stays that', async () => {
  const refused = new ClusterError('invalid', 'executable file not found');
  await expect(compare(explained('x'), [], { fails: refused }).promise).rejects.toMatchObject({ code: 'MALLA-VIS-09' });
  const gone = new ClusterError('unreachable', 'x');
  await expect(compare(explained('x'), [], { fails: gone }).promise).rejects.toBe(gone);
});
