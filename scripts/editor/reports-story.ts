// The reports of a class in a real browser: axe-core finds nothing, the policy blocks nothing of their own and lets nothing
// else in, and pictures are taken in light, dark and as printed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { classPage } from '../../src/grading/reports/html/class-page.ts';
import { studentPage } from '../../src/grading/reports/html/student-page.ts';
import type { Tally } from './host-suite.ts';
import { sampleClass } from './sample-class.ts';

const themes = { claro: { colorScheme: 'light' }, oscuro: { colorScheme: 'dark' } } as const;

export async function runReportsStory({ root, browser }: { root: string; browser: Browser }): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 };
  const pictures = join(root, 'out/pictures');
  mkdirSync(pictures, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'malla-informes-'));
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, bypassCSP: false });
  const page = await context.newPage();
  const blocked: string[] = [];
  page.on('console', (message) => message.type() === 'error' && blocked.push(message.text()));
  const check = async (title: string, run: () => Promise<string[]>): Promise<void> => {
    const faults = await run().catch((error: unknown) => [String(error)]);
    console.log(`  ${faults.length === 0 ? '✔' : '✘'} ${title}${faults.map((f) => `\n      ${f}`).join('')}`);
    tally[faults.length === 0 ? 'passed' : 'failed']++;
  };
  try {
    for (const [name, html] of Object.entries(await reportPages(root))) {
      const file = join(folder, `${name}.html`);
      writeFileSync(file, html);
      for (const [theme, media] of Object.entries(themes)) {
        await page.emulateMedia({ media: 'screen', ...media });
        await page.goto(pathToFileURL(file).href);
        await page.screenshot({ path: join(pictures, `informe-${name}-${theme}.png`), fullPage: true });
        await check(`${name}, ${theme}: axe-core finds nothing`, () => axeFaults(root, page));
      }
      await page.emulateMedia({ media: 'print', colorScheme: 'light' });
      await page.pdf({
        path: join(pictures, `informe-${name}.pdf`),
        format: 'A4',
        margin: { top: '1.5cm', bottom: '1.5cm', left: '1.5cm', right: '1.5cm' },
      });
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.screenshot({ path: join(pictures, `informe-${name}-papel.png`) });
      await page.setViewportSize({ width: 320, height: 640 });
      await page.emulateMedia({ media: 'screen' });
      await check(`${name}: at 320 pixels nothing is cut off`, async () => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        return wide > 320 ? [`${wide} pixels wide`] : [];
      });
      await page.setViewportSize({ width: 1280, height: 860 });
      // On a page of its own: what it has blocked is the point of it.
      const probe = await context.newPage();
      await probe.goto(pathToFileURL(file).href);
      await check(`${name}: its own policy lets in no script and no style that is not its own`, () =>
        intrudersOf(probe),
      );
      await probe.close();
    }
    await check('nothing of the pages themselves was blocked', async () =>
      blocked.filter((b) => !b.includes('intruso')),
    );
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return tally;
}

async function reportPages(root: string): Promise<Record<string, string>> {
  const result = await sampleClass(root);
  const worst = result.students
    .filter((s) => s.submission !== undefined)
    .reduce((a, b) => ((a.mark ?? 0) <= (b.mark ?? 0) ? a : b));
  return {
    clase: classPage(result, (code) => `alumnos/${code}.html`),
    alumno: studentPage(worst, result),
  };
}

/** axe runs beside the page, not in it: the page's own policy lets no script in. */
async function axeFaults(root: string, page: Page): Promise<string[]> {
  const source = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  // Evaluated by the debugger, which the policy does not bind.
  await page.evaluate(source);
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    return axe.run();
  });
  return violations.map(
    (v) =>
      `${v.id}: ${v.help} ${v.nodes
        .slice(0, 2)
        .map((n) => n.html.slice(0, 160))
        .join(' | ')}`,
  );
}

async function intrudersOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const faults: string[] = [];
    const script = document.createElement('script');
    script.textContent = 'globalThis.intruso = true';
    document.body.append(script);
    if ('intruso' in globalThis) faults.push('a script ran');
    const style = document.createElement('style');
    style.textContent = 'h1{color:rgb(1,2,3)!important}';
    document.head.append(style);
    const heading = document.querySelector('h1');
    if (heading && getComputedStyle(heading).color === 'rgb(1, 2, 3)') faults.push('a style applied');
    const reached = await fetch('data:text/plain,intruso').then(
      () => true,
      () => false,
    );
    if (reached) faults.push('something was fetched');
    return faults;
  });
}
