// The latencies that a verdict rests on: a table whose middle column is drawn. Each row is a quantile; where it was judged,
// with the interval in which it surely is.
import type { Evidence } from '../checks/verdict.ts';
import { h } from './element.ts';
import { t } from './l10n.ts';
import { duration } from './numbers.ts';

export interface LatencyRow {
  name: string;
  /** Milliseconds. */
  value: number;
  /** Milliseconds; `high` is absent while nothing bounds it. */
  interval?: { low: number; high?: number };
}

/** False when nothing was measured. */
export function latencyChart(evidence: Evidence): HTMLElement | false {
  const rows = latencyRows(evidence);
  if (rows.length === 0) return false;
  const end = scaleEnd(rows);
  return h(
    'table',
    { class: 'latency' },
    h('caption', {}, t('Latencia, de 0 a {0}', duration(end))),
    h(
      'thead',
      { class: 'unseen' },
      h('tr', {}, ...[t('Cuantil'), t('Dibujo'), t('Valor')].map((text) => h('th', { scope: 'col' }, text))),
    ),
    h('tbody', {}, ...rows.map((row) => drawn(row, end))),
  );
}

export function latencyRows({ latencyMilliseconds, quantileMilliseconds }: Evidence): LatencyRow[] {
  const { quantile, estimate, low, high } = quantileMilliseconds ?? { quantile: 0, estimate: 0, low: 0 };
  const judged: LatencyRow[] = quantileMilliseconds
    ? [{ name: quantileName(quantile), value: estimate, interval: { low, ...(high === undefined ? {} : { high }) } }]
    : [];
  const measured: LatencyRow[] = latencyMilliseconds
    ? [
        { name: 'p50', value: latencyMilliseconds.p50 },
        { name: 'p95', value: latencyMilliseconds.p95 },
      ]
    : [];
  return [...judged, ...measured.filter(({ name }) => !judged.some((row) => row.name === name))];
}

/** A round number that every row fits under, milliseconds. */
export function scaleEnd(rows: readonly LatencyRow[]): number {
  const most = Math.max(1, ...rows.flatMap(({ value, interval }) => [value, interval?.high ?? 0, interval?.low ?? 0]));
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 1.5, 2, 3, 5, 8, 10].find((step) => step * power >= most) ?? 10) * power;
}

function drawn({ name, value, interval }: LatencyRow, end: number): HTMLElement {
  // Places go through the style object: the content policy forbids style attributes.
  const bar = h('span', { class: 'bar' });
  bar.style.width = percent(value, end);
  const track = h('span', { class: 'track', 'aria-hidden': 'true' }, bar);
  if (interval) {
    const band = h('span', { class: 'band' });
    const high = interval.high ?? end;
    band.style.left = percent(interval.low, end);
    band.style.width = percent(high - interval.low, end);
    track.append(band);
  }
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: 'bar-cell' }, track),
    h('td', { class: 'number' }, said(value, interval)),
  );
}

function said(value: number, interval: LatencyRow['interval']): string {
  if (!interval) return duration(value);
  return interval.high === undefined
    ? t('{0} (más de {1})', duration(value), duration(interval.low))
    : t('{0} (entre {1} y {2})', duration(value), duration(interval.low), duration(interval.high));
}

/** 0.5 → p50, 0.999 → p99.9. */
function quantileName(quantile: number): string {
  return `p${Number((quantile * 100).toFixed(3))}`;
}

function percent(part: number, end: number): string {
  return `${Math.min(100, Math.max(0, (100 * part) / end))}%`;
}
