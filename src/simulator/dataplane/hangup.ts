// The client's end of a request: it may go away before its answer. Each hop has its own, and ends that of the next.

export class Hangup {
  gone = false;
  #listener: (() => void) | undefined;

  /** One listener: the proxy that serves the request now. Called at once when the client is gone already. */
  watch(listener: () => void): void {
    this.#listener = listener;
    if (this.gone) listener();
  }

  /** The answer is made: what the client does from here on is nobody's business. */
  forget(): void {
    this.#listener = undefined;
  }

  end(): void {
    if (this.gone) return;
    this.gone = true;
    this.#listener?.();
  }
}
