import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { createQueryEngine } from '../../../promql/query.ts';
import type { Clock, HttpReply } from '../../contract.ts';
import { readScrapeConfig } from './scrape-config.ts';
import { startScraper } from './scraper.ts';
import { createSeriesStore } from './series-store.ts';

const CONFIG = `
global: {scrape_interval: 15s}
scrape_configs:
  - job_name: pods
    honor_labels: false
    kubernetes_sd_configs: [{role: pod}]
    relabel_configs:
      - {action: keep, source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], regex: true}
      - {action: labelmap, regex: __meta_kubernetes_pod_label_(.+)}
      - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
  - job_name: elsewhere
    scheme: https
    static_configs: [{targets: ["10.0.0.9:443"]}]
`;

function pod(name: string, address: string, scrape = 'true'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name }, annotations: { 'prometheus.io/scrape': scrape } },
    spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] },
    status: { podIP: address, phase: 'Running' },
  };
}

function bench(pages: Record<string, () => string>, firstAfter?: number) {
  let now = 1_000_000;
  let timers: { at: number; action: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after(milliseconds, action) {
      const timer = { at: now + milliseconds, action };
      timers.push(timer);
      return () => {
        timers = timers.filter((t) => t !== timer);
      };
    },
  };
  const pods = [pod('a', '10.0.0.1'), pod('b', '10.0.0.2'), pod('quiet', '10.0.0.3', 'false')];
  const store = createSeriesStore({ mostSeries: 1_000, mostSamples: 100 });
  const asked: string[] = [];
  const config = readScrapeConfig(CONFIG);
  if (!config) throw new Error('no configuration');
  const scraper = startScraper({
    clock,
    store,
    cluster: { get: () => undefined, list: (resource) => (resource === 'pods' ? pods : []) },
    config: () => config,
    async fetch({ authority, path }): Promise<HttpReply> {
      asked.push(`${authority}${path}`);
      const body = pages[authority];
      if (!body) throw new Error('connect: connection refused');
      return { status: 200, headers: {}, body: body() };
    },
    retention: 3_600_000,
    ...(firstAfter === undefined ? {} : { firstAfter }),
  });
  const engine = createQueryEngine({ storage: store, now: () => 0 });
  return {
    scraper,
    pods,
    asked,
    async pass(milliseconds: number) {
      now += milliseconds;
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers = timers.filter((t) => t !== timer);
        timer.action();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
    ask(query: string) {
      const result = engine.instant(query, now);
      if (result.type !== 'vector') throw new Error(result.type);
      return Object.fromEntries(result.samples.map(({ labels, value }) => [`${labels}`, value]));
    },
  };
}

test('scrapes the pods that say so, at their interval, and tells which are up', async () => {
  const { asked, ask, pass } = bench({ '10.0.0.1:80': () => 'hits{app="own"} 5\n' });
  await pass(0);
  expect(asked).toEqual(['10.0.0.1:80/metrics', '10.0.0.2:80/metrics']);
  expect(ask('hits')).toEqual({ 'hits{app="a", exported_app="own", instance="10.0.0.1:80", job="pods", pod="a"}': 5 });
  expect(ask('sum by (pod) (up)')).toEqual({ '{pod="a"}': 1, '{pod="b"}': 0 });
  await pass(15_000);
  expect(asked).toHaveLength(4);
});

test('a series that a page no longer has is gone at once, and so are those of a pod that is no more', async () => {
  let page = 'hits 5\nmore 1\n';
  const { pods, ask, pass } = bench({ '10.0.0.1:80': () => page });
  await pass(0);
  page = 'hits 6\n';
  await pass(15_000);
  expect(Object.values(ask('hits'))).toEqual([6]);
  expect(ask('more')).toEqual({});
  pods.splice(0, 2);
  await pass(15_000);
  expect(ask('hits')).toEqual({});
  expect(ask('up')).toEqual({});
});

test('tells its targets with their errors, and those that it dropped', async () => {
  const { scraper, pass } = bench({ '10.0.0.1:80': () => 'hits 5\n' });
  await pass(0);
  const { active, dropped } = scraper.targets();
  expect(active.map(({ address, last }) => [address, last?.error])).toEqual([
    ['10.0.0.1:80', undefined],
    ['10.0.0.2:80', 'Get "http://10.0.0.2:80/metrics": connect: connection refused'],
  ]);
  expect(dropped).toHaveLength(2);
});

test('asks nobody once it is stopped', async () => {
  const { scraper, asked, pass } = bench({});
  await pass(0);
  scraper.stop();
  await pass(60_000);
  expect(asked).toHaveLength(2);
});

test('a text that is no YAML is no configuration', () => {
  expect(readScrapeConfig('a: [')).toBeUndefined();
  expect(readScrapeConfig('just text')?.jobs).toEqual([]);
});

test('the first scrape may wait until the network is there', async () => {
  const { asked, pass } = bench({ '10.0.0.1:80': () => 'up 1\n' }, 300);
  expect(asked).toEqual([]);
  await pass(300);
  expect(asked).toContain('10.0.0.1:80/metrics');
});
