// How long a query over an hour of 200 series takes.
import { createMemoryStorage, type GivenSeries } from '../../src/promql/fixtures/memory-storage.ts';
import { createQueryEngine } from '../../src/promql/query.ts';
import { type Measure, quantile, round } from './measure.ts';

const SERIES = 200;
const SCRAPE = 15_000;
const HOUR = 3_600_000;
const GOAL = 50;
const REPEATS = 30;

const queries = {
  tasa: 'sum by (destination_service) (rate(istio_requests_total[1m]))',
  percentil: 'histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket[5m])))',
  subconsulta: 'max_over_time(sum(rate(istio_requests_total[1m]))[5m:30s])',
};

export function measurePromql(): Promise<Measure[]> {
  const storage = createMemoryStorage(hourOfSeries());
  const engine = createQueryEngine({ storage, now: () => performance.now() });
  const range = { start: 5 * 60_000, end: HOUR, step: SCRAPE };
  const measures = Object.entries(queries).map(([name, query]): Measure => {
    const times: number[] = [];
    let points = 0;
    for (let i = 0; i < REPEATS; i++) {
      const start = performance.now();
      points = engine.range(query, range).series.reduce((sum, { times: t }) => sum + t.length, 0);
      times.push(performance.now() - start);
    }
    if (points === 0) throw new Error(`${query} gives nothing`);
    const value = round(quantile(times, 0.5));
    return {
      name: `PromQL, 1 h de ${SERIES} series cada 15 s (${name}), mediana`,
      value,
      unit: 'ms',
      goal: { words: `≤ ${GOAL} ms`, reached: value <= GOAL },
      detail: { query, points, p99: round(quantile(times, 0.99)) },
    };
  });
  return Promise.resolve(measures);
}

function hourOfSeries(): GivenSeries[] {
  return ['istio_requests_total', 'istio_request_duration_milliseconds_bucket'].flatMap((name) =>
    Array.from({ length: SERIES }, (_, index) => ({
      labels: {
        __name__: name,
        destination_service: `s${index % 20}.default.svc.cluster.local`,
        pod: `p${Math.floor(index / 20)}`,
        ...(name.endsWith('_bucket') && { le: index % 20 === 19 ? '+Inf' : String(2 ** (index % 20)) }),
      },
      samples: Array.from({ length: HOUR / SCRAPE }, (__, i): [number, number] => [
        i * SCRAPE + ((index * 137) % 14_000),
        i * (1 + (index % 20)),
      ]),
    })),
  );
}
