// Bytes on their way to readers, kept in order. Several may read one after the other, as programs share a standard input.

export interface ByteQueue extends AsyncIterable<Uint8Array> {
  push(chunk: Uint8Array): void;
  /** What a reader took and did not want. */
  unread(chunk: Uint8Array): void;
  end(): void;
  /** Nobody will read any more. */
  abandon(): void;
  /** Resolves when readers have taken enough of what waits, or read no more. */
  drained(): Promise<void>;
}

/** More than this and `drained` waits. */
const ENOUGH = 256 * 1024;
/** A writer that never waits loses what is above this. */
const MOST = 64 * 1024 * 1024;

export function createByteQueue(onAbandon: () => void = () => {}): ByteQueue {
  let chunks: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  let abandoned = false;
  let readers: (() => void)[] = [];
  let writers: (() => void)[] = [];
  const wake = (waiting: (() => void)[]): void => {
    for (const one of waiting) one();
  };
  const wakeReaders = (): void => {
    const all = readers;
    readers = [];
    wake(all);
  };
  const wakeWriters = (): void => {
    const all = writers;
    writers = [];
    wake(all);
  };

  async function next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      const [only] = chunks;
      if (only) {
        const value = chunks.length === 1 ? only : Buffer.concat(chunks);
        chunks = [];
        length = 0;
        wakeWriters();
        return { done: false, value };
      }
      if (ended || abandoned) return { done: true, value: undefined };
      await new Promise<void>((resolve) => readers.push(resolve));
    }
  }

  return {
    push(chunk) {
      if (ended || abandoned || chunk.length === 0 || length + chunk.length > MOST) return;
      chunks.push(chunk);
      length += chunk.length;
      wakeReaders();
    },
    unread(chunk) {
      if (chunk.length === 0) return;
      chunks.unshift(chunk);
      length += chunk.length;
      wakeReaders();
    },
    end() {
      ended = true;
      wakeReaders();
    },
    abandon() {
      if (abandoned) return;
      abandoned = true;
      chunks = [];
      length = 0;
      wakeReaders();
      wakeWriters();
      onAbandon();
    },
    async drained() {
      if (length < ENOUGH || abandoned) return;
      await new Promise<void>((resolve) => writers.push(resolve));
    },
    // No `return`: a reader that stops leaves the rest to the next.
    [Symbol.asyncIterator]: () => ({ next }),
  };
}
