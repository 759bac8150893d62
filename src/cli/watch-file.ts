// Tells when a file of Malla's home has been written by another process: the editor, or an order in another terminal.
import { unwatchFile, watchFile } from 'node:fs';

/** Looking at one file twice a second works on any file system; watching the folder would hear every write of the cluster. */
const interval = 500;

/** Until `signal`. The file need not exist yet. */
export function watchWrites(file: string, signal: AbortSignal, onChange: () => void): void {
  const listener = (): void => {
    if (!signal.aborted) onChange();
  };
  watchFile(file, { interval, persistent: false }, listener);
  signal.addEventListener('abort', () => unwatchFile(file, listener), { once: true });
}
