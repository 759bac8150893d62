// Dashboards of the mesh, of a service and of a workload: charts of one span of time, asked again every ten seconds.
import type { Dashboard, DashboardKind, DashboardQuestion } from '../../../views/dashboards/dashboard.ts';
import { h } from '../../element.ts';
import { t } from '../../l10n.ts';
import { trafficNotes } from '../missing.ts';
import type { Page, PageContext, PageView } from '../page.ts';
import { createPolling } from '../polling.ts';
import { problemBox } from '../problem.ts';
import { type ChartView, createChart } from './chart.ts';

export const dashboardsPage: Page = { id: 'paneles', title: t('Paneles'), open };

const EVERY = 10_000;
const kinds: Record<DashboardKind, string> = {
  malla: t('La malla'),
  servicio: t('Un servicio'),
  programa: t('Un programa'),
};
const spans: [minutes: number, title: string][] = [
  [5, t('5 minutos')],
  [15, t('15 minutos')],
  [60, t('1 hora')],
];

function open({ ask }: PageContext): PageView {
  let views = new Map<string, ChartView>();
  const kind = h(
    'select',
    { id: 'panel', onchange: changed },
    ...Object.entries(kinds).map(([value, title]) => h('option', { value }, title)),
  );
  const subject = h('select', { id: 'de-que', onchange: changed });
  const subjectField = h('span', { class: 'control', hidden: true }, h('label', { for: 'de-que' }, t('Cuál')), subject);
  const minutes = h(
    'select',
    { id: 'tiempo', onchange: changed },
    ...spans.map(([value, title]) => h('option', { value }, title)),
  );
  const notes = h('div');
  const charts = h('div', { class: 'charts' });
  const element = h(
    'div',
    { class: 'dashboards' },
    h(
      'div',
      { class: 'controls' },
      h('label', { for: 'panel' }, t('Panel')),
      kind,
      subjectField,
      h('label', { for: 'tiempo' }, t('Últimos')),
      minutes,
    ),
    notes,
    charts,
  );
  let known: Dashboard | undefined;
  let asked = '';

  const polling = createPolling(EVERY, async () => {
    try {
      const question = questionOf();
      asked = JSON.stringify(question);
      known = await ask('dashboard', question);
      notes.replaceChildren(...trafficNotes(known.traffic));
      fillSubjects();
      // The choice changed while the answer was on its way: the next one is for it.
      if (asked === JSON.stringify(questionOf())) draw(known);
    } catch (error) {
      notes.replaceChildren(problemBox(error));
    }
  });

  function questionOf(): DashboardQuestion {
    const [namespace, name] = subject.value.split('/');
    const what = { kind: kind.value as DashboardKind, minutes: Number(minutes.value) };
    return what.kind === 'malla' || !name ? { ...what, kind: 'malla' } : { ...what, namespace: namespace ?? '', name };
  }

  function changed(): void {
    fillSubjects();
    polling.now();
  }

  function fillSubjects(): void {
    const list = kind.value === 'servicio' ? known?.services : kind.value === 'programa' ? known?.workloads : [];
    subjectField.hidden = kind.value === 'malla';
    const kept = subject.value;
    const values = (list ?? []).map(({ namespace, name }) => `${namespace}/${name}`);
    if (JSON.stringify(values) === JSON.stringify([...subject.options].map((o) => o.value))) return;
    subject.replaceChildren(...values.map((value) => h('option', { value, selected: value === kept }, value)));
  }

  function draw({ charts: all, from, to }: Dashboard): void {
    const next = new Map(all.map((chart) => [chart.id, views.get(chart.id) ?? createChart()]));
    if ([...next.keys()].join() !== [...views.keys()].join())
      charts.replaceChildren(...[...next.values()].map((view) => view.element));
    views = next;
    for (const chart of all) next.get(chart.id)?.show(chart, from, to);
  }

  const resized = new ResizeObserver(() => {
    for (const view of views.values()) view.resize();
  });
  resized.observe(charts);
  return { element, show: polling.start, hide: polling.stop };
}
