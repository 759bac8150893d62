// What pods.ts asks of its client, pods-client.ts, which is a process of its own.
import type { Access } from './cluster.ts';

export const CALLS_A_SECOND = 500;
export const LISTS = 100;

export type Part = 'single' | 'lists';
export interface Order {
  part: Part;
  access: Access;
  /** `/api/v1/namespaces/bench`. */
  namespace: string;
  /** How many there are when it measures: `pod-0` and on. */
  pods: number;
}

/** Told to a client's malloc: what is freed stays its own. */
export const keepsMemory = { MALLOC_MMAP_THRESHOLD_: '1073741824', MALLOC_TRIM_THRESHOLD_: '1073741824' };

/** Told to a client's V8: it collects when it says so, and has room for all that its calls of single objects leave. */
export const collectsWhenTold: Readonly<Record<Part, string[]>> = {
  single: ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'],
  lists: ['--expose-gc'],
};
