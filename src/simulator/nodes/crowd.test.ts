import { expect, test } from 'vitest';
import { createFakeClock } from '../controllers/fixtures/fake-clock.ts';
import { createCrowd } from './crowd.ts';

function start() {
  const clock = createFakeClock();
  const crowd = createCrowd(clock);
  const join = (pods: number) =>
    Array.from({ length: pods }, () => {
      crowd.join();
      return crowd.here;
    });
  return { clock, crowd, join };
}

test('the first ones are none; those after them are one, and so are those that come next', () => {
  const { clock, join } = start();
  expect(join(32).slice(28)).toEqual([false, false, true, true]);
  clock.advance(100);
  expect(join(40).every((here) => here)).toBe(true);
  clock.advance(150);
  expect(join(1)).toEqual([true]);
});

test('it is over when fewer come, or nobody for a while', () => {
  const { clock, crowd, join } = start();
  join(40);
  clock.advance(100);
  expect(join(5).at(-1)).toBe(true);
  clock.advance(100);
  expect(join(5).at(-1)).toBe(false);
  join(40);
  clock.advance(200);
  expect(crowd.here).toBe(false);
});
