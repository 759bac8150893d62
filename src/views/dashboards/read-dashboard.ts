// A dashboard of the cluster now.
import type { KubeClient } from '../../cluster/contract.ts';
import { findMetrics, type Metrics } from '../../cluster/prometheus.ts';
import type { Chart, Dashboard, DashboardQuestion } from './dashboard.ts';
import { type ChartQueries, dashboardQueries } from './dashboard-queries.ts';

/** Points that a chart can show apart. */
const POINTS = 120;
/** Of Prometheus' addon, in seconds: closer points would repeat each other. */
const SCRAPE_INTERVAL = 15;
/** Lines that can still be told apart. */
const MOST_SERIES = 12;

/** `now` in seconds since the epoch. Rejects with ClusterError or CodedError. */
export async function readDashboard(client: KubeClient, question: DashboardQuestion, now: number): Promise<Dashboard> {
  const from = now - question.minutes * 60;
  const metrics = await findMetrics(client);
  if (!metrics) return { missing: true, from, to: now, charts: [], services: [], workloads: [] };
  const step = Math.max(SCRAPE_INTERVAL, Math.ceil((now - from) / POINTS));
  const [services, workloads, ...charts] = await Promise.all([
    names(metrics, 'destination_service_namespace', 'destination_service_name'),
    names(metrics, 'destination_workload_namespace', 'destination_workload'),
    ...dashboardQueries(question).map((chart) => readChart(metrics, chart, from, now, step)),
  ]);
  return { missing: false, from, to: now, charts, services, workloads };
}

async function readChart(
  metrics: Metrics,
  chart: ChartQueries,
  from: number,
  to: number,
  step: number,
): Promise<Chart> {
  const { id, title, unit, queries } = chart;
  const answers = queries.map(async ({ title, byLabel, query }) => {
    const series = await metrics.range(query, from, to, step);
    return series.map(({ labels, points }) => ({
      title: byLabel ? (labels[byLabel] ?? '?') : title,
      query,
      points,
    }));
  });
  const series = (await Promise.all(answers)).flat();
  // Percentiles keep their order; what is told apart by a label is led by what weighs most now.
  if (queries.length > 1) return { id, title, unit, series };
  series.sort((a, b) => last(b.points) - last(a.points));
  return { id, title, unit, series: series.slice(0, MOST_SERIES) };
}

async function names(
  metrics: Metrics,
  namespace: string,
  name: string,
): Promise<{ namespace: string; name: string }[]> {
  const samples = await metrics.query(`count by (${namespace}, ${name}) (istio_requests_total)`);
  return samples
    .map(({ labels }) => ({ namespace: labels[namespace] ?? '', name: labels[name] ?? '' }))
    .filter((known) => known.name !== '' && known.name !== 'unknown')
    .sort((a, b) => `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`));
}

function last(points: readonly (readonly [number, number])[]): number {
  return points.at(-1)?.[1] ?? 0;
}
