// A queue of lines between what happens and a client that reads at its own pace. Producers never wait: a client that falls
// too far behind is cut off instead.

export interface Channel {
  lines: AsyncIterable<string>;
  /**
   * False when the channel is closed or has just been closed for being full. What the client asked for at once, however
   * much, is `initial` and fills nothing.
   */
  push(line: string, initial?: 'initial'): boolean;
  /** What is queued is still delivered. */
  end(): void;
}

/** `onClose` runs once, however it ends. */
export function createChannel(signal: AbortSignal, onClose: () => void, mostQueued = 8 * 1024 * 1024): Channel {
  let queue: string[] = [];
  let queued = 0;
  let closed = false;
  let wake: (() => void) | undefined;
  const abort = (): void => {
    queue = [];
    close();
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    push(line, initial) {
      if (closed) return false;
      queue.push(line);
      if (!initial) queued += line.length;
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

  async function* read(): AsyncGenerator<string> {
    try {
      for (;;) {
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
