// Dots that run along the arrows, more of them where there is more traffic: on a canvas as large as what is in sight, so
// that a frame costs the same however large the drawing is.
import type { MeshGraph } from '../../../views/graph/mesh-graph.ts';
import { edgeKey, type Layout, type Point } from './layout.ts';
import { healthOf } from './words.ts';

export interface Dots {
  element: HTMLCanvasElement;
  show(graph: MeshGraph, layout: Layout): void;
  run(): void;
  stop(): void;
}

interface Track {
  points: readonly Point[];
  lengths: readonly number[];
  length: number;
  count: number;
  failing: boolean;
}

/** Pixels per second. */
const SPEED = 60;
const MOST_DOTS = 6;

/** `stage` scrolls the drawing; the canvas lies over what it shows. */
export function createDots(stage: HTMLElement, drawing: SVGSVGElement): Dots {
  const element = document.createElement('canvas');
  element.className = 'graph-dots';
  element.setAttribute('aria-hidden', 'true');
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');
  let tracks: Track[] = [];
  let frame = 0;
  let colors = { good: '', bad: '' };
  let width = 1;

  function paint(time: number): void {
    const context = element.getContext('2d');
    if (!context) return;
    const scale = drawing.clientWidth / width;
    const [left, top] = [stage.scrollLeft - drawingLeft(), stage.scrollTop];
    context.clearRect(0, 0, element.width, element.height);
    for (const track of tracks) {
      context.fillStyle = track.failing ? colors.bad : colors.good;
      for (let i = 0; i < track.count; i++) {
        const at = pointAt(track, (time * (SPEED / 1000) + (i * track.length) / track.count) % track.length);
        const [x, y] = [at.x * scale - left, at.y * scale - top];
        if (x < 0 || y < 0 || x > element.width || y > element.height) continue;
        context.beginPath();
        context.arc(x, y, 3, 0, 2 * Math.PI);
        context.fill();
      }
    }
    frame = requestAnimationFrame(paint);
  }

  /** A drawing narrower than its stage stands in the middle. */
  function drawingLeft(): number {
    return Math.max(0, (stage.clientWidth - drawing.clientWidth) / 2);
  }

  return {
    element,
    show({ edges }, layout) {
      const style = getComputedStyle(document.documentElement);
      colors = { good: style.getPropertyValue('--good').trim(), bad: style.getPropertyValue('--bad').trim() };
      width = layout.width;
      if (element.width !== stage.clientWidth) element.width = stage.clientWidth;
      if (element.height !== stage.clientHeight) element.height = stage.clientHeight;
      tracks = edges.flatMap((edge) => {
        const points = layout.edges.get(edgeKey(edge));
        if (edge.state !== 'activa' || !points || points.length < 2) return [];
        const count = Math.min(MOST_DOTS, 1 + Math.floor(Math.log2(1 + edge.rate)));
        return [{ ...measured(points), count, failing: healthOf(edge) === 'mala' }];
      });
    },
    run() {
      cancelAnimationFrame(frame);
      if (!still.matches) frame = requestAnimationFrame(paint);
    },
    stop: () => cancelAnimationFrame(frame),
  };
}

function measured(points: readonly Point[]): Pick<Track, 'points' | 'lengths' | 'length'> {
  const lengths = points.slice(1).map((p, i) => Math.hypot(p.x - (points[i]?.x ?? 0), p.y - (points[i]?.y ?? 0)));
  return {
    points,
    lengths,
    length: Math.max(
      1,
      lengths.reduce((a, b) => a + b, 0),
    ),
  };
}

function pointAt({ points, lengths }: Track, distance: number): Point {
  let left = distance;
  for (const [index, length] of lengths.entries()) {
    const [a, b] = [points[index], points[index + 1]];
    if (!a || !b) break;
    if (left <= length) {
      const share = length === 0 ? 0 : left / length;
      return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
    }
    left -= length;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}
