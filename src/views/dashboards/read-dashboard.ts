// A dashboard of the cluster now.
import type { KubeClient } from '../../cluster/contract.ts';
import { findMetrics, type Metrics } from '../../cluster/prometheus.ts';
import { nodeOfPod } from '../graph/workloads.ts';
import { destinationTitle, readClusterName, serviceOfHost } from '../metrics/envoy-cluster.ts';
import { trafficSource } from '../metrics/traffic-source.ts';
import type { ChartQueries } from './chart-queries.ts';
import type { Chart, Dashboard, DashboardQuestion } from './dashboard.ts';
import { dashboardQueries } from './dashboard-queries.ts';
import { envoyDashboardQueries } from './envoy-queries.ts';

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
  const traffic = metrics ? await trafficSource(metrics) : 'sin-metricas';
  if (!metrics || (traffic !== 'con-metricas' && traffic !== 'solo-envoy'))
    return { traffic, from, to: now, charts: [], services: [], workloads: [] };
  const step = Math.max(SCRAPE_INTERVAL, Math.ceil((now - from) / POINTS));
  const own = traffic === 'con-metricas';
  const [subjects, ...charts] = await Promise.all([
    own ? istioSubjects(metrics) : envoySubjects(metrics, client),
    ...(own ? dashboardQueries : envoyDashboardQueries)(question).map((chart) =>
      readChart(metrics, chart, from, now, step),
    ),
  ]);
  return { traffic, from, to: now, charts, ...subjects };
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
      title: byLabel ? titleOf(byLabel, labels[byLabel]) : title,
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

/** Envoy's name of a destination is for machines. */
function titleOf(label: string, value = '?'): string {
  return label === 'cluster_name' ? destinationTitle(value) : value;
}

type Subjects = Pick<Dashboard, 'services' | 'workloads'>;
type Name = Subjects['services'][number];

async function istioSubjects(metrics: Metrics): Promise<Subjects> {
  const names = async (namespace: string, name: string): Promise<Name[]> => {
    const samples = await metrics.query(`count by (${namespace}, ${name}) (istio_requests_total)`);
    return sorted(
      samples.map(({ labels }) => ({ namespace: labels[namespace] ?? '', name: labels[name] ?? '' })),
    ).filter((known) => known.name !== '' && known.name !== 'unknown');
  };
  const [services, workloads] = await Promise.all([
    names('destination_service_namespace', 'destination_service_name'),
    names('destination_workload_namespace', 'destination_workload'),
  ]);
  return { services, workloads };
}

/** Envoy counts by pod and cluster: the pods of now say which programs those are. */
async function envoySubjects(metrics: Metrics, client: KubeClient): Promise<Subjects> {
  const [counted, pods] = await Promise.all([
    metrics.query(
      'count by (namespace, pod, cluster_name) (envoy_cluster_upstream_rq_total{cluster_name=~"(outbound|inbound)[|].*"})',
    ),
    client.list({ apiVersion: 'v1', kind: 'Pod' }),
  ]);
  const services = counted.flatMap(({ labels }) => {
    const host = readClusterName(labels.cluster_name ?? '')?.host;
    return (host !== undefined && serviceOfHost(host)) || [];
  });
  const counting = new Set(counted.map(({ labels }) => `${labels.namespace}/${labels.pod}`));
  const workloads = pods.flatMap((pod) => {
    const { namespace, name } = pod.metadata;
    const node = counting.has(`${namespace}/${name}`) ? nodeOfPod(pod) : undefined;
    return node ? [{ namespace: node.namespace, name: node.workload }] : [];
  });
  return { services: sorted(services), workloads: sorted(workloads) };
}

/** Each once. */
function sorted(names: readonly Name[]): Name[] {
  const keyed = new Map(names.map((known) => [`${known.namespace}/${known.name}`, known]));
  return [...keyed].sort(([a], [b]) => a.localeCompare(b)).map(([, known]) => known);
}

function last(points: readonly (readonly [number, number])[]): number {
  return points.at(-1)?.[1] ?? 0;
}
