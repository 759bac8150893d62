// What is known of the chosen node or edge.
import type { MeshGraph } from '../../../views/graph/mesh-graph.ts';
import { h } from '../../element.ts';
import { milliseconds, percent, rate } from '../numbers.ts';
import type { Chosen } from './drawing.ts';
import { edgeKey } from './layout.ts';
import { loadOf, nodeName, podsOf, securityOf, stateOf } from './words.ts';

export function details(graph: MeshGraph, chosen: Chosen | undefined): HTMLElement[] {
  if (!chosen) return [h('p', { class: 'hint' }, 'Elige un programa o una flecha para ver sus cifras.')];
  if ('node' in chosen) {
    const node = graph.nodes.find((n) => n.id === chosen.node);
    if (!node) return [h('p', {}, 'Ya no está en el grafo.')];
    return [
      h('h2', {}, nodeName(node)),
      facts([
        ['Namespace', node.namespace],
        ['Programa', node.workload],
        ['Pods', podsOf(node)],
        ['Recibe', rate(node.rate)],
        ['Con error', percent(node.errors)],
      ]),
    ];
  }
  const edge = graph.edges.find((e) => edgeKey(e) === chosen.edge);
  if (!edge) return [h('p', {}, 'Ya no está en el grafo.')];
  return [
    h('h2', {}, `${edge.from} → ${edge.to}`),
    facts([
      ['Servicio', edge.services.join(', ')],
      ['Protocolo', edge.protocol],
      ['Tráfico', loadOf(edge)],
      ['Estado', stateOf(edge)],
      ['Latencia', `p50 ${milliseconds(edge.p50)} · p95 ${milliseconds(edge.p95)} · p99 ${milliseconds(edge.p99)}`],
      ['Conexión', securityOf(edge)],
    ]),
  ];
}

function facts(rows: [string, string][]): HTMLElement {
  return h('dl', {}, ...rows.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]));
}
