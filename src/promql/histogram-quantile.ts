// histogram_quantile over classic buckets: linear inside the bucket that holds the rank.
import { type Column, emptyColumn, type Grid } from './grid.ts';
import { type Labels, METRIC_NAME } from './labels.ts';
import { parseNumber } from './text.ts';

const BUCKET = 'le';
const NOT_OF_THE_HISTOGRAM: ReadonlySet<string> = new Set([BUCKET, METRIC_NAME]);

export function histogramQuantile(shares: Float64Array, columns: readonly Column[], grid: Grid): Column[] {
  return histograms(columns).map(({ labels, buckets }) => {
    const column = emptyColumn(labels, grid.count);
    for (let i = 0; i < grid.count; i++) {
      const there = buckets.filter(({ column: { present } }) => present[i]);
      if (there.length === 0) continue;
      column.present[i] = 1;
      column.values[i] = bucketQuantile(
        shares[i] ?? Number.NaN,
        there.map(({ bound, column: { values } }) => ({ bound, count: values[i] ?? 0 })),
      );
    }
    return column;
  });
}

interface Histogram {
  labels: Labels;
  /** By their upper bounds. */
  buckets: { bound: number; column: Column }[];
}

/** Series without a number in `le` are no buckets. */
function histograms(columns: readonly Column[]): Histogram[] {
  const byKey = new Map<string, Histogram>();
  for (const column of columns) {
    const bound = parseNumber(column.labels.get(BUCKET));
    if (bound === undefined || Number.isNaN(bound)) continue;
    const labels = column.labels.without(NOT_OF_THE_HISTOGRAM);
    const known = byKey.get(labels.key) ?? { labels, buckets: [] };
    known.buckets.push({ bound, column });
    byKey.set(labels.key, known);
  }
  const all = [...byKey.values()];
  for (const { buckets } of all) buckets.sort((a, b) => (a.bound === b.bound ? 0 : a.bound - b.bound));
  return all;
}

interface Bucket {
  bound: number;
  count: number;
}

function bucketQuantile(share: number, found: Bucket[]): number {
  if (Number.isNaN(share)) return Number.NaN;
  if (share < 0) return -Infinity;
  if (share > 1) return Infinity;
  if (found.at(-1)?.bound !== Infinity) return Number.NaN;
  const buckets = growing(sameBoundsJoined(found));
  const last = buckets.length - 1;
  const observations = buckets[last]?.count ?? 0;
  if (buckets.length < 2 || observations === 0) return Number.NaN;
  let rank = share * observations;
  let index = buckets.findIndex(({ count }, i) => i === last || count >= rank);
  if (Number.isNaN(rank)) index = last;
  const { bound: end = 0, count: upTo = 0 } = buckets[index] ?? {};
  if (index === last) return buckets[last - 1]?.bound ?? Number.NaN;
  if (index === 0 && end <= 0) return end;
  const before = buckets[index - 1] ?? { bound: 0, count: 0 };
  rank -= before.count;
  return before.bound + (end - before.bound) * (rank / (upTo - before.count));
}

function sameBoundsJoined(buckets: readonly Bucket[]): Bucket[] {
  const joined: Bucket[] = [];
  for (const { bound, count } of buckets) {
    const last = joined.at(-1);
    if (last?.bound === bound) last.count += count;
    else joined.push({ bound, count });
  }
  return joined;
}

/** Cumulative counts never fall: scrapes of many pods at slightly different times may say so. In place. */
function growing(buckets: Bucket[]): Bucket[] {
  let before = buckets[0]?.count ?? 0;
  for (const bucket of buckets.slice(1)) {
    if (bucket.count < before || nearlyEqual(before, bucket.count)) bucket.count = before;
    before = bucket.count;
  }
  return buckets;
}

function nearlyEqual(a: number, b: number): boolean {
  if (a === b) return true;
  const size = Math.abs(a) + Math.abs(b);
  if (a === 0 || b === 0 || size < 2.2250738585072014e-308) return false;
  return Math.abs(a - b) / size < 1e-12;
}
