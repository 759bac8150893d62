// Level-triggered work: a key says "look at this object again". However often a key is added before its turn, it is
// looked at once; what fails is looked at again later, each time a little later.
import type { Clock } from '../contract.ts';

export interface WorkQueue {
  add(key: string): void;
  /** Looks at the key again after this long, unless it was asked for an earlier time already. */
  addAfter(key: string, milliseconds: number): void;
  stop(): void;
}

const FIRST_RETRY = 5;
const LAST_RETRY = 30_000;
/** Longest stretch of work before other things of the process get their turn. */
const SLICE = 10;

export function createWorkQueue(clock: Clock, name: string, sync: (key: string) => void): WorkQueue {
  const pending = new Set<string>();
  const failures = new Map<string, number>();
  const later = new Map<string, { due: number; cancel: () => void }>();
  let cancelDrain: (() => void) | undefined;
  let stopped = false;

  function add(key: string) {
    if (stopped) return;
    pending.add(key);
    cancelDrain ??= clock.after(0, drain);
  }

  function addAfter(key: string, milliseconds: number) {
    if (stopped) return;
    const due = clock.now() + milliseconds;
    const planned = later.get(key);
    if (planned && planned.due <= due) return;
    planned?.cancel();
    const cancel = clock.after(milliseconds, () => {
      later.delete(key);
      add(key);
    });
    later.set(key, { due, cancel });
  }

  function drain() {
    cancelDrain = undefined;
    const started = clock.now();
    for (const key of [...pending]) {
      if (stopped) return;
      if (clock.now() - started > SLICE) break;
      pending.delete(key);
      attempt(key);
    }
    if (pending.size > 0 && !stopped) cancelDrain ??= clock.after(0, drain);
  }

  function attempt(key: string) {
    // Each look plans its own next one: an older plan is out of date.
    later.get(key)?.cancel();
    later.delete(key);
    try {
      sync(key);
      failures.delete(key);
    } catch (error) {
      // A fault of this code must not bring the cluster down, nor pass in silence.
      if (!isApiError(error)) console.error(`${name}: ${key}:`, error);
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      addAfter(key, Math.min(FIRST_RETRY * 2 ** count, LAST_RETRY));
    }
  }

  return {
    add,
    addAfter,
    stop() {
      stopped = true;
      cancelDrain?.();
      for (const { cancel } of later.values()) cancel();
    },
  };
}

/** A refusal of the API (a Kubernetes Status), as against a fault in a program. */
export function isApiError(error: unknown): error is Error & { code: number } {
  return error instanceof Error && typeof (error as Error & { code?: unknown }).code === 'number';
}
