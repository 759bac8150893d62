// The live graph left open: what its page grows by and how long its frames take in ten minutes with a hundred services, beside an
// empty page in the same browser. MALLA_BENCH_MINUTES makes it shorter, to try it.
import type { CDPSession, Page } from 'playwright-core';
import { startPanelServer } from '../../src/cli/panel/server.ts';
import { launchBrowser } from '../editor/browser.ts';
import { ensureEditor } from '../editor/install.ts';
import { busyViews, SERVICES } from './graph.ts';
import { type Measure, round } from './measure.ts';

const MINUTES = Number(process.env.MALLA_BENCH_MINUTES ?? 10);
/** What is made once, as fonts and code, is there by then. */
const WARM_UP = 30_000;
const LARGEST_GROWTH = 5;
/** Of a screen that draws sixty times a second. */
const LONGEST_FRAME = 16.7;
/** What the clock of an isolated page tells apart, in ms. That of any other page tells 0.1: frames of 16.67 come out at 16.6, 16.7 and 16.8. */
const TICK = 0.005;
/** Longer frames count as this one, in ms. */
const LONGEST_COUNTED = 1_000;

export async function measureLongGraph(root: string): Promise<Measure[]> {
  const browser = await launchBrowser(ensureEditor().browser);
  const server = await startPanelServer({ views: busyViews(), root, port: 0 });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    await isolate(page);
    await page.goto(new URL('/nothing', server.url).href);
    const empty = await framesFor(page, 10_000);
    await page.goto(server.url);
    await page
      .locator('.node')
      .nth(SERVICES - 1)
      .waitFor();
    const session = await page.context().newCDPSession(page);
    await page.waitForTimeout(WARM_UP);
    const before = await heapAfterCollection(session);
    const p95 = await framesFor(page, MINUTES * 60_000);
    const grown = (await heapAfterCollection(session)) - before;
    return [
      {
        name: `lo que crece la memoria de JavaScript del grafo vivo con ${SERVICES} servicios en ${spanish(MINUTES)} minutos`,
        value: round(grown),
        unit: 'MB',
        reference: { name: 'al empezar', value: round(before), unit: 'MB' },
        goal: { words: `≤ ${LARGEST_GROWTH}`, reached: grown <= LARGEST_GROWTH },
      },
      {
        name: 'tiempo entre imágenes del grafo vivo en ese tiempo, p95',
        value: round(p95),
        unit: 'ms',
        reference: { name: 'una página vacía', value: round(empty), unit: 'ms' },
        goal: { words: `≤ ${spanish(LONGEST_FRAME)}`, reached: p95 <= LONGEST_FRAME },
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** With these two headers a browser lets a page see time as finely as it can. */
async function isolate(page: Page): Promise<void> {
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document') return route.continue();
    const response = await route.fetch();
    const headers = {
      ...response.headers(),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    };
    await route.fulfill({ response, headers });
  });
}

/** p95 of the milliseconds between frames. They are counted, not kept, so that ten minutes of them weigh nothing on the page. */
async function framesFor(page: Page, milliseconds: number): Promise<number> {
  return page.evaluate(
    ({ time, tick, longest }) =>
      new Promise<number>((resolve, reject) => {
        if (!crossOriginIsolated) reject(new Error('The page is not isolated: its clock tells only tenths.'));
        const counts = new Uint32Array(longest / tick + 1);
        const begun = performance.now();
        let frames = 0;
        let last = 0;
        const frame = (now: number): void => {
          if (last > 0) {
            const index = Math.min(counts.length - 1, Math.round((now - last) / tick));
            counts[index] = (counts[index] ?? 0) + 1;
            frames += 1;
          }
          last = now;
          if (now - begun < time) {
            requestAnimationFrame(frame);
            return;
          }
          let seen = 0;
          const at = counts.findIndex((count) => {
            seen += count;
            return seen >= frames * 0.95;
          });
          resolve(at * tick);
        };
        requestAnimationFrame(frame);
      }),
    { time: milliseconds, tick: TICK, longest: LONGEST_COUNTED },
  );
}

async function heapAfterCollection(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

function spanish(value: number): string {
  return new Intl.NumberFormat('es-ES').format(value);
}
