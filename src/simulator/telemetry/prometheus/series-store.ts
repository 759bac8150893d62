// Scraped samples in memory: typed arrays, the newest of each series, a limited number of series.
import type { Labels } from '../../../promql/labels.ts';
import { METRIC_NAME } from '../../../promql/labels.ts';
import { acceptsAll, type Matcher } from '../../../promql/matchers.ts';
import type { SampleRun, SampleStorage } from '../../../promql/storage.ts';

export interface SeriesStore extends SampleStorage {
  /** Undefined: there are too many series already. */
  series(labels: Labels): StoredSeries | undefined;
  /** Labels of the series that have a sample in the time given and that all matchers accept. */
  labels(matchers: readonly Matcher[], from: number, to: number): Labels[];
  /** Forgets what is older. */
  forgetBefore(time: number): void;
  readonly size: number;
}

export interface StoredSeries {
  readonly labels: Labels;
  /** Times must grow: a sample that is not newer than the last is dropped. */
  append(time: number, value: number): void;
}

export interface SeriesStoreOptions {
  mostSeries: number;
  /** Samples of one series. */
  mostSamples: number;
}

export function createSeriesStore({ mostSeries, mostSamples }: SeriesStoreOptions): SeriesStore {
  const byKey = new Map<string, Ring>();
  const byName = new Map<string, Map<string, Ring>>();

  function candidates(matchers: readonly Matcher[]): Iterable<Ring> {
    const name = matchers.find((m) => m.name === METRIC_NAME && m.operator === '=');
    return (name ? byName.get(name.value)?.values() : byKey.values()) ?? [];
  }

  function* accepted(matchers: readonly Matcher[], from: number, to: number): Generator<Ring> {
    const others = matchers.filter((m) => !(m.name === METRIC_NAME && m.operator === '='));
    const exact = matchers.filter((m) => m.name === METRIC_NAME && m.operator === '=');
    for (const ring of candidates(matchers)) {
      if (ring.newest < from || ring.oldest > to) continue;
      if (acceptsAll(others, ring.labels) && acceptsAll(exact, ring.labels)) yield ring;
    }
  }

  return {
    series(labels) {
      const known = byKey.get(labels.key);
      if (known) return known;
      if (byKey.size >= mostSeries) return undefined;
      const ring = new Ring(labels, mostSamples);
      byKey.set(labels.key, ring);
      const name = labels.metricName;
      const family = byName.get(name) ?? new Map<string, Ring>();
      byName.set(name, family.set(labels.key, ring));
      return ring;
    },
    select: (matchers, from, to) => [...accepted(matchers, from, to)].map((ring) => ring.run()),
    labels: (matchers, from, to) => [...accepted(matchers, from, to)].map((ring) => ring.labels),
    forgetBefore(time) {
      for (const [key, ring] of byKey) {
        if (ring.newest >= time) continue;
        byKey.delete(key);
        const family = byName.get(ring.labels.metricName);
        family?.delete(key);
        if (family?.size === 0) byName.delete(ring.labels.metricName);
      }
    },
    get size() {
      return byKey.size;
    },
  };
}

const FIRST_CAPACITY = 16;

/** Grows by doubling up to its limit; then the oldest eighth makes room. */
class Ring implements StoredSeries {
  readonly labels: Labels;
  readonly #most: number;
  #times = new Float64Array(FIRST_CAPACITY);
  #values = new Float64Array(FIRST_CAPACITY);
  #count = 0;

  constructor(labels: Labels, most: number) {
    this.labels = labels;
    this.#most = Math.max(FIRST_CAPACITY, most);
  }

  get oldest(): number {
    return this.#times[0] ?? 0;
  }

  get newest(): number {
    return this.#count === 0 ? -Infinity : (this.#times[this.#count - 1] ?? 0);
  }

  append(time: number, value: number): void {
    if (time <= this.newest) return;
    if (this.#count === this.#times.length) this.#makeRoom();
    this.#times[this.#count] = time;
    this.#values[this.#count] = value;
    this.#count++;
  }

  /** A view: good until the next append. */
  run(): SampleRun {
    return {
      labels: this.labels,
      times: this.#times.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
    };
  }

  #makeRoom(): void {
    if (this.#count < this.#most) {
      const capacity = Math.min(this.#most, this.#count * 2);
      const [times, values] = [new Float64Array(capacity), new Float64Array(capacity)];
      times.set(this.#times);
      values.set(this.#values);
      [this.#times, this.#values] = [times, values];
      return;
    }
    const dropped = Math.ceil(this.#count / 8);
    this.#times.copyWithin(0, dropped);
    this.#values.copyWithin(0, dropped);
    this.#count -= dropped;
  }
}
