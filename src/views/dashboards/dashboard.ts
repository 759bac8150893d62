// A dashboard as data: charts over one span of time.
import type { TrafficSource } from '../metrics/traffic-source.ts';

export type DashboardKind = 'malla' | 'servicio' | 'programa';

export interface DashboardQuestion {
  kind: DashboardKind;
  /** Of the service or workload; ignored for the mesh. */
  namespace?: string;
  name?: string;
  minutes: number;
}

export interface Dashboard {
  /** Where the figures come from, or why there is nothing to chart. */
  traffic: TrafficSource;
  /** Seconds since the epoch. */
  from: number;
  to: number;
  charts: Chart[];
  /** What there is to look at. */
  services: { namespace: string; name: string }[];
  workloads: { namespace: string; name: string }[];
}

export interface Chart {
  id: string;
  title: string;
  unit: 'peticiones/s' | '%' | 'ms' | 'bytes/s';
  /** The query of each series, to be tried in Prometheus itself. */
  series: { title: string; query: string; points: readonly (readonly [number, number])[] }[];
}
