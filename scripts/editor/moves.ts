// What a student does in the sidebar and in a lab panel, and what they wait for.
import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

export async function startCluster(workbench: Workbench): Promise<void> {
  await workbench.page.locator('.sidebar').getByRole('button', { name: 'Iniciar clúster' }).click();
  await workbench.statusBar(/Clúster en marcha/).waitFor();
}

/** Applies the labs that this one starts from. */
export async function prepare(workbench: Workbench): Promise<void> {
  const panel = workbench.panel();
  await panel.getByRole('button', { name: 'Preparar lo anterior' }).click();
  await panel
    .getByText(/^Preparando /)
    .first()
    .waitFor();
  const either = panel.getByText(/^Preparando |Preparar lo anterior/).first();
  await either.waitFor({ state: 'detached', timeout: 600_000 });
}

/** A node of the tree, which draws only what is in view, brought there with the wheel. */
export async function scrolledTo(workbench: Workbench, name: RegExp): Promise<Locator> {
  const { page } = workbench;
  const item = workbench.treeItem(name).first();
  const above = workbench.treeItem(/^Despliegue|^Teoría/).first();
  for (let turns = 0; turns < 40 && !(await item.isVisible()); turns += 1) {
    if (turns === 0) await above.hover();
    await page.mouse.wheel(0, 120);
    await page.waitForTimeout(150);
  }
  await item.waitFor();
  return item;
}

export async function turnTo(workbench: Workbench, page: string): Promise<void> {
  const link = workbench.panel().locator(`.page-link[data-key="page-${page}"]`);
  await link.click();
  await link.and(workbench.panel().locator('[aria-current]')).waitFor();
}

/** The mark of a step that is right now, or that was: what nobody watches all the time, as an answer from a pod, is only looked at when asked. */
export const done = '.step-head .mark-correcto, .step-head .mark-superado';

/** A step may turn green before the program that solved it has ended; until then the panel takes no other order. */
export async function idle(workbench: Workbench): Promise<void> {
  await workbench.panel().locator('.notice-busy').waitFor({ state: 'detached' });
}

/** Until the step is green. */
export async function applySolution(workbench: Workbench, page: string): Promise<void> {
  await turnTo(workbench, page);
  await idle(workbench);
  await workbench.panel().getByRole('button', { name: 'Aplicar solución' }).click();
  await workbench.panel().locator(done).waitFor({ timeout: 120_000 });
}

/** From the explorer, with the cursor in it. */
export async function openFile(workbench: Workbench, name: string): Promise<void> {
  const { page } = workbench;
  const patience = { timeout: 120_000 };
  await page.locator('.explorer-folders-view').getByRole('treeitem', { name }).dblclick(patience);
  await page.locator('.tab.active', { hasText: name }).waitFor(patience);
  await page.locator('.editor-group-container.active .view-line').first().waitFor(patience);
  await workbench.command('View: Focus Active Editor Group');
}
