// What the extension costs in the real VS Code, installed from its package: its size, waking up, opening a panel, a panel that
// is hidden, and what the extension host does without a pause in a folder of ten thousand files. Beside each, the same of an
// extension or a panel that does nothing.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { canaryYaml } from '../../src/language/fixtures.ts';
import { launchBrowser } from '../editor/browser.ts';
import { ensureEditor } from '../editor/install.ts';
import { openFile, startCluster } from '../editor/moves.ts';
import { onStage, type Scene, type StageOptions } from '../editor/stage.ts';
import type { Testimony } from '../editor/witness.ts';
import { limits, makePackage } from '../package/package.ts';
import { type Measure, quantile, round } from './measure.ts';

/** MALLA_BENCH_STARTS makes it shorter, to try it. */
const STARTS = Number(process.env.MALLA_BENCH_STARTS ?? 20);
const OPENINGS = Math.min(10, STARTS);
const FILES = 10_000;
const HIDDEN_TURNS = 5;
const HIDDEN_SECONDS = 10;

export async function measureExtension(root: string): Promise<Measure[]> {
  const editor = ensureEditor();
  const browser = await launchBrowser(editor.browser);
  const stage: StageOptions = { root, editor, browser, witness: true };
  const measures = await measurePackage(root);
  const on = (play: (scene: Scene) => Promise<Measure[]>): Promise<void> =>
    onStage(stage, async (scene) => {
      measures.push(...(await play(scene)));
    });
  try {
    await on(measureUnrelated);
    await on(measureStarts);
    await on(measureOpenings);
    await on((scene) => measureHidden(scene, browser));
    await on(measurePauses);
  } finally {
    await browser.close();
  }
  return measures;
}

async function measurePackage(root: string): Promise<Measure[]> {
  const { vsix, entries } = await makePackage(root);
  const files = entries.length + 2;
  return [
    {
      name: 'tamaño del paquete de la extensión (VSIX)',
      value: round(vsix.length / 1e6),
      unit: 'MB',
      goal: { words: `≤ ${limits.bytes / 1e6}`, reached: vsix.length <= limits.bytes },
    },
    {
      name: 'ficheros del paquete',
      value: files,
      unit: 'ficheros',
      goal: { words: `≤ ${limits.files}`, reached: files <= limits.files },
    },
  ];
}

async function measureUnrelated({ workbench, folder, witness }: Scene): Promise<Measure[]> {
  writeFileSync(join(folder, 'notas.md'), '# Notas\n');
  await openFile(workbench, 'notas.md');
  await workbench.page.waitForTimeout(5000);
  const { modules } = await witness().see('the folder', () => true);
  return [
    {
      name: 'ficheros de la extensión que carga una carpeta ajena',
      value: modules.length,
      unit: 'ficheros',
      goal: { words: '0', reached: modules.length === 0 },
    },
  ];
}

