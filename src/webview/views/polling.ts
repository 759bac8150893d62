// Asks again every few seconds while a view is in sight, never twice at once.

export interface Polling {
  start(): void;
  stop(): void;
  /** Asks now, and then goes on. */
  now(): void;
}

export function createPolling(milliseconds: number, work: () => Promise<void>): Polling {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  let wanted = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    if (running) {
      again = true;
      return;
    }
    running = true;
    again = false;
    await work();
    running = false;
    if (wanted) timer = setTimeout(() => void run(), again ? 0 : milliseconds);
  }

  return {
    start() {
      if (wanted) return;
      wanted = true;
      void run();
    },
    stop() {
      wanted = false;
      clearTimeout(timer);
    },
    now: () => void run(),
  };
}
