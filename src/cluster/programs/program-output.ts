// What a program writes on one stream: kept up to a limit, and told line by line.
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { withoutControls } from './program-error.ts';

export interface KeepOptions {
  /** Bytes. */
  limit: number;
  onLine?: ((line: string) => void) | undefined;
  /** Called once. What comes after is dropped. */
  onTooMuch(): void;
}

export interface KeptOutput {
  /** UTF-8; what is not is replaced. */
  text(): string;
  /** Stops listening to a stream that never ends. */
  close(): void;
}

/** A line without an end is told in pieces of this length. */
const longestLine = 64 * 1024;

export function keepOutput(stream: Readable, { limit, onLine, onTooMuch }: KeepOptions): KeptOutput {
  const chunks: Buffer[] = [];
  const lines = onLine ? createLines(onLine) : undefined;
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size > limit) return;
    size += chunk.length;
    if (size > limit) {
      chunks.push(chunk.subarray(0, chunk.length - (size - limit)));
      onTooMuch();
      return;
    }
    chunks.push(chunk);
    lines?.write(chunk);
  });
  stream.on('end', () => lines?.end());
  // The program's own end says what happened.
  stream.on('error', () => {});
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    close: () => stream.destroy(),
  };
}

function createLines(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    write(chunk: Buffer): void {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) onLine(withoutControls(part.replace(/\r$/, '')));
      if (rest.length > longestLine) {
        onLine(withoutControls(rest));
        rest = '';
      }
    },
    end(): void {
      if (rest !== '') onLine(withoutControls(rest));
      rest = '';
    },
  };
}
