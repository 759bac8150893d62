// Scrapes the targets of a configuration at their interval, as long as it runs.
import { type LabelPair, Labels, METRIC_NAME } from '../../../promql/labels.ts';
import { STALE } from '../../../promql/storage.ts';
import type { Clock, HttpReply, HttpRequest, Registry } from '../../contract.ts';
import { discover, type Target } from './discovery.ts';
import { readExposition, readSeriesName } from './exposition-format.ts';
import type { TargetLabels } from './relabel.ts';
import type { ScrapeConfig, ScrapeJob } from './scrape-config.ts';
import type { SeriesStore, StoredSeries } from './series-store.ts';

export interface ScraperOptions {
  clock: Clock;
  cluster: Pick<Registry, 'get' | 'list'>;
  store: SeriesStore;
  /** Asked before each round, so that a changed configuration is obeyed. */
  config(): ScrapeConfig;
  fetch(request: HttpRequest, timeout: number): Promise<HttpReply>;
  /** Milliseconds for which samples are kept. */
  /** Milliseconds until the first scrape; at once when undefined. */
  firstAfter?: number;
  retention: number;
}

export interface ScrapedTarget extends Target {
  /** Undefined: not yet scraped. */
  last?: { time: number; milliseconds: number; error?: string };
}

export interface Scraper {
  targets(): { active: ScrapedTarget[]; dropped: TargetLabels[] };
  /** Type and help of each metric family seen. */
  metadata(): ReadonlyMap<string, { type: string; help: string }>;
  stop(): void;
}

const TIMEOUT = 10_000;
const MOST_SAMPLES = 50_000;
const MOST_FAMILIES = 5_000;

export function startScraper(options: ScraperOptions): Scraper {
  const { clock, store } = options;
  const running = new Map<string, Round>();
  const metadata = new Map<string, { type: string; help: string }>();
  let stopped = false;
  let cancel = () => {};
  if (options.firstAfter === undefined) round();
  else cancel = options.clock.after(options.firstAfter, round);

  return {
    targets() {
      const rounds = [...running.values()];
      return {
        active: rounds.flatMap((r) => [...r.targets.values()].map((t) => t.target)),
        dropped: rounds.flatMap((r) => r.dropped),
      };
    },
    metadata: () => metadata,
    stop() {
      stopped = true;
      cancel();
    },
  };

  /** One timer for all jobs: it fires at the shortest interval, and each job goes when its own has passed. */
  function round(): void {
    if (stopped) return;
    const config = options.config();
    const now = clock.now();
    const names = new Set(config.jobs.map(({ name }) => name));
    for (const name of running.keys()) if (!names.has(name)) running.delete(name);
    for (const job of config.jobs) {
      const known = running.get(job.name) ?? { due: 0, targets: new Map(), dropped: [] };
      running.set(job.name, known);
      if (now < known.due) continue;
      known.due = now + job.interval - EARLY;
      scrapeJob(job, known, now);
    }
    store.forgetBefore(now - options.retention);
    const shortest = Math.min(...config.jobs.map(({ interval }) => interval), config.interval);
    cancel = clock.after(shortest, round);
  }

  function scrapeJob(job: ScrapeJob, round: Round, now: number): void {
    const { active, dropped } = discover(job, options.cluster);
    round.dropped = dropped;
    const present = new Set<string>();
    for (const target of active) {
      const key = `${target.address}${target.path}\n${[...target.labels].join('\n')}`;
      present.add(key);
      const known = round.targets.get(key) ?? new TargetSeries(store, target);
      known.target = { ...target, ...(known.target.last && { last: known.target.last }) };
      round.targets.set(key, known);
      void scrape(known, now);
    }
    for (const [key, gone] of round.targets) {
      if (present.has(key)) continue;
      gone.end(now);
      round.targets.delete(key);
    }
  }

  async function scrape(series: TargetSeries, time: number): Promise<void> {
    const { target } = series;
    const request = { method: 'GET', path: target.path, authority: target.address, headers: SCRAPE_HEADERS };
    let error: string | undefined;
    let text = '';
    try {
      const reply = await options.fetch({ ...request, headers: { ...SCRAPE_HEADERS } }, TIMEOUT);
      if (reply.status === 200) text = typeof reply.body === 'string' ? reply.body : Buffer.from(reply.body).toString();
      else error = `server returned HTTP status ${reply.status}`;
    } catch (failure) {
      error = `Get "http://${target.address}${target.path}": ${failure instanceof Error ? failure.message : failure}`;
    }
    if (stopped) return;
    const milliseconds = clock.now() - time;
    series.target.last = { time, milliseconds, ...(error && { error }) };
    const exposition = readExposition(text, MOST_SAMPLES);
    for (const [name, type] of exposition.types) {
      if (metadata.size < MOST_FAMILIES) metadata.set(name, { type, help: exposition.helps.get(name) ?? '' });
    }
    series.append(time, exposition.samples, { up: error === undefined, milliseconds });
  }
}

