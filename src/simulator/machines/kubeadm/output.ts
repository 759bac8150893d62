// How kubeadm writes: lines, log lines of its libraries, and time that passes between them.
import type { ProgramStreams } from '../../exec/program.ts';
import type { KubeadmWorld } from './world.ts';

export interface Output {
  say(line: string): void;
  warn(line: string): void;
  /** A line of the log library. */
  log(source: string, message: string): void;
  pause(milliseconds: number): Promise<void>;
}

export function outputFor({ stdout, stderr, signal }: ProgramStreams, { clock }: KubeadmWorld): Output {
  return {
    say: (line) => stdout(`${line}\n`),
    warn: (line) => stderr(`${line}\n`),
    log(source, message) {
      const iso = new Date(clock.now()).toISOString();
      stderr(
        `W${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 19)}.${iso.slice(20, 23)}000    4242 ${source}] ${message}\n`,
      );
    },
    pause(milliseconds) {
      if (milliseconds <= 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(milliseconds, resolve);
        const stop = (): void => {
          cancel();
          resolve();
        };
        signal.addEventListener('abort', stop, { once: true });
      });
    },
  };
}
