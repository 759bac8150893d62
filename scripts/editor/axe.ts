// What axe-core finds in a page that keeps somebody out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** Empty when nothing does. Evaluated by the browser's driver: the page's policy lets no script in. */
export async function barriersIn(page: Page | Frame, root: string): Promise<string[]> {
  await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate<AxeResults>('window.axe.run(document)');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join('\n    ')}`);
}

/** Throws when something does. */
export async function noBarriers(what: string, page: Page | Frame, root: string): Promise<void> {
  const barriers = await barriersIn(page, root);
  if (barriers.length > 0) throw new Error(`axe finds in ${what}:\n  ${barriers.join('\n  ')}`);
}
