// Functions of the samples of one series in a window of time.
import { quantile, Sum, varianceOf } from './statistics.ts';

/** Reused from call to call: samples `from` to before `to`. */
export interface Window {
  times: Float64Array;
  values: Float64Array;
  from: number;
  to: number;
  /** Ends of the window, in milliseconds. */
  start: number;
  end: number;
  /** Time of evaluation. */
  at: number;
  /** The function's scalar argument, if it has one. */
  parameter: number;
}

/** Undefined: no value. The window has one sample at least. */
export type WindowFunction = (window: Window) => number | undefined;

export const windowFunctions: ReadonlyMap<string, WindowFunction> = new Map<string, WindowFunction>([
  ['rate', (w) => extrapolated(w, true, true)],
  ['increase', (w) => extrapolated(w, true, false)],
  ['delta', (w) => extrapolated(w, false, false)],
  ['irate', (w) => ofLastTwo(w, true)],
  ['idelta', (w) => ofLastTwo(w, false)],
  ['deriv', (w) => (w.to - w.from < 2 ? undefined : regression(w, w.times[w.from] ?? 0).slope)],
  ['predict_linear', predictLinear],
  ['changes', (w) => countPairs(w, (before, now) => before !== now && !(Number.isNaN(before) && Number.isNaN(now)))],
  ['resets', (w) => countPairs(w, (before, now) => now < before)],
  ['avg_over_time', (w) => sumOf(w) / (w.to - w.from)],
  ['sum_over_time', sumOf],
  ['count_over_time', (w) => w.to - w.from],
  ['last_over_time', (w) => w.values[w.to - 1]],
  ['present_over_time', () => 1],
  ['max_over_time', (w) => extreme(w, (value, best) => value > best)],
  ['min_over_time', (w) => extreme(w, (value, best) => value < best)],
  ['stdvar_over_time', (w) => varianceOf(valuesOf(w))],
  ['stddev_over_time', (w) => Math.sqrt(varianceOf(valuesOf(w)))],
  ['quantile_over_time', (w) => quantile(w.parameter, [...valuesOf(w)])],
]);

const valuesOf = ({ values, from, to }: Window): Float64Array => values.subarray(from, to);
const valueAt = ({ values }: Window, index: number): number => values[index] ?? 0;
const timeAt = ({ times }: Window, index: number): number => times[index] ?? 0;

/**
 * Prometheus' extrapolation: what the samples grew by is stretched to the ends of the window, by half a gap at most when
 * the nearest sample is farther than 1.1 gaps away, and never to before a counter would have been zero.
 */
function extrapolated(w: Window, counter: boolean, perSecond: boolean): number | undefined {
  const gaps = w.to - w.from - 1;
  if (gaps < 1) return undefined;
  const [firstTime, lastTime] = [timeAt(w, w.from), timeAt(w, w.to - 1)];
  let growth = valueAt(w, w.to - 1) - valueAt(w, w.from);
  if (counter) {
    for (let i = w.from + 1; i < w.to; i++) if (valueAt(w, i) < valueAt(w, i - 1)) growth += valueAt(w, i - 1);
  }
  const sampled = (lastTime - firstTime) / 1000;
  const gap = sampled / gaps;
  let before = (firstTime - w.start) / 1000;
  let after = (w.end - lastTime) / 1000;
  if (before >= gap * 1.1) before = gap / 2;
  if (counter && growth > 0 && valueAt(w, w.from) >= 0) {
    before = Math.min(before, sampled * (valueAt(w, w.from) / growth));
  }
  if (after >= gap * 1.1) after = gap / 2;
  let factor = (sampled + before + after) / sampled;
  if (perSecond) factor /= (w.end - w.start) / 1000;
  return growth * factor;
}

function ofLastTwo(w: Window, perSecond: boolean): number | undefined {
  if (w.to - w.from < 2) return undefined;
  const [before, last] = [valueAt(w, w.to - 2), valueAt(w, w.to - 1)];
  const elapsed = timeAt(w, w.to - 1) - timeAt(w, w.to - 2);
  if (elapsed === 0) return undefined;
  if (!perSecond) return last - before;
  return (last < before ? last : last - before) / (elapsed / 1000);
}

function predictLinear(w: Window): number | undefined {
  if (w.to - w.from < 2) return undefined;
  const { slope, intercept } = regression(w, w.at);
  return slope * w.parameter + intercept;
}

/** Least squares; the intercept is at `origin`. */
function regression(w: Window, origin: number): { slope: number; intercept: number } {
  const count = w.to - w.from;
  const [x, y, xy, xx] = [new Sum(), new Sum(), new Sum(), new Sum()];
  const initial = valueAt(w, w.from);
  let constant = true;
  for (let i = w.from; i < w.to; i++) {
    const value = valueAt(w, i);
    const seconds = (timeAt(w, i) - origin) / 1000;
    if (value !== initial) constant = false;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  if (constant) {
    return Number.isFinite(initial) ? { slope: 0, intercept: initial } : { slope: Number.NaN, intercept: Number.NaN };
  }
  const covariance = xy.total - (x.total * y.total) / count;
  const variance = xx.total - (x.total * x.total) / count;
  const slope = covariance / variance;
  return { slope, intercept: y.total / count - (slope * x.total) / count };
}

function countPairs(w: Window, counts: (before: number, now: number) => boolean): number {
  let count = 0;
  for (let i = w.from + 1; i < w.to; i++) if (counts(valueAt(w, i - 1), valueAt(w, i))) count++;
  return count;
}

function sumOf(w: Window): number {
  const sum = new Sum();
  for (let i = w.from; i < w.to; i++) sum.add(valueAt(w, i));
  return sum.total;
}

function extreme(w: Window, better: (value: number, best: number) => boolean): number {
  let best = valueAt(w, w.from);
  for (let i = w.from; i < w.to; i++) {
    const value = valueAt(w, i);
    if (better(value, best) || Number.isNaN(best)) best = value;
  }
  return best;
}
