import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';

test('a process is busy that has just worked, and not one that has waited', async () => {
  systemClock.busy?.();
  const end = performance.now() + 50;
  while (performance.now() < end);
  expect(systemClock.busy?.()).toBe(true);
  await wait(300);
  expect(systemClock.busy?.()).toBe(false);
});
