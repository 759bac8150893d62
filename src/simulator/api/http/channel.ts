// A queue of lines between what happens and a client that reads at its own pace. Producers never wait: a client that falls
// too far behind is cut off instead.

export interface Channel {
  lines: AsyncIterable<string>;
  /** What the client asked for at once, however much: written as it is read, before all that is pushed. Once, at the beginning. */
  begin(lines: Iterable<string>): void;
  /** False when the channel is closed or has just been closed for being full. */
  push(line: string): boolean;
  /** What is queued is still delivered. */
  end(): void;
}

/** Characters. */
const PIECE = 64 * 1024;
const nothing: Iterable<string> = [];

/** `onClose` runs once, however it ends. */
export function createChannel(signal: AbortSignal, onClose: () => void, mostQueued = 8 * 1024 * 1024): Channel {
  let first = nothing;
  let queue: string[] = [];
  let queued = 0;
  let closed = false;
  let wake: (() => void) | undefined;
  const abort = (): void => {
    first = nothing;
    queue = [];
    close();
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    begin(lines) {
      if (closed) return;
      first = lines;
      wake?.();
    },
    push(line) {
      if (closed) return false;
      queue.push(line);
      queued += line.length;
      // A full queue means a client that stopped reading; it lists anew when it comes back.
      if (queued > mostQueued) abort();
      wake?.();
      return !closed;
    },
    end: close,
    lines: read(),
  };

  function close(): void {
    if (closed) return;
    closed = true;
    signal.removeEventListener('abort', abort);
    onClose();
    wake?.();
  }

  /** In pieces; ends where the channel is cut off. */
  function* pieces(lines: Iterable<string>): Generator<string> {
    let piece = '';
    for (const line of lines) {
      if (first !== lines) return;
      piece += line;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    if (piece !== '') yield piece;
  }

  async function* read(): AsyncGenerator<string> {
    try {
      for (;;) {
        const lines = first;
        yield* pieces(lines);
        if (first === lines) first = nothing;
        if (first !== nothing) continue;
        if (queue.length > 0) {
          const text = queue.join('');
          queue = [];
          queued = 0;
          yield text;
        } else if (closed) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = undefined;
        }
      }
    } finally {
      abort();
    }
  }
}
