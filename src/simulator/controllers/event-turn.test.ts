import { expect, test } from 'vitest';
import { createEventTurn } from './event-turn.ts';
import { createFakeClock } from './fixtures/fake-clock.ts';

function crowd(events: number) {
  const clock = createFakeClock();
  const written: number[] = [];
  const turn = createEventTurn<number>(clock, (event) => void written.push(event));
  for (let i = 0; i < events; i++) turn.take(i);
  return { clock, turn, written };
}
const upTo = (events: number) => Array.from({ length: events }, (_, i) => i);

test('a few are written at once, and those of a crowd soon, in their order', () => {
  const { clock, turn, written } = crowd(50);
  expect(written).toEqual(upTo(20));
  turn.take(50);
  expect(written).toHaveLength(20);
  clock.advance(150);
  expect(written).toEqual(upTo(51));
  turn.take(51);
  expect(written).toHaveLength(52);
});

test('while a crowd comes, what waits goes slowly; afterwards quickly', () => {
  const { clock, turn, written } = crowd(20);
  for (let turnOf20 = 0; turnOf20 < 10; turnOf20++) {
    for (let i = 0; i < 40; i++) turn.take(20 + 40 * turnOf20 + i);
    clock.advance(20);
  }
  expect(written.length).toBeLessThan(60);
  clock.advance(300);
  expect(written).toEqual(upTo(420));
});

test('after the stop nothing is written, nor what waits', () => {
  const { clock, turn, written } = crowd(50);
  turn.stop();
  turn.take(50);
  clock.advance(100);
  expect(written).toEqual(upTo(20));
});

test('where there is much else to do, one is written in each turn', () => {
  const clock = createFakeClock();
  const written: number[] = [];
  const turn = createEventTurn<number>({ ...clock, busy: () => true }, (event) => void written.push(event));
  for (let i = 0; i < 200; i++) turn.take(i);
  clock.advance(20 + 9 * 15);
  expect(written).toEqual(upTo(30));
});
