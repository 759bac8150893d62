// Our PromQL beside a real Prometheus, on the same samples.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryStorage } from '../../src/promql/fixtures/memory-storage.ts';
import { createQueryEngine, type QueryEngine } from '../../src/promql/query.ts';
import { answerApi } from '../../src/simulator/telemetry/prometheus/http-api.ts';
import { expressions, wrong } from './support/prometheus/expressions.ts';
import { meshSamples } from './support/prometheus/mesh-samples.ts';
import { findPrometheus, type RealPrometheus, startPrometheus } from './support/prometheus/real-prometheus.ts';
import { remoteWrite } from './support/prometheus/remote-write.ts';

const program = findPrometheus();
const end = Math.floor(Date.now() / 15_000) * 15_000 - 30_000;

test.skipIf(program)(
  'SKIPPED: there is no real Prometheus 3; run scripts/real-prometheus.ts where apt may be used',
  () => {},
);

describe.skipIf(!program)('beside a real Prometheus', () => {
  let real: RealPrometheus;
  let engine: QueryEngine;

  beforeAll(async () => {
    real = await startPrometheus(program ?? '', 'global:\n  evaluation_interval: 1m\n');
    const series = meshSamples(end);
    await remoteWrite(real.url, series);
    engine = createQueryEngine({ storage: createMemoryStorage(series), now: () => performance.now() });
  });
  afterAll(() => real?.stop());

  const ours = (path: string, parameters: URLSearchParams): Answer => {
    const server = { engine, now: () => end } as Parameters<typeof answerApi>[0];
    return JSON.parse(String(answerApi(server, path, parameters).body));
  };
  const theirs = async (path: string, parameters: URLSearchParams): Promise<Answer> =>
    (await fetch(`${real.url}/api/v1/${path}?${parameters}`)).json() as Promise<Answer>;

  test.each(expressions)('%s', async (query) => {
    for (const back of [0, 754_321, 3_300_000]) {
      const parameters = new URLSearchParams({ query, time: String((end - back) / 1000) });
      const [own, other] = [ours('query', parameters), await theirs('query', parameters)];
      expect(other.status).toBe('success');
      expectAlike(own, other, /^(sort|topk|bottomk)/.test(query) && !query.includes(' by '));
    }
    const range = { query, start: String((end - 1_800_000) / 1000), end: String(end / 1000), step: '37' };
    expectAlike(
      ours('query_range', new URLSearchParams(range)),
      await theirs('query_range', new URLSearchParams(range)),
      false,
    );
  });

  test.each(wrong)('refuses %s with the same words', async (query) => {
    const parameters = new URLSearchParams({ query, time: String(end / 1000) });
    const [own, other] = [ours('query', parameters), await theirs('query', parameters)];
    expect({ status: own.status, errorType: own.errorType }).toEqual({
      status: other.status,
      errorType: other.errorType,
    });
    expect(comparable(own.error)).toBe(comparable(other.error));
  });
});

interface Answer {
  status: string;
  errorType?: string;
  error?: string;
  data?: { resultType: string; result: unknown };
}

interface SeriesData {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}

/** Positions and the order of the two series that clash may differ. */
function comparable(error: string | undefined): string | undefined {
  return error
    ?.replace(/\d+:\d+: /, '')
    .replace(/operation: \[.*\];/, 'operation: […];')
    .replace(/match group \{.*?\}/, 'match group {…}');
}

function expectAlike(own: Answer, other: Answer, ordered: boolean): void {
  expect({ status: own.status, error: own.error }).toEqual({ status: other.status, error: other.error });
  expect(own.data?.resultType).toBe(other.data?.resultType);
  const [left, right] = [seriesOf(own, ordered), seriesOf(other, ordered)];
  expect(left.map(([name]) => name)).toEqual(right.map(([name]) => name));
  left.forEach(([name, points], index) => {
    const [, expected = []] = right[index] ?? [];
    expect(points.map(([time]) => time)).toEqual(expected.map(([time]) => time));
    points.forEach(([time, value], i) => {
      if (!close(Number(goNumber(value)), Number(goNumber(expected[i]?.[1] ?? '')))) {
        expect.fail(`${name} at ${time}: ours is ${value}, Prometheus has ${expected[i]?.[1]}`);
      }
    });
  });
}

function seriesOf({ data }: Answer, ordered: boolean): [string, [number, string][]][] {
  if (data?.resultType === 'scalar' || data?.resultType === 'string') return [['', [data.result as [number, string]]]];
  const series = ((data?.result ?? []) as SeriesData[]).map(
    ({ metric, value, values }): [string, [number, string][]] => [
      JSON.stringify(Object.entries(metric).sort()),
      values ?? (value ? [value] : []),
    ],
  );
  return ordered ? series : series.sort(([a], [b]) => (a < b ? -1 : 1));
}

const goNumber = (text: string): string => text.replace('Inf', 'Infinity');

function close(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) || Math.abs(a - b) < 1e-12;
}
