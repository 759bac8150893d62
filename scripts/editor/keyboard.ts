// VS Code and the panel by keys alone.
import type { Workbench } from './workbench.ts';

export interface Keyboard {
  /** A command by its title, from the palette. */
  run(title: string): Promise<void>;
  /** What the list in view has by this text. */
  pick(text: string): Promise<void>;
  /** A file, in the editor's own list of files, which takes the place of the system's in a browser. */
  answerPath(path: string): Promise<void>;
}

export function keyboardOf({ page }: Workbench): Keyboard {
  const field = page.locator('.quick-input-widget input[type="text"]');
  const write = async (text: string): Promise<void> => {
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  };
  const choose = async (text: string, timeout?: number): Promise<void> => {
    const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text });
    await row.waitFor(timeout === undefined ? {} : { timeout });
    await page.keyboard.press('Enter');
  };
  /** Until there is no field in view that begins like this. */
  const gone = async (beginning: string, timeout: number): Promise<void> => {
    await page.waitForFunction(
      (start) => {
        const input = document.querySelector<HTMLInputElement>('.quick-input-widget input[type="text"]');
        return !input?.checkVisibility() || !input.value.startsWith(start);
      },
      beginning,
      { timeout },
    );
  };
  /** The field of a question, and no longer that of the palette, which begins with «>». */
  const asked = async (): Promise<void> => {
    await field.waitFor();
    await page.waitForFunction(() => {
      const input = document.querySelector<HTMLInputElement>('.quick-input-widget input[type="text"]');
      return input?.checkVisibility() && !input.value.startsWith('>');
    });
  };
  return {
    /** The list writes where it begins over what was typed too soon: it is asked until it goes away. */
    async answerPath(path) {
      await page.waitForFunction(() => {
        const input = document.querySelector<HTMLInputElement>('.quick-input-widget input[type="text"]');
        return input?.checkVisibility() && input.value.startsWith('/');
      });
      for (let tries = 0; tries < 20; tries += 1) {
        if ((await field.inputValue()) !== path) await write(path);
        await page.keyboard.press('Enter');
        if (
          await gone('/', 6000).then(
            () => true,
            () => false,
          )
        )
          return;
      }
      throw new Error(`${path} was not taken.`);
    },
    /** Of a list of commands that was opened before the window was ready some are missing: it is opened again. */
    async run(title) {
      for (let tries = 0; ; tries += 1) {
        await page.keyboard.press('F1');
        try {
          await field.waitFor({ timeout: 10_000 });
          await write(`>${title}`);
          await choose(title, 10_000);
          // A busy editor may lose the key: the palette is still there.
          return await gone('>', 5000);
        } catch (error) {
          if (tries === 8) throw error;
          await page.keyboard.press('Escape');
        }
      }
    },
    async pick(text) {
      await asked();
      await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
      await write(text);
      await choose(text);
    },
  };
}

/** Moves the focus with Tab until it is on the control of the panel with this key. Throws when Tab does not get there. */
export async function reachByTab(workbench: Workbench, key: string): Promise<void> {
  const panel = workbench.panel();
  for (let presses = 0; presses < 120; presses += 1) {
    if ((await panel.locator(`[data-key="${key}"]:focus`).count()) > 0) return;
    await workbench.page.keyboard.press('Tab');
    await workbench.page.waitForTimeout(50);
  }
  throw new Error(`Tab does not reach ${key}.`);
}
