// Where each node of the graph stands: in layers from left to right, the way the requests go.
import { Graph, layout } from '@dagrejs/dagre';
import type { MeshGraph } from '../../../views/graph/mesh-graph.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  /** Centres, by node id. */
  nodes: ReadonlyMap<string, Point>;
  /** Points of the line, by `from → to`. */
  edges: ReadonlyMap<string, readonly Point[]>;
}

export const NODE = { width: 150, height: 46 };

export function edgeKey({ from, to }: { from: string; to: string }): string {
  return `${from} → ${to}`;
}

/** What the places depend on: while it stays, a graph is drawn where it was. */
export function shapeOf({ nodes, edges }: MeshGraph): string {
  return [...nodes.map((n) => n.id), ...edges.map(edgeKey)].join('\n');
}

export function layOut({ nodes, edges }: MeshGraph): Layout {
  const graph = new Graph({ compound: false, multigraph: false });
  graph.setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 150, marginx: 20, marginy: 20 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...NODE });
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.max(width, NODE.width),
    height: Math.max(height, NODE.height),
    nodes: new Map(nodes.map(({ id }) => [id, graph.node(id) as Point])),
    edges: new Map(edges.map((e) => [edgeKey(e), (graph.edge(e.from, e.to) as { points: Point[] }).points])),
  };
}
