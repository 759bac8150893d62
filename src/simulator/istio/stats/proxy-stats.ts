// Counts what each proxy tells of its traffic, by Envoy's names: what /stats and /clusters of its admin page show.

import { createHistogram, type Histogram, observe, writeHistogram } from '../../histogram.ts';
import type { ProxyCounters } from '../../mesh-facts.ts';
import type { ProxyRecord } from '../../traffic.ts';
import { prometheusName } from './prometheus-name.ts';

export interface ProxyStats {
  /** A sink of telemetry. */
  record(record: ProxyRecord): void;
  counters(podUid: string): ProxyCounters;
  /** `upstream_rq_time` of each cluster whose statistic is kept, in the text format of Prometheus. */
  latencies(podUid: string, keeps: (statistic: string) => boolean): string;
  forget(podUid: string): void;
}

/** Names come from configurations and clients may cause any number of them. */
const MOST_NAMES = 20_000;

interface Counter {
  value: number;
}

interface PodStats {
  counters: Map<string, Counter>;
  /** Milliseconds until each answered request's answer began, by cluster. */
  latencies: Map<string, Histogram>;
  /** What a plain answered request counts, by cluster, endpoint and status: nearly all are alike. */
  usual: Map<string, readonly Counter[]>;
}

export function createProxyStats(): ProxyStats {
  const byPod = new Map<string, PodStats>();
  return {
    record(record) {
      const { uid } = record.pod.metadata;
      if (!uid || !record.cluster) return;
      let stats = byPod.get(uid);
      if (!stats) {
        stats = { counters: new Map(), latencies: new Map(), usual: new Map() };
        byPod.set(uid, stats);
      }
      if (record.upstreamTime !== undefined) time(stats.latencies, record.cluster, record.upstreamTime);
      if (isUsual(record)) countUsual(stats, record, record.cluster);
      else count(stats, record, record.cluster);
    },
    counters: (podUid) => new Map([...(byPod.get(podUid)?.counters ?? [])].map(([name, { value }]) => [name, value])),
    latencies(podUid, keeps) {
      const kept = [...(byPod.get(podUid)?.latencies ?? [])].filter(([cluster]) => keeps(timeOf(cluster)));
      if (kept.length === 0) return '';
      const written = kept.map(([cluster, histogram]) => {
        const { metric, labels } = prometheusName(timeOf(cluster));
        return writeHistogram(metric, labels, histogram);
      });
      return `# TYPE ${prometheusName(timeOf('-')).metric} histogram\n${written.join('')}`;
    },
    forget(podUid) {
      byPod.delete(podUid);
    },
  };
}

function timeOf(cluster: string): string {
  return `cluster.${cluster};.upstream_rq_time`;
}

/** Names come from configurations. */
const MOST_CLUSTERS = 1_000;

function time(latencies: PodStats['latencies'], cluster: string, milliseconds: number): void {
  let histogram = latencies.get(cluster);
  if (!histogram) {
    if (latencies.size >= MOST_CLUSTERS) return;
    histogram = createHistogram();
    latencies.set(cluster, histogram);
  }
  observe(histogram, milliseconds);
}

function isUsual(record: ProxyRecord): boolean {
  return (
    record.protocol !== 'tcp' &&
    record.flags.length === 0 &&
    record.status > 0 &&
    record.upstreamTime !== undefined &&
    attemptsOf(record) === 1
  );
}

function countUsual(stats: PodStats, record: ProxyRecord, cluster: string): void {
  const key = `${cluster} ${record.upstreamHost} ${record.status}`;
  const touched = stats.usual.get(key);
  if (!touched) {
    const found: Counter[] = [];
    count(stats, record, cluster, (counter) => found.push(counter));
    // The first one was counted just now.
    if (stats.usual.size < MOST_NAMES) stats.usual.set(key, found);
    return;
  }
  for (const counter of touched) counter.value += 1;
}

function count(
  { counters }: PodStats,
  record: ProxyRecord,
  cluster: string,
  touch: (counter: Counter) => void = () => {},
): void {
  const add = (name: string, amount = 1) => {
    const key = `cluster.${cluster};.${name}`;
    let counter = counters.get(key);
    if (!counter) {
      if (counters.size >= MOST_NAMES) return;
      counter = { value: 0 };
      counters.set(key, counter);
    }
    counter.value += amount;
    touch(counter);
  };
  if (record.protocol === 'tcp') {
    add('upstream_cx_total');
    add('upstream_cx_rx_bytes_total', record.bytesSent);
    add('upstream_cx_tx_bytes_total', record.bytesReceived);
    return;
  }
  const flags = new Set(record.flags);
  const attempts = attemptsOf(record);
  if (flags.has('UH')) {
    add('upstream_cx_none_healthy');
    return;
  }
  // What the proxy answered before it chose a cluster's endpoint: a fault, a missing route.
  if (flags.has('FI') || flags.has('NR') || flags.has('NC')) return;
  if (flags.has('UO')) add('upstream_rq_pending_overflow');
  const sent = flags.has('UO') ? attempts - 1 : attempts;
  if (sent > 0) add('upstream_rq_total', sent);
  if (attempts > 1) add('upstream_rq_retry', attempts - 1);
  if (attempts > 1 && record.status < 500 && record.status > 0) add('upstream_rq_retry_success');
  if (flags.has('URX')) add('upstream_rq_retry_limit_exceeded');
  if (flags.has('UT')) add('upstream_rq_timeout');
  if (flags.has('UF')) add('upstream_cx_connect_fail');
  if (flags.has('UC')) add('upstream_cx_destroy_remote_with_active_rq');
  if (record.status > 0) codes(record, add);
  const host = record.upstreamHost && !flags.has('UO') ? `host.${record.upstreamHost}.` : undefined;
  if (host) hostCounters(record, flags, (name) => add(host + name));
}

function codes({ status, upstreamTime }: ProxyRecord, add: (name: string) => void): void {
  add('upstream_rq_completed');
  add(`upstream_rq_${status}`);
  add(`upstream_rq_${Math.floor(status / 100)}xx`);
  if (upstreamTime === undefined) return;
  add(`external.upstream_rq_${status}`);
  add(`external.upstream_rq_${Math.floor(status / 100)}xx`);
  add('external.upstream_rq_completed');
}

function hostCounters(record: ProxyRecord, flags: ReadonlySet<string>, add: (name: string) => void): void {
  add('rq_total');
  if (flags.has('UT')) add('rq_timeout');
  if (flags.has('UF')) add('cx_connect_fail');
  if (record.status >= 500 || record.status === 0) add('rq_error');
  else add('rq_success');
}

/** The number of the last try, which every request upstream carries. */
function attemptsOf(record: ProxyRecord): number {
  const count = Number(record.request?.headers['x-envoy-attempt-count'] ?? 1);
  return record.reporter === 'source' && Number.isInteger(count) && count > 0 && count < 1000 ? count : 1;
}
