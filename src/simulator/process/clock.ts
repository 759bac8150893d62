import { performance } from 'node:perf_hooks';
import type { Clock } from '../contract.ts';

/** The part of its time that work takes of a process that is busy. */
const BUSY = 0.25;

let asked = performance.eventLoopUtilization();

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  busy() {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, asked);
    asked = now;
    return utilization > BUSY;
  },
};

/** The wall clock may be set, and stops counting fractions: the steady one tells them, and follows when they part. */
const MOST_APART = 2;

/** Milliseconds since the epoch, with fractions. */
export function createPreciseNow(): () => number {
  let base = Date.now() - performance.now();
  return () => {
    const [steady, wall] = [performance.now(), Date.now()];
    if (Math.abs(base + steady - wall) > MOST_APART) base = wall - steady;
    return base + steady;
  };
}
