// A panel at a zoom of 200 %, which is the same as a window of half the size; and with reduced motion.
import { noBarriers } from './axe.ts';
import type { Scene } from './stage.ts';

/** Throws when something is cut off, when something moves all the same, or when somebody is kept out. Takes a picture. */
export async function fitsAtDoubleZoom(
  what: string,
  { workbench, root, picture }: Pick<Scene, 'workbench' | 'root' | 'picture'>,
  name: string,
): Promise<void> {
  const { page } = workbench;
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await page.setViewportSize({ width: 640, height: 400 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const frame = await workbench.panelFrame();
  await frame.waitForFunction('innerWidth < 640');
  // Of two groups side by side each is narrower than that from the start: the window is given time to draw itself anew.
  await page.waitForTimeout(700);
  const wide = await frame.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  // What scrolls inside a box of its own can be reached.
  const cut = await frame.evaluate(`[...document.querySelectorAll('button, input, select, summary, h1, h2, p')]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
    .filter((e) => {
      for (let box = e.parentElement; box; box = box.parentElement)
        if (box !== document.documentElement && box.scrollWidth > box.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(box).overflowX)) return false;
      return true;
    })
    .map((e) => e.textContent)`);
  if (wide !== 0 || (cut as string[]).length > 0) {
    await picture(name);
    throw new Error(`${what} is too wide by ${wide}; cut off: ${cut}`);
  }
  const moving = await frame.evaluate('document.getAnimations().length');
  if (moving !== 0) throw new Error(`${what}: ${moving} animations go on.`);
  await noBarriers(`${what} at 200 %`, frame, root);
  await picture(name);
  await page.emulateMedia({ reducedMotion: null });
  await page.setViewportSize({ width: 1280, height: 800 });
  await workbench.command('View: Toggle Primary Side Bar Visibility');
}
