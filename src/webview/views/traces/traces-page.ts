// Traces: a search, and the chosen one as a waterfall.
import type { TraceList, TraceSummary } from '../../../views/traces/trace.ts';
import { h } from '../../element.ts';
import { locale, t } from '../../l10n.ts';
import { missingJaeger, missingSpans } from '../missing.ts';
import { milliseconds } from '../numbers.ts';
import type { Page, PageContext, PageView } from '../page.ts';
import { problemBox } from '../problem.ts';
import { waterfall } from './waterfall.ts';

export const tracesPage: Page = { id: 'trazas', title: t('Trazas'), open };

const NONE = t(
  'No hay trazas en ese tiempo. Por omisión se guarda una de cada cien peticiones: envía más, o sube el muestreo con un Telemetry.',
);

function open({ ask, say }: PageContext): PageView {
  const service = h('select', { id: 'servicio' }, h('option', { value: '' }, t('todos')));
  const minutes = h(
    'select',
    { id: 'desde' },
    ...[15, 60, 360].map((m) => h('option', { value: m }, m < 60 ? t('{0} minutos', m) : `${m / 60} h`)),
  );
  const list = h('div', { class: 'trace-list' });
  const chosen = h('section', { class: 'trace', 'aria-label': t('Traza elegida') });
  const form = h(
    'form',
    { class: 'controls', onsubmit: search },
    h('label', { for: 'servicio' }, t('Servicio')),
    service,
    h('label', { for: 'desde' }, t('Últimos')),
    minutes,
    h('button', { type: 'submit' }, t('Buscar')),
  );

  async function search(event?: Event): Promise<void> {
    event?.preventDefault();
    try {
      const found = await ask('traces', {
        ...(service.value && { service: service.value }),
        minutes: Number(minutes.value),
        limit: 20,
      });
      keepServices(found);
      list.replaceChildren(listed(found));
    } catch (error) {
      list.replaceChildren(problemBox(error));
    }
  }

  function keepServices({ services }: TraceList): void {
    const kept = service.value;
    service.replaceChildren(
      h('option', { value: '' }, t('todos')),
      ...services.map((name) => h('option', { value: name, selected: name === kept }, name)),
    );
  }

  function listed({ missing, services, traces }: TraceList): HTMLElement {
    if (missing) return missingJaeger();
    if (services.length === 0) return missingSpans();
    if (traces.length === 0) return h('p', {}, NONE);
    const heads = [t('Traza'), t('Empieza'), t('Dura'), t('Tramos'), t('Servicios'), t('Errores')];
    return h(
      'table',
      {},
      h('caption', {}, traces.length === 1 ? t('1 traza') : t('{0} trazas, la más nueva primero', traces.length)),
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, ...traces.map(row)),
    );
  }

  function row(trace: TraceSummary): HTMLElement {
    return h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        h('button', { type: 'button', class: 'link', onclick: () => void openTrace(trace.id) }, trace.operation),
      ),
      h('td', {}, new Date(trace.start).toLocaleTimeString(locale())),
      h('td', {}, milliseconds(trace.duration)),
      h('td', {}, String(trace.spans)),
      h('td', {}, trace.services.join(', ')),
      h('td', {}, String(trace.errors)),
    );
  }

  async function openTrace(id: string): Promise<void> {
    try {
      const tree = await ask('trace', { id });
      chosen.replaceChildren(...waterfall(tree));
      chosen.scrollIntoView({ block: 'nearest' });
      say(t('Traza de {0} tramos, {1}', tree.spans.length, milliseconds(tree.duration)));
    } catch (error) {
      chosen.replaceChildren(problemBox(error));
    }
  }

  return { element: h('div', { class: 'traces' }, form, list, chosen), show: () => void search() };
}
