// VS Code and the panel by keys alone.
import type { Workbench } from './workbench.ts';

export interface Keyboard {
  /** A command by its title, from the palette. */
  run(title: string): Promise<void>;
  /** What the list in view has by this text. */
  pick(text: string): Promise<void>;
  /** In the field in view, in the place of what it says. */
  type(text: string): Promise<void>;
}

export function keyboardOf({ page }: Workbench): Keyboard {
  const field = page.locator('.quick-input-widget input[type="text"]');
  const type = async (text: string): Promise<void> => {
    await field.waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  };
  const choose = async (text: string): Promise<void> => {
    const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text });
    await row.waitFor();
    await page.keyboard.press('Enter');
  };
  return {
    type,
    async run(title) {
      await page.keyboard.press('F1');
      await type(`>${title}`);
      await choose(title);
    },
    async pick(text) {
      await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
      await type(text);
      await choose(text);
    },
  };
}

/** Moves the focus with Tab until it is on the control of the panel with this key. Throws when Tab does not get there. */
export async function reachByTab(workbench: Workbench, key: string): Promise<void> {
  const panel = workbench.panel();
  for (let presses = 0; presses < 120; presses += 1) {
    const focused = await panel
      .locator(':focus')
      .getAttribute('data-key', { timeout: 2000 })
      .catch(() => null);
    if (focused === key) return;
    await workbench.page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${key}.`);
}
