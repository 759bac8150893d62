// Tells when an answer has been written by another process: the editor, or `malla responder` in a terminal.
import { unwatchFile, watchFile } from 'node:fs';
import { answersFile } from './answers-file.ts';

/** Looking at one file twice a second works on any file system; watching the folder would hear every write of the cluster. */
const interval = 500;

export function watchAnswers(home: string, signal: AbortSignal, onChange: () => void): void {
  const file = answersFile(home);
  const listener = (): void => {
    if (!signal.aborted) onChange();
  };
  watchFile(file, { interval, persistent: false }, listener);
  signal.addEventListener('abort', () => unwatchFile(file, listener), { once: true });
}
