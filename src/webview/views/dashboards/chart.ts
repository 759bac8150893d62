// One chart: lines by uPlot, and the same figures as a table.
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import type { Chart } from '../../../views/dashboards/dashboard.ts';
import { h } from '../../element.ts';
import { locale, t } from '../../l10n.ts';
import { short } from '../numbers.ts';

export interface ChartView {
  element: HTMLElement;
  show(chart: Chart, from: number, to: number): void;
  resize(): void;
}

/** Told apart by hue and by dash, so that colour is not needed. */
const LINES = ['blue', 'green', 'yellow', 'red', 'purple', 'orange'] as const;
const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3]];

export function createChart(): ChartView {
  const title = h('h2');
  const place = h('div', { class: 'plot' });
  const list = h('ul', { class: 'series' });
  const table = h('div');
  const element = h(
    'section',
    { class: 'chart' },
    title,
    place,
    list,
    h('details', {}, h('summary', {}, t('Como tabla, con su consulta')), table),
  );
  let plot: uPlot | undefined;
  let drawn = '';

  const width = (): number => Math.max(240, place.clientWidth);

  return {
    element,
    resize: () => plot?.setSize({ width: width(), height: 170 }),
    show(chart, from, to) {
      title.textContent = `${chart.title} (${chart.unit})`;
      const data = columns(chart);
      const shape = JSON.stringify([chart.id, chart.unit, chart.series.map((s) => s.title)]);
      if (shape !== drawn) {
        plot?.destroy();
        drawn = shape;
        plot = new uPlot(options(chart, width(), from, to), data, place);
      } else {
        plot?.setData(data, false);
        plot?.setScale('x', { min: from, max: to });
      }
      list.replaceChildren(...chart.series.map((s, i) => seriesItem(s, i, chart.unit)));
      if (chart.series.length === 0) list.replaceChildren(h('li', {}, t('Sin datos en este tiempo.')));
      table.replaceChildren(figures(chart));
    },
  };
}

function options(chart: Chart, width: number, from: number, to: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim() || '#888888';
  const axis = {
    stroke: color('--vscode-editor-foreground'),
    grid: { stroke: color('--grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: 170,
    legend: { show: false },
    cursor: { points: { size: 6 } },
    scales: { x: { time: true, min: from, max: to }, y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, values: (_plot, times) => times.map(clockTime) },
      { ...axis, size: 60, values: (_plot, values) => values.map((v) => short(v)) },
    ],
    series: [
      {},
      ...chart.series.map(({ title, points }, index) => ({
        label: title,
        stroke: color(`--vscode-charts-${LINES[index % LINES.length]}`),
        width: 2,
        dash: DASHES[Math.floor(index / LINES.length) % DASHES.length] ?? [],
        // A hole of one scrape is no hole.
        spanGaps: true,
        // A line needs two points; one alone is a dot.
        points: { show: points.length < 2 },
      })),
    ],
  };
}

/** Every time of any series, and for each series its values there. */
function columns({ series }: Chart): uPlot.AlignedData {
  const times = [...new Set(series.flatMap((s) => s.points.map(([time]) => time)))].sort((a, b) => a - b);
  const values = series.map(({ points }) => {
    const known = new Map(points);
    return times.map((time) => known.get(time) ?? null);
  });
  return [times, ...values];
}

function seriesItem({ title, points }: Chart['series'][number], index: number, unit: string): HTMLElement {
  const last = points.at(-1)?.[1];
  return h(
    'li',
    {},
    h('span', { class: `swatch line-${LINES[index % LINES.length]}`, 'aria-hidden': true }),
    `${title}: `,
    h('strong', {}, last === undefined ? t('sin datos') : `${short(last)} ${unit}`),
  );
}

function figures({ title, series, unit }: Chart): HTMLElement {
  return h(
    'table',
    {},
    h('caption', {}, `${title} (${unit})`),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...[t('Serie'), t('Ahora'), t('Mínimo'), t('Máximo'), t('Consulta')].map((text) =>
          h('th', { scope: 'col' }, text),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      ...series.map(({ title, points, query }) => {
        const values = points.map(([, value]) => value);
        const cells = [values.at(-1), Math.min(...values), Math.max(...values)];
        return h(
          'tr',
          {},
          h('th', { scope: 'row' }, title),
          ...cells.map((v) => h('td', {}, v === undefined || !Number.isFinite(v) ? '–' : short(v))),
          h('td', {}, h('code', {}, query)),
        );
      }),
    ),
  );
}

function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' });
}
