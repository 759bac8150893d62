import { expect, test } from 'vitest';
import type { KubeClient } from '../../cluster/contract.ts';
import type { JaegerSpan, JaegerTrace } from '../../cluster/jaeger.ts';
import { readTraces, summaryOf, treeOf } from './read-traces.ts';

function span(spanID: string, parent: string, start: number, extra: Partial<JaegerSpan> = {}): JaegerSpan {
  return {
    traceID: 't',
    spanID,
    operationName: `op-${spanID}`,
    references: parent ? [{ refType: 'CHILD_OF', spanID: parent }] : [],
    startTime: 1_000_000 + start,
    duration: 5_000,
    processID: 'p1',
    ...extra,
  };
}

const processes = { p1: { serviceName: 'productpage.default' }, p2: { serviceName: 'reviews.default' } };
const trace: JaegerTrace = {
  traceID: 't',
  processes,
  spans: [
    span('c', 'b', 2000, {
      processID: 'p2',
      tags: [
        { key: 'http.status_code', value: 503 },
        { key: 'span.kind', value: 'server' },
      ],
    }),
    span('a', 'not-here', 0, { duration: 10_000 }),
    span('d', 'a', 7000),
    span('b', 'a', 1000, {
      tags: [
        { key: 'response_flags', value: 'UF' },
        { key: 'span.kind', value: 'client' },
      ],
    }),
  ],
};

test('spans go depth first, by their start', () => {
  expect(treeOf(trace).spans.map((s) => [s.id, s.depth])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
    ['d', 1],
  ]);
});

test('times are milliseconds from the start of the trace', () => {
  const { start, duration, spans } = treeOf(trace);
  expect([start, duration, spans[2]?.offset]).toEqual([1000, 12, 2]);
});

test('a span tells its side, status and flags', () => {
  const [, b, c] = treeOf(trace).spans;
  expect(b).toMatchObject({ side: 'cliente', flags: 'UF', error: false });
  expect(c).toMatchObject({ side: 'servidor', status: '503', error: true });
});

test('a trace is summed up by its first span', () => {
  expect(summaryOf(trace)).toMatchObject({
    operation: 'op-a',
    spans: 4,
    services: ['productpage.default', 'reviews.default'],
    errors: 1,
  });
});

test('spans in a circle are shown side by side', () => {
  const spans = [span('a', 'b', 0), span('b', 'a', 1)];
  expect(treeOf({ traceID: 't', processes, spans }).spans.map((s) => s.depth)).toEqual([0, 0]);
});

test('what Jaeger traces of itself is not shown', async () => {
  const asked: string[] = [];
  const client = {
    get: async () => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'tracing' } }),
    raw: async (path: string) => {
      asked.push(path);
      return { data: path.endsWith('/services') ? ['jaeger', 'jaeger-query', 'reviews.default'] : [] };
    },
  } as unknown as KubeClient;
  expect((await readTraces(client, { minutes: 15, limit: 5 })).services).toEqual(['reviews.default']);
  expect(asked.join()).not.toContain('service=jaeger');
});
