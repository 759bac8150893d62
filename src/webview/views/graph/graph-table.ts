// The graph as tables: the same figures for keyboard and screen reader.
import type { GraphEdge, GraphNode, MeshGraph } from '../../../views/graph/mesh-graph.ts';
import { h } from '../../element.ts';
import { t } from '../../l10n.ts';
import { milliseconds, percent, rate } from '../numbers.ts';
import { loadOf, nodeName, podsOf, securityOf, stateOf } from './words.ts';

export function graphTables({ nodes, edges, window }: MeshGraph): HTMLElement[] {
  return [
    table(
      t('Quién llama a quién, en los últimos {0} s', window),
      [t('De'), t('A'), t('Servicio'), t('Tráfico'), t('Estado'), 'p50', 'p95', 'p99', t('Conexión')],
      edges.map(edgeRow),
    ),
    table(
      t('Programas y pasarelas'),
      [t('Nombre'), 'Namespace', 'Pods', t('Recibe'), t('Errores')],
      nodes.map(nodeRow),
    ),
  ];
}

function edgeRow(edge: GraphEdge): string[] {
  return [
    edge.from,
    edge.to,
    edge.services.join(', '),
    loadOf(edge),
    stateOf(edge),
    milliseconds(edge.p50),
    milliseconds(edge.p95),
    milliseconds(edge.p99),
    securityOf(edge),
  ];
}

function nodeRow(node: GraphNode): string[] {
  return [nodeName(node), node.namespace, podsOf(node), rate(node.rate), percent(node.errors)];
}

function table(caption: string, heads: readonly string[], rows: readonly string[][]): HTMLElement {
  return h(
    'div',
    { class: 'table', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      h(
        'tbody',
        {},
        ...rows.map(([first = '', ...cells]) =>
          h('tr', {}, h('th', { scope: 'row' }, first), ...cells.map((cell) => h('td', {}, cell))),
        ),
      ),
    ),
  );
}
