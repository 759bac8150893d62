// VS Code's window as a person handles it: by what it shows, not by its insides.
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';

export interface Workbench {
  readonly page: Page;
  /** Opens Malla's place in the sidebar. */
  openMalla(): Promise<void>;
  treeItem(name: string | RegExp): Locator;
  statusBar(text: string | RegExp): Locator;
  /** The document of the lab panel in view. */
  panel(): FrameLocator;
  /** The same as a frame, to look into. */
  panelFrame(): Promise<Frame>;
  /** Runs a command by its title in the palette. */
  command(title: string): Promise<void>;
  theme(name: ThemeName): Promise<void>;
  /** The text in the terminal in view. */
  terminalText(): Promise<string>;
}

export type ThemeName = 'claro' | 'oscuro' | 'contraste';

const themes: Record<ThemeName, string> = {
  claro: 'Light Modern',
  oscuro: 'Dark Modern',
  contraste: 'Dark High Contrast',
};

/** What the window says of its theme. */
const themeClasses: Record<ThemeName, string> = { claro: 'vs', oscuro: 'vs-dark', contraste: 'hc-black' };

/** Opens the editor and waits until it is ready to be used. */
export async function openWorkbench(page: Page, address: string, language = 'es'): Promise<Workbench> {
  await speak(page, language);
  await page.goto(address, { timeout: 120_000 });
  await page.locator('.monaco-workbench .activitybar').waitFor({ timeout: 120_000 });
  /** Of a list of commands that was opened before the window was ready some are missing: it is opened again. */
  const command = async (title: string): Promise<void> => {
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    for (let tries = 0; ; tries += 1) {
      await page.keyboard.press('F1');
      try {
        await page.locator('.quick-input-widget input[type="text"]').fill(`>${title}`, { timeout: 10_000 });
        return await row.click({ timeout: 10_000 });
      } catch (error) {
        if (tries === 8) throw error;
        await page.keyboard.press('Escape');
      }
    }
  };
  return {
    page,
    async openMalla() {
      // A click on the place that is open closes it.
      const shown = await page.locator('.sidebar').getByText('Laboratorios').first().isVisible();
      if (!shown) await page.locator('.activitybar').getByRole('tab', { name: 'Malla' }).click();
      await page.locator('.sidebar').getByText('Laboratorios').first().waitFor();
    },
    treeItem: (name) => page.locator('.sidebar').getByRole('treeitem', { name }),
    statusBar: (text) => page.locator('.statusbar').getByText(text),
    panel: () => page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame'),
    async panelFrame() {
      const outer = await page.locator('iframe.webview.ready:visible').last().elementHandle();
      const inner = await (await outer?.contentFrame())?.waitForSelector('#active-frame');
      const frame = await inner?.contentFrame();
      if (!frame) throw new Error('There is no panel in view.');
      return frame;
    },
    command,
    async theme(name) {
      await command('Preferences: Color Theme');
      // The list of themes takes the place of the list of commands.
      const input = page.locator('.quick-input-widget input[placeholder*="Theme"]');
      await input.fill(themes[name]);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: themes[name] }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      // A busy editor takes its time to draw itself anew.
      await page.locator(`.monaco-workbench.${themeClasses[name]}`).waitFor({ timeout: 60_000 });
    },
    async terminalText() {
      return (await page.locator('.terminal-wrapper.active .xterm-accessibility, .xterm-rows').allInnerTexts()).join(
        '\n',
      );
    },
  };
}

/**
 * The language that VS Code takes for its own and tells extensions. Its own texts stay English: the server carries no
 * other. Before the page is opened.
 */
export async function speak(page: Page, language: string): Promise<void> {
  await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`);
}
