// A minimal event source, so that what does not draw needs no `vscode`.

export interface Listening {
  dispose(): void;
}

export interface Emitter<T> {
  readonly listen: (listener: (value: T) => void) => Listening;
  fire(value: T): void;
}

/** A listener that is disposed while the event is being told hears it no more. */
export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    listen(listener) {
      // Wrapped: the same function may listen twice.
      const own = (value: T): void => listener(value);
      listeners.add(own);
      return { dispose: () => void listeners.delete(own) };
    },
    fire(value) {
      for (const listener of listeners) listener(value);
    },
  };
}
