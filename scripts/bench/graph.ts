// Frames a second of the mesh graph with a hundred services under traffic that changes, in Chromium without a graphics
// card, beside an empty page in the same browser.
import type { Page } from 'playwright-core';
import { startPanelServer } from '../../src/cli/panel/server.ts';
import type { GraphEdge, MeshGraph } from '../../src/views/graph/mesh-graph.ts';
import type { Views } from '../../src/views/views.ts';
import { launchBrowser } from '../editor/browser.ts';
import { ensureEditor } from '../editor/install.ts';
import { type Measure, quantile, round } from './measure.ts';

export const SERVICES = 100;
const SECONDS = 8;

export async function measureGraph(root: string): Promise<Measure[]> {
  const browser = await launchBrowser(ensureEditor().browser);
  const server = await startPanelServer({ views: busyViews(), root, port: 0 });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    await page.goto('about:blank');
    const empty = await framesPerSecond(page);
    await page.goto(server.url);
    await page
      .locator('.node')
      .nth(SERVICES - 1)
      .waitFor();
    const frames = await framesPerSecond(page);
    return [
      {
        name: `imágenes por segundo del grafo con ${SERVICES} servicios, mediana de ${SECONDS} s`,
        value: frames,
        unit: 'imágenes/s',
        reference: { name: 'una página vacía', value: empty, unit: 'imágenes/s' },
        goal: { words: '≥ 60 (con 1 de margen)', reached: frames >= 59 },
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function framesPerSecond(page: Page): Promise<number> {
  const counts = await page.evaluate(
    (seconds) =>
      new Promise<number[]>((resolve) => {
        const perSecond: number[] = [];
        let frames = 0;
        let since = performance.now();
        const frame = (now: number): void => {
          frames += 1;
          if (now - since >= 1000) {
            perSecond.push((frames * 1000) / (now - since));
            frames = 0;
            since = now;
          }
          if (perSecond.length < seconds) requestAnimationFrame(frame);
          else resolve(perSecond);
        };
        requestAnimationFrame(frame);
      }),
    SECONDS,
  );
  return round(quantile(counts, 0.5), 1);
}

/** Answers another graph each time, of the same shape. */
export function busyViews(): Views {
  const none = (): never => {
    throw new Error('not asked in this bench');
  };
  return {
    about: async () => ({ serverVersion: 'v1.34.4', simulated: true, istio: '1.30.3' }),
    graph: async () => busyGraph(),
    dashboard: none,
    traces: none,
    trace: none,
    explainChoices: none,
    explain: none,
    compare: none,
  };
}

function busyGraph(): MeshGraph {
  const id = (i: number): string => `default/servicio-${i}-v1`;
  const edges = Array.from({ length: SERVICES - 1 }, (_, i): GraphEdge[] => {
    const to = i + 1;
    const froms = new Set([Math.floor(i / 3), (i * 7) % to]);
    return [...froms].map((from) => ({
      from: id(from),
      to: id(to),
      services: [`servicio-${to}.default`],
      protocol: 'http',
      rate: Math.random() * 50,
      errors: to % 10 === 0 ? Math.random() : 0,
      p50: 3,
      p95: 12,
      p99: 40,
      mtls: 1,
      state: 'activa',
    }));
  }).flat();
  const nodes = Array.from({ length: SERVICES }, (_, i) => ({
    id: id(i),
    namespace: 'default',
    workload: `servicio-${i}-v1`,
    app: `servicio-${i}`,
    version: 'v1',
    kind: 'programa' as const,
    pods: 1,
    ready: 1,
    meshed: 1,
    rate: Math.random() * 50,
    errors: 0,
  }));
  return { nodes, edges, window: 60, traffic: 'con-metricas' };
}
