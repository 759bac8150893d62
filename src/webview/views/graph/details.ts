// What is known of the chosen node or edge.
import type { MeshGraph } from '../../../views/graph/mesh-graph.ts';
import { h } from '../../element.ts';
import { t } from '../../l10n.ts';
import { milliseconds, percent, rate } from '../numbers.ts';
import type { Chosen } from './drawing.ts';
import { edgeKey } from './layout.ts';
import { loadOf, nodeName, podsOf, securityOf, stateOf } from './words.ts';

export function details(graph: MeshGraph, chosen: Chosen | undefined): HTMLElement[] {
  if (!chosen) return [h('p', { class: 'hint' }, t('Elige un programa o una flecha para ver sus cifras.'))];
  if ('node' in chosen) {
    const node = graph.nodes.find((n) => n.id === chosen.node);
    if (!node) return [h('p', {}, t('Ya no está en el grafo.'))];
    return [
      h('h2', {}, nodeName(node)),
      facts([
        ['Namespace', node.namespace],
        [t('Programa'), node.workload],
        ['Pods', podsOf(node)],
        [t('Recibe'), rate(node.rate)],
        [t('Con error'), percent(node.errors)],
      ]),
    ];
  }
  const edge = graph.edges.find((e) => edgeKey(e) === chosen.edge);
  if (!edge) return [h('p', {}, t('Ya no está en el grafo.'))];
  return [
    h('h2', {}, `${edge.from} → ${edge.to}`),
    facts([
      [t('Servicio'), edge.services.join(', ')],
      [t('Protocolo'), edge.protocol],
      [t('Tráfico'), loadOf(edge)],
      [t('Estado'), stateOf(edge)],
      [t('Latencia'), `p50 ${milliseconds(edge.p50)} · p95 ${milliseconds(edge.p95)} · p99 ${milliseconds(edge.p99)}`],
      [t('Conexión'), securityOf(edge)],
    ]),
  ];
}

function facts(rows: [string, string][]): HTMLElement {
  return h('dl', {}, ...rows.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]));
}
