// What a verdict rests on: answers per class as bars that are also a table, and the figures of the measurement.
import type { Verdict } from '../checks/verdict.ts';
import { h } from './element.ts';
import { t } from './l10n.ts';
import { latencyChart } from './latency-chart.ts';
import { count, duration, share, small } from './numbers.ts';

export function evidence({ evidence: e, milliseconds, simulated }: Verdict): HTMLElement {
  const figures = [
    ...(e.requests === undefined ? [] : [e.requests === 1 ? t('1 petición') : t('{0} peticiones', count(e.requests))]),
    ...(e.errorBound === undefined ? [] : [t('error ≤ {0}', small(e.errorBound))]),
    duration(milliseconds),
  ];
  return h(
    'div',
    { class: 'evidence' },
    e.counts && Object.keys(e.counts).length > 0 && counts(e.counts),
    latencyChart(e),
    h(
      'p',
      { class: 'figures' },
      figures.join(' · '),
      simulated &&
        h('span', { class: 'badge', title: t('Este veredicto es sobre el clúster simulado de Malla') }, t('simulador')),
    ),
    e.objects && e.objects.length > 0 && objects(e.objects),
  );
}

function counts(byClass: Record<string, number>): HTMLElement {
  const total = Object.values(byClass).reduce((sum, n) => sum + n, 0);
  return h(
    'table',
    { class: 'counts' },
    h('caption', { class: 'unseen' }, t('Respuestas por clase')),
    h(
      'thead',
      { class: 'unseen' },
      h('tr', {}, ...[t('Clase'), t('Proporción'), t('Respuestas')].map((text) => h('th', { scope: 'col' }, text))),
    ),
    h('tbody', {}, ...Object.entries(byClass).map(([name, n], i) => row(name, n, total, i))),
  );
}

function row(name: string, answers: number, total: number, index: number): HTMLElement {
  // The width goes through the style object: the content policy forbids style attributes.
  const bar = h('span', { class: `bar bar-${index % 4}`, 'aria-hidden': 'true' });
  bar.style.width = `${total === 0 ? 0 : (100 * answers) / total}%`;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: 'bar-cell' }, bar),
    h('td', { class: 'number' }, `${count(answers)} (${share(answers, total)})`),
  );
}

function objects(list: NonNullable<Verdict['evidence']['objects']>): HTMLElement {
  const names = list.map((o) => {
    const version = o.resourceVersion ? ` (${t('versión {0}', o.resourceVersion)})` : '';
    return h('li', {}, `${o.kind} ${[o.namespace, o.name].filter(Boolean).join('/')}${version}`);
  });
  return h(
    'details',
    { class: 'objects' },
    h('summary', {}, list.length === 1 ? t('1 objeto mirado') : t('{0} objetos mirados', list.length)),
    h('ul', {}, ...names),
  );
}
