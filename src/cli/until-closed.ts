// What the editor reads line by line goes on until the editor closes it.
import { createInterface } from 'node:readline';
import type { Host } from './host.ts';

/** Resolves when the input ends, the line `{"do":"stop"}` comes, or the program is told to end. */
export async function untilClosed({ stdin, signal }: Host): Promise<void> {
  const lines = createInterface({ input: stdin });
  signal.addEventListener('abort', () => lines.close(), { once: true });
  lines.on('line', (line) => {
    if (/^\{"do":"stop"\}$/.test(line.trim())) lines.close();
  });
  await new Promise<void>((resolve) => lines.once('close', resolve));
}
