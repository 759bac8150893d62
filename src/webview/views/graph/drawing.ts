// The graph as a drawing: made anew when its shape changes, repainted in place when only figures do.
import type { GraphEdge, GraphNode, MeshGraph } from '../../../views/graph/mesh-graph.ts';
import { t } from '../../l10n.ts';
import { percent } from '../numbers.ts';
import { svg } from '../svg.ts';
import { edgeKey, type Layout, layOut, NODE, type Point, shapeOf } from './layout.ts';
import { healthOf, isSafe, loadOf, nodeName, podsOf, securityOf, stateOf } from './words.ts';

/** What the title of its group says whole. */
const UNSAID = { 'aria-hidden': 'true' };

export type Chosen = { node: string } | { edge: string };

export interface Drawing {
  element: SVGSVGElement;
  show(graph: MeshGraph): void;
  layout(): Layout | undefined;
}

interface Parts {
  nodes: Map<string, { group: SVGGElement; title: SVGTitleElement; figures: SVGTextElement }>;
  edges: Map<string, { group: SVGGElement; title: SVGTitleElement; label: SVGTextElement; lock: SVGTextElement }>;
}

export function createDrawing(choose: (chosen: Chosen) => void): Drawing {
  const element = svg('svg', { class: 'graph-drawing', role: 'group', 'aria-label': t('Grafo de la malla') });
  let shape = '';
  let parts: Parts = { nodes: new Map(), edges: new Map() };
  let places: Layout | undefined;

  function draw(graph: MeshGraph): void {
    places = layOut(graph);
    parts = { nodes: new Map(), edges: new Map() };
    element.setAttribute('viewBox', `0 0 ${places.width} ${places.height}`);
    element.replaceChildren(arrowHead());
    for (const edge of graph.edges) element.append(drawEdge(edge, places));
    for (const node of graph.nodes) element.append(drawNode(node, places));
  }

  function drawEdge(edge: GraphEdge, { edges }: Layout): SVGGElement {
    const key = edgeKey(edge);
    const points = edges.get(key) ?? [];
    const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
    const title = svg('title');
    const label = svg('text', { ...UNSAID, class: 'edge-label', x: middle.x, y: middle.y - 6 });
    const lock = svg('text', { ...UNSAID, class: 'edge-lock', x: middle.x, y: middle.y + 13 });
    const line = pathOf(points);
    const group = svg(
      'g',
      interactive(() => choose({ edge: key })),
      title,
      svg('path', { class: 'edge-reach', d: line }),
      svg('path', { class: 'edge-line', d: line, 'marker-end': 'url(#punta)' }),
      label,
      lock,
    );
    parts.edges.set(key, { group, title, label, lock });
    return group;
  }

  function drawNode(node: GraphNode, { nodes }: Layout): SVGGElement {
    const { x, y } = nodes.get(node.id) ?? { x: 0, y: 0 };
    const title = svg('title');
    const figures = svg('text', { ...UNSAID, class: 'node-figures', x: 0, y: 13 });
    const group = svg(
      'g',
      { ...interactive(() => choose({ node: node.id })), transform: `translate(${x} ${y})` },
      title,
      svg('rect', {
        class: 'node-box',
        x: -NODE.width / 2,
        y: -NODE.height / 2,
        width: NODE.width,
        height: NODE.height,
        rx: node.kind === 'pasarela' ? 23 : 5,
      }),
      svg('text', { ...UNSAID, class: 'node-name', x: 0, y: -4 }, clipped(nodeName(node))),
      figures,
    );
    parts.nodes.set(node.id, { group, title, figures });
    return group;
  }

  function paint(graph: MeshGraph): void {
    for (const node of graph.nodes) {
      const part = parts.nodes.get(node.id);
      if (!part) continue;
      const name = `${nodeName(node)} (${node.namespace})`;
      part.title.textContent = `${name}, ${podsOf(node)}`;
      part.group.setAttribute(
        'class',
        `node node-${node.kind} health-${healthOf(node)}${node.ready < node.pods ? ' unready' : ''}`,
      );
      part.figures.textContent =
        node.kind === 'fuera' || node.kind === 'servicio'
          ? ''
          : node.pods === 0
            ? t('sin pods')
            : `${node.ready}/${node.pods} pods`;
    }
    for (const edge of graph.edges) {
      const part = parts.edges.get(edgeKey(edge));
      if (!part) continue;
      const said = t(
        '{0} llama a {1}: {2}, {3}, conexión {4}',
        edge.from,
        edge.to,
        loadOf(edge),
        stateOf(edge),
        securityOf(edge),
      );
      part.title.textContent = said;
      part.group.setAttribute('class', `edge edge-${edge.state} health-${healthOf(edge)}`);
      const failing = edge.errors > 0 ? ` · ${percent(edge.errors)} error` : '';
      part.label.textContent = edge.state === 'activa' ? `${loadOf(edge)}${failing}` : '';
      part.lock.textContent = edge.mtls === undefined || edge.state !== 'activa' ? '' : securityOf(edge);
      part.lock.setAttribute('class', edge.mtls !== undefined && isSafe(edge.mtls) ? 'edge-lock' : 'edge-lock open');
    }
  }

  return {
    element,
    layout: () => places,
    show(graph) {
      const next = shapeOf(graph);
      if (next !== shape) {
        shape = next;
        draw(graph);
      }
      paint(graph);
    },
  };
}

function interactive(act: () => void) {
  return {
    tabindex: 0,
    role: 'button',
    onclick: act,
    onkeydown: (event: Event) => {
      const { key } = event as KeyboardEvent;
      if (key === 'Enter' || key === ' ') {
        event.preventDefault();
        act();
      }
      if (key === 'ArrowRight' || key === 'ArrowDown') step(event.currentTarget, 1);
      if (key === 'ArrowLeft' || key === 'ArrowUp') step(event.currentTarget, -1);
    },
  };
}

function step(from: EventTarget | null, by: 1 | -1): void {
  if (!(from instanceof SVGElement)) return;
  const all = [...(from.ownerSVGElement?.querySelectorAll<SVGGElement>('g[tabindex]') ?? [])];
  all[(all.indexOf(from as SVGGElement) + by + all.length) % all.length]?.focus();
}

function arrowHead(): SVGDefsElement {
  return svg(
    'defs',
    {},
    svg(
      'marker',
      {
        id: 'punta',
        viewBox: '0 0 8 8',
        refX: 7,
        markerUnits: 'userSpaceOnUse',
        refY: 4,
        markerWidth: 12,
        markerHeight: 12,
        orient: 'auto-start-reverse',
      },
      svg('path', { d: 'M0 0 L8 4 L0 8 z', class: 'arrow-head' }),
    ),
  );
}

/** Through the middles of the bends, so that lines turn softly. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const last = rest.at(-1) ?? first;
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return `M${first.x} ${first.y} ${bends.length > 0 ? bends.join(' ') : `L${last.x} ${last.y}`}`;
}

function clipped(name: string): string {
  return name.length > 21 ? `${name.slice(0, 20)}…` : name;
}