/** A timer may fire a little early. */
const EARLY = 20;
const SCRAPE_HEADERS: Record<string, string> = {
  accept: 'text/plain;version=0.0.4;q=0.3,*/*;q=0.1',
  'user-agent': 'Prometheus/3.10.0',
};

interface Round {
  due: number;
  targets: Map<string, TargetSeries>;
  dropped: TargetLabels[];
}

/** The series of one target, found again by their line without reading its labels. */
class TargetSeries {
  target: ScrapedTarget;
  readonly #store: SeriesStore;
  #byLine = new Map<string, { series: StoredSeries; seen: number }>();
  #scrapes = 0;

  constructor(store: SeriesStore, target: ScrapedTarget) {
    this.#store = store;
    this.target = target;
  }

  append(
    time: number,
    samples: readonly [string, number][],
    { up, milliseconds }: { up: boolean; milliseconds: number },
  ): void {
    this.#scrapes++;
    let added = 0;
    for (const [line, value] of samples) {
      const known = this.#byLine.get(line);
      if (known) {
        known.seen = this.#scrapes;
        known.series.append(time, value);
        continue;
      }
      const series = this.#find(line);
      if (!series) continue;
      added++;
      this.#byLine.set(line, { series, seen: this.#scrapes });
      series.append(time, value);
    }
    this.#markGone(time);
    const own: [string, number][] = [
      ['up', up ? 1 : 0],
      ['scrape_duration_seconds', milliseconds / 1000],
      ['scrape_samples_scraped', samples.length],
      ['scrape_samples_post_metric_relabeling', samples.length],
      ['scrape_series_added', added],
    ];
    for (const [name, value] of own)
      this.#store.series(this.#labelled(Labels.of([[METRIC_NAME, name]])))?.append(time, value);
  }

  /** The target is no more. */
  end(time: number): void {
    this.#scrapes++;
    this.#markGone(time);
    for (const name of OWN_SERIES) {
      this.#store.series(this.#labelled(Labels.of([[METRIC_NAME, name]])))?.append(time, STALE);
    }
  }

  #markGone(time: number): void {
    for (const [line, { series, seen }] of this.#byLine) {
      if (seen === this.#scrapes) continue;
      series.append(time, STALE);
      this.#byLine.delete(line);
    }
  }

  #find(line: string): StoredSeries | undefined {
    const labels = readSeriesName(line);
    return labels && this.#store.series(this.#labelled(labels));
  }

  /** The target's labels win; those of the program stay beside them as `exported_…` unless the job honours them. */
  #labelled(own: Labels): Labels {
    const { labels, job } = this.target;
    const pairs: LabelPair[] = own.pairs.map(([name, value]) => {
      const clash = labels.has(name) && !job.honorLabels;
      return [clash ? `exported_${name}` : name, value];
    });
    const names = new Set(pairs.map(([name]) => name));
    return Labels.of([...pairs, ...[...labels].filter(([name]) => !names.has(name))]);
  }
}

const OWN_SERIES = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
];
