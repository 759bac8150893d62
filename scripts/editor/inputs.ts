// What a person has used in a window: keys or the mouse. Told by the browser itself, in every frame, so that a story that says
// «with nothing but the mouse» is held to it.
import type { Page } from 'playwright-core';

export interface Inputs {
  keys: number;
  clicks: number;
}

/** Counts from the next document on. */
export async function countInputs(page: Page): Promise<Inputs> {
  const inputs: Inputs = { keys: 0, clicks: 0 };
  await page.exposeBinding('mallaInput', (_source, kind: keyof Inputs) => {
    inputs[kind] += 1;
  });
  await page.addInitScript(() => {
    // Only what the browser's user does is trusted; VS Code makes events of its own.
    const tell = (kind: string) => (event: Event) => {
      const told = (window as unknown as { mallaInput?: (kind: string) => void }).mallaInput;
      if (event.isTrusted) told?.(kind);
    };
    window.addEventListener('keydown', tell('keys'), { capture: true });
    window.addEventListener('mousedown', tell('clicks'), { capture: true });
  });
  return inputs;
}