/** With Malla's place in view, so that each start of the window wakes it up. VS Code's own table says what it took. */
async function measureStarts({ workbench, witness }: Scene): Promise<Measure[]> {
  await workbench.openMalla();
  const rows: { load: number; begin: number; entry: Cost; bare: Cost }[] = [];
  let host = 0;
  for (let start = 0; start <= STARTS; start += 1) {
    // In a browser VS Code writes what it keeps, as what is in view, every five seconds.
    if (start === 0) await workbench.page.waitForTimeout(6000);
    await workbench.page.reload();
    const seen = await witness().see(
      'another host, with all of Malla',
      ({ pid, measures }) => pid !== host && named(measures, 'begin') > 0,
    );
    host = seen.pid;
    await workbench.page.locator('.monaco-workbench .activitybar').waitFor();
    witness().order('perfview.show');
    const costs = await costsOf(['malla.malla', 'malla-tests.witness'], () => witness().textOf('perf'));
    witness().order('workbench.action.closeAllEditors');
    await workbench.page.locator('.editor-instance').first().waitFor({ state: 'detached' });
    // The first start also fills caches of the editor's own.
    if (start > 0)
      rows.push({
        load: named(seen.measures, 'load'),
        begin: named(seen.measures, 'begin'),
        entry: costs['malla.malla'],
        bare: costs['malla-tests.witness'],
      });
  }
  const middle = (pick: (row: (typeof rows)[number]) => number): number => round(quantile(rows.map(pick), 0.5), 1);
  const load = middle((row) => row.load + row.entry.load);
  const activate = middle((row) => row.begin + row.entry.activate);
  return [
    {
      name: `cargar la extensión, de la entrada a todo lo demás, mediana de ${STARTS}`,
      value: load,
      unit: 'ms',
      reference: { name: 'una extensión vacía', value: middle((row) => row.bare.load), unit: 'ms' },
      goal: { words: '≤ 40', reached: load <= 40 },
    },
    {
      name: `activarla: registrar todo lo que ofrece, mediana de ${STARTS}`,
      value: activate,
      unit: 'ms',
      reference: { name: 'una extensión vacía', value: middle((row) => row.bare.activate), unit: 'ms' },
      goal: { words: '≤ 25', reached: activate <= 25 },
    },
  ];
}

/** The page is there before its figures are, and each extension has its row once it is awake. */
async function costsOf<Id extends string>(ids: readonly Id[], read: () => Promise<string>): Promise<Record<Id, Cost>> {
  for (let left = LOOKS; left > 0; left--) {
    const page = await read();
    const found = ids.flatMap((id) => {
      const cost = costIn(page, id);
      return cost ? [[id, cost]] : [];
    });
    if (found.length === ids.length) return Object.fromEntries(found);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error('VS Code’s page of start-up times stays without figures.');
}

/** A minute: the page waits until the window has nothing else to do. */
const LOOKS = 240;
const PAUSE = 250;

function named(measures: Testimony['measures'], name: string): number {
  return measures.find((m) => m.name === `malla/${name}`)?.duration ?? 0;
}

interface Cost {
  load: number;
  activate: number;
}

/** Milliseconds of the row of an extension: «| id | eager | load | call | finish | event | by |». */
function costIn(page: string, id: string): Cost | undefined {
  const row = page.split('\n').find((line) => line.includes(`| ${id} `) || line.includes(`|${id}|`));
  const numbers = row
    ?.split('|')
    .map((cell) => cell.trim())
    .filter((cell) => /^\d+(?:\.\d+)?$/.test(cell))
    .map(Number);
  return numbers && { load: numbers[0] ?? 0, activate: numbers[1] ?? 0 };
}

async function measureOpenings({ workbench, witness }: Scene): Promise<Measure[]> {
  const { page } = workbench;
  await workbench.openMalla();
  await workbench.treeItem(/Canary/i).waitFor();
  const opening = async (...order: [string, ...unknown[]]): Promise<number> => {
    const begun = Date.now();
    witness().order(...order);
    const done = await headingAfter(page, begun);
    // A key would go to whatever has the focus, which a panel that has just opened may still be taking.
    witness().order('workbench.action.closeAllEditors');
    await page.locator('iframe.webview').waitFor({ state: 'detached' });
    return done;
  };
  const own: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i <= OPENINGS; i += 1) {
    const one = await opening('witness.panel');
    const other = await opening('malla.openLab', 'canary');
    // The first opening fetches what every panel of the editor shares.
    if (i > 0) {
      bare.push(one);
      own.push(other);
    }
  }
  const [value, beside] = [quantile(own, 0.5), quantile(bare, 0.5)];
  return [
    {
      name: `de la orden al texto de un laboratorio en su panel, mediana de ${OPENINGS}`,
      value,
      unit: 'ms',
      reference: { name: 'un panel con solo un título', value: beside, unit: 'ms' },
      goal: { words: '≤ 300', reached: value <= 300 },
    },
  ];
}

