// The mesh graph: drawing, details and tables of one answer, asked again every five seconds.
import type { MeshGraph } from '../../../views/graph/mesh-graph.ts';
import { h } from '../../element.ts';
import { t } from '../../l10n.ts';
import { trafficNotes } from '../missing.ts';
import type { Page, PageContext, PageView } from '../page.ts';
import { createPolling } from '../polling.ts';
import { problemBox } from '../problem.ts';
import { details } from './details.ts';
import { createDots } from './dots.ts';
import { type Chosen, createDrawing } from './drawing.ts';
import { graphTables } from './graph-table.ts';

export const graphPage: Page = { id: 'grafo', title: t('Grafo'), open };

const EVERY = 5000;
const SMALLEST = 0.6;

function open({ ask }: PageContext): PageView {
  let graph: MeshGraph | undefined;
  let chosen: Chosen | undefined;
  const notes = h('div');
  const drawing = createDrawing((what) => {
    chosen = what;
    draw();
  });
  const canvas = h('div', { class: 'stage-inner' }, drawing.element);
  const scroller = h('div', { class: 'stage-scroll' }, canvas);
  const dots = createDots(scroller, drawing.element);
  const stage = h('div', { class: 'stage' }, dots.element, scroller);
  const aside = h('aside', { class: 'details', 'aria-label': t('Detalles'), 'aria-live': 'polite' });
  const tables = h('div', { class: 'tables', hidden: true });
  const asTable = h('input', { type: 'checkbox', id: 'como-tabla', onchange: draw });
  const namespace = h(
    'select',
    { id: 'namespace', onchange: () => polling.now() },
    h('option', { value: '' }, t('todos')),
  );
  const element = h(
    'div',
    { class: 'graph-page' },
    h(
      'div',
      { class: 'controls' },
      h('label', { for: 'namespace' }, 'Namespace'),
      namespace,
      h('label', { class: 'check' }, asTable, ` ${t('Ver como tabla')}`),
    ),
    notes,
    h('div', { class: 'graph' }, stage, aside),
    tables,
    legend(),
  );

  const polling = createPolling(EVERY, async () => {
    try {
      graph = await ask('graph', namespace.value ? { namespace: namespace.value } : {});
      notes.replaceChildren(...trafficNotes(graph.traffic));
      keepNamespaces(graph);
      draw();
    } catch (error) {
      notes.replaceChildren(problemBox(error));
    }
  });

  function keepNamespaces({ nodes }: MeshGraph): void {
    const known = new Set([...namespace.options].map((o) => o.value));
    for (const { namespace: name, kind } of nodes) {
      if (kind === 'fuera' || known.has(name)) continue;
      known.add(name);
      namespace.append(h('option', {}, name));
    }
  }

  function draw(): void {
    if (!graph) return;
    const table = asTable.checked;
    stage.hidden = table;
    tables.hidden = !table;
    if (table) tables.replaceChildren(...graphTables(graph));
    drawing.show(graph);
    const layout = drawing.layout();
    if (layout) {
      // As wide as there is room for, never so small that names cannot be read.
      canvas.style.maxWidth = `${layout.width}px`;
      canvas.style.minWidth = `${layout.width * SMALLEST}px`;
      dots.show(graph, layout);
    }
    aside.replaceChildren(...details(graph, chosen));
  }

  return {
    element,
    show() {
      polling.start();
      dots.run();
    },
    hide() {
      polling.stop();
      dots.stop();
    },
  };
}

function legend(): HTMLElement {
  const items: [string, string][] = [
    ['health-sana', t('sin errores')],
    ['health-regular', t('algún error 5xx')],
    ['health-mala', t('uno de cada diez o más')],
    ['edge-parada', t('hubo tráfico en la última hora')],
    ['edge-muerta', t('lo hubo, y su extremo ya no existe')],
  ];
  return h(
    'ul',
    { class: 'legend', 'aria-label': t('Leyenda') },
    ...items.map(([kind, text]) => h('li', { class: kind }, h('span', { class: 'swatch', 'aria-hidden': true }), text)),
  );
}
