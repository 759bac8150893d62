import { expect, test } from 'vitest';
import { createEventTurn } from './event-turn.ts';
import { createFakeClock } from './fixtures/fake-clock.ts';

function crowd(events: number) {
  const clock = createFakeClock();
  const turn = createEventTurn(clock);
  const written: number[] = [];
  for (let i = 0; i < events; i++) turn.take(() => written.push(i));
  return { clock, turn, written };
}
const upTo = (events: number) => Array.from({ length: events }, (_, i) => i);

test('a few are written at once, and those of a crowd soon, in their order', () => {
  const { clock, turn, written } = crowd(50);
  expect(written).toEqual(upTo(20));
  turn.take(() => written.push(50));
  expect(written).toHaveLength(20);
  clock.advance(100);
  expect(written).toEqual(upTo(51));
  turn.take(() => written.push(51));
  expect(written).toHaveLength(52);
});

test('after the stop nothing is written, nor what waits', () => {
  const { clock, turn, written } = crowd(50);
  turn.stop();
  turn.take(() => written.push(50));
  clock.advance(100);
  expect(written).toEqual(upTo(20));
});
