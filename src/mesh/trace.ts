// What explaining a decision later needs to know of how it was made.
import type { Fault } from './faults.ts';

/** -1: it did not come to that. */
export interface Trace {
  route: number;
  destination: number;
  /** In [0, 1); -1 when there was nothing to draw. */
  draw: number;
  /** 0 when a fault is certain. */
  delayDraw: number;
  abortDraw: number;
  endpoint: number;
}

export function newTrace(): Trace {
  return { route: -1, destination: -1, draw: -1, delayDraw: -1, abortDraw: -1, endpoint: -1 };
}

/** Whether a draw falls in the share that a fault takes. */
export function struck(probability: number, draw: number): boolean {
  return draw >= 0 && draw < probability;
}

/** Milliseconds that the request is held back; undefined: it is not. */
export function heldFor(fault: Fault | undefined, { delayDraw }: Trace): number | undefined {
  const delay = fault?.delay;
  return delay && struck(delay.probability, delayDraw) ? delay.milliseconds : undefined;
}
