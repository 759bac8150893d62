import { expect, test } from 'vitest';
import { createFakeClock } from '../controllers/fixtures/fake-clock.ts';
import { stopWhenIdle } from './idle-stop.ts';

test('it stops once nobody was noticed for the whole time, with one timer', () => {
  const clock = createFakeClock();
  let stopped = 0;
  const idle = stopWhenIdle(clock, 1_000, () => stopped++);
  clock.advance(900);
  idle.notice();
  idle.notice();
  clock.advance(900);
  expect([stopped, clock.waiting()]).toEqual([0, 1]);
  clock.advance(100);
  expect([stopped, clock.waiting()]).toEqual([1, 0]);
});

test('cancelled, it never stops', () => {
  const clock = createFakeClock();
  let stopped = 0;
  const idle = stopWhenIdle(clock, 1_000, () => stopped++);
  clock.advance(500);
  idle.notice();
  clock.advance(600);
  idle.cancel();
  clock.advance(10_000);
  expect(stopped).toBe(0);
});
