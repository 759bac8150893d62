// An hour of a mesh's metrics, the same each time but for its end: counters with restarts, gaps and series that go.
import type { GivenSeries } from '../../../../src/promql/fixtures/memory-storage.ts';
import { STALE } from '../../../../src/promql/storage.ts';

const SCRAPE = 15_000;
const SCRAPES = 240;
const BOUNDS = ['0.5', '1', '5', '10', '25', '50', '100', '250', '500', '1000', '2500', '5000', '10000', '+Inf'];
const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];

/** `end` in milliseconds: the time of the newest scrape. */
export function meshSamples(end: number): GivenSeries[] {
  const random = generator(7);
  const series: GivenSeries[] = [];
  let target = 0;
  for (const service of SERVICES) {
    const versions = service === 'reviews' ? ['v1', 'v2', 'v3'] : ['v1'];
    for (const version of versions) {
      for (const reporter of ['source', 'destination']) {
        target++;
        const shape = { restart: target === 3 ? 120 : -1, gap: target === 5 ? 100 : -1, gone: target === 7 ? 200 : -1 };
        const times = Array.from(
          { length: SCRAPES },
          (_, i) => end - (SCRAPES - 1 - i) * SCRAPE + ((target * 1370) % 14_000) - 14_000,
        );
        const labels = labelsOf(service, version, reporter);
        for (const code of ['200', '404', '503']) {
          const rate = code === '200' ? 1 + random() * 8 : random() * 0.6;
          const own = { ...labels, response_code: code };
          series.push({
            labels: { __name__: 'istio_requests_total', ...own },
            samples: counter(times, rate, shape, random),
          });
        }
        const latencies = { ...labels, response_code: '200' };
        series.push(...histogram(latencies, times, shape, random));
        series.push({
          labels: { __name__: 'istio_tcp_sent_bytes_total', ...labels },
          samples: counter(times, 900, shape, random),
        });
        series.push({
          labels: { __name__: 'istio_tcp_received_bytes_total', ...labels },
          samples: counter(times, 300, shape, random),
        });
        const wave = times.map((t, i): [number, number] => [t, Math.sin(i / 9) * 20 + random() * 3 - 5]);
        series.push({ labels: { __name__: 'memory_delta', pod: `${service}-${version}`, reporter }, samples: wave });
      }
      const build = { __name__: 'istio_build', component: 'proxy', tag: version === 'v3' ? '1.29.0' : '1.30.3' };
      const steady = Array.from({ length: SCRAPES }, (_, i): [number, number] => [end - (SCRAPES - 1 - i) * SCRAPE, 1]);
      series.push({ labels: { ...build, pod: `${service}-${version}` }, samples: steady });
    }
  }
  return series;
}

function labelsOf(service: string, version: string, reporter: string): Record<string, string> {
  return {
    reporter,
    source_workload: service === 'productpage' ? 'istio-ingressgateway' : 'productpage-v1',
    source_workload_namespace: service === 'productpage' ? 'istio-system' : 'default',
    destination_workload: `${service}-${version}`,
    destination_workload_namespace: 'default',
    destination_service: `${service}.default.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: 'default',
    destination_principal: `spiffe://cluster.local/ns/default/sa/bookinfo-${service}`,
    request_protocol: 'http',
    connection_security_policy: reporter === 'source' ? 'unknown' : 'mutual_tls',
  };
}

interface Shape {
  /** Scrape at which the program starts again from nothing. */
  restart: number;
  /** First of ten scrapes that are missing. */
  gap: number;
  /** Scrape at which the series is gone. */
  gone: number;
}

function counter(times: readonly number[], rate: number, shape: Shape, random: () => number): [number, number][] {
  let value = Math.floor(random() * 50);
  return shaped(times, shape, (index) => {
    if (index === shape.restart) value = 0;
    value += Math.floor(rate * 15 * (0.5 + random()));
    return value;
  });
}

function histogram(
  labels: Record<string, string>,
  times: readonly number[],
  shape: Shape,
  random: () => number,
): GivenSeries[] {
  const share = BOUNDS.map(() => random() * random());
  const counts = BOUNDS.map(() => 0);
  const rows: number[][] = [];
  let sum = 0;
  const sums = shaped(times, shape, (index) => {
    if (index === shape.restart) {
      counts.fill(0);
      sum = 0;
    }
    share.forEach((s, i) => {
      const more = Math.floor(s * 12 * random());
      for (let j = i; j < counts.length; j++) counts[j] = (counts[j] ?? 0) + more;
      sum += more * 7.25;
    });
    rows.push([...counts]);
    return sum;
  });
  const name = 'istio_request_duration_milliseconds';
  const buckets = BOUNDS.map(
    (le, i): GivenSeries => ({
      labels: { __name__: `${name}_bucket`, ...labels, le },
      samples: sums.map(([time, value], row) => [time, value === STALE ? STALE : (rows[row]?.[i] ?? 0)]),
    }),
  );
  const total = buckets.at(-1)?.samples ?? [];
  return [
    ...buckets,
    { labels: { __name__: `${name}_sum`, ...labels }, samples: sums },
    { labels: { __name__: `${name}_count`, ...labels }, samples: total },
  ];
}

function shaped(times: readonly number[], { gap, gone }: Shape, next: (index: number) => number): [number, number][] {
  const samples: [number, number][] = [];
  for (const [index, time] of times.entries()) {
    if (index === gone) {
      samples.push([time, STALE]);
      break;
    }
    if (gap >= 0 && index >= gap && index < gap + 10) continue;
    samples.push([time, next(index)]);
  }
  return samples;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
