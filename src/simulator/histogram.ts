// Envoy's histograms as Prometheus reads them: cumulative counts under fixed bounds.

/** For milliseconds and bytes alike. */
const BOUNDS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];

export interface Histogram {
  /** Not cumulative; the last one is beyond all bounds. */
  counts: Float64Array;
  sum: number;
}

export function createHistogram(): Histogram {
  return { counts: new Float64Array(BOUNDS.length + 1), sum: 0 };
}

export function observe(histogram: Histogram, value: number): void {
  let index = 0;
  while (index < BOUNDS.length && value > (BOUNDS[index] ?? 0)) index++;
  histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
  histogram.sum += value;
}

export function writeHistogram(name: string, labels: string, { counts, sum }: Histogram): string {
  let total = 0;
  let text = '';
  const comma = labels === '' ? '' : ',';
  for (let i = 0; i < counts.length; i++) {
    total += counts[i] ?? 0;
    text += `${name}_bucket{${labels}${comma}le="${BOUNDS[i] ?? '+Inf'}"} ${total}\n`;
  }
  return `${text}${name}_sum{${labels}} ${sum}\n${name}_count{${labels}} ${total}\n`;
}