/** Milliseconds from `begun` until some panel has a heading with text. */
async function headingAfter(page: Page, begun: number): Promise<number> {
  for (const deadline = begun + 60_000; Date.now() < deadline; ) {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      const there = await frame.evaluate("Boolean(document.querySelector('h1')?.textContent)").catch(() => false);
      if (there) return Date.now() - begun;
    }
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  throw new Error('No panel shows a heading.');
}

/** The views with a cluster that runs, behind another editor and closed, by turns: what else the machine does changes too. */
async function measureHidden({ workbench }: Scene, browser: Browser): Promise<Measure[]> {
  const { page } = workbench;
  await workbench.openMalla();
  await startCluster(workbench);
  const hidden: number[] = [];
  const closed: number[] = [];
  for (let turn = 0; turn < HIDDEN_TURNS; turn += 1) {
    await workbench.command('Malla: Ver la malla');
    await workbench.panel().getByRole('button', { name: 'Grafo' }).waitFor();
    await workbench.command('File: New Untitled Text File');
    await page.waitForTimeout(5000);
    hidden.push(await browserCpu(browser, page));
    await workbench.command('View: Close All Editors');
    await workbench.command('File: New Untitled Text File');
    await page.waitForTimeout(5000);
    closed.push(await browserCpu(browser, page));
    await workbench.command('View: Close All Editors');
  }
  const without = quantile(closed, 0.5);
  const more = round(Math.max(0, quantile(hidden, 0.5) - without));
  return [
    {
      name: `CPU de un panel oculto, en ${HIDDEN_TURNS} turnos de ${HIDDEN_SECONDS} s: lo que el editor gasta de más frente a tenerlo cerrado`,
      value: more,
      unit: '% de un núcleo',
      reference: { name: 'el editor con él cerrado', value: round(without), unit: '% de un núcleo' },
      goal: { words: '≤ 0,5', reached: more <= 0.5 },
    },
  ];
}

/** Of all processes of the browser, in per cent of a core. */
async function browserCpu(browser: Browser, page: Page): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const used = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const before = await used();
  await page.waitForTimeout(HIDDEN_SECONDS * 1000);
  const after = await used();
  await session.detach();
  return (100 * (after - before)) / HIDDEN_SECONDS;
}

async function measurePauses({ workbench, folder, witness }: Scene): Promise<Measure[]> {
  for (let i = 0; i < FILES; i += 1) {
    const own = join(folder, 'muchos', String(i % 100));
    if (i < 100) mkdirSync(own, { recursive: true });
    writeFileSync(join(own, `vs-${i}.yaml`), canaryYaml.replace('name: reviews', `name: reviews-${i}`));
  }
  writeFileSync(join(folder, 'notas.md'), '# Notas\n');
  writeFileSync(join(folder, 'canary.yaml'), canaryYaml);
  await openFile(workbench, 'notas.md');
  await workbench.page.waitForTimeout(15_000);
  witness().order('witness.forget');
  await workbench.page.waitForTimeout(15_000);
  const { longestPause: without } = await witness().see('without Malla', () => true);
  witness().order('witness.forget');
  await openFile(workbench, 'canary.yaml');
  await witness().see('all of Malla', ({ modules }) => modules.some((path) => basename(path) === 'main.cjs'));
  await workbench.page.waitForTimeout(30_000);
  const { longestPause } = await witness().see('with Malla', () => true);
  return [
    {
      name: `trabajo más largo sin pausa del anfitrión de extensiones en el editor, al abrir un fichero de Istio entre ${FILES}`,
      value: round(longestPause, 1),
      unit: 'ms de CPU',
      reference: { name: 'la misma carpeta, sin Malla despierta', value: round(without, 1), unit: 'ms de CPU' },
      goal: { words: '≤ 50', reached: longestPause <= 50 },
    },
  ];
}
