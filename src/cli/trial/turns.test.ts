import { expect, test } from 'vitest';
import { createTurns, inOrder } from './turns.ts';

test('no more than the places run at once, and who came first goes first', async () => {
  const turns = createTurns(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const all = [0, 1, 2, 3].map((n) =>
    turns.take(() => {
      started.push(n);
      return new Promise<number>((resolve) => ends.push(() => resolve(n)));
    }),
  );
  await settle();
  expect(started).toEqual([0, 1]);
  ends[1]?.();
  await settle();
  expect(started).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  await settle();
  ends[3]?.();
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
});

test('a failure leaves its place free', async () => {
  const turns = createTurns(1);
  await expect(turns.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.take(async () => 'next')).toBe('next');
});

test('results come in the order of their beginnings, whatever the order of their ends', async () => {
  const seen: string[] = [];
  const slow = later('slow', 3);
  for await (const result of inOrder<string>(async (begin) => {
    begin(slow);
    begin(later('quick', 1));
    await settle();
    begin(later('last', 1));
  }))
    seen.push(result);
  expect(seen).toEqual(['slow', 'quick', 'last']);
});

test('a failed result and a failed producer reject, when what is under way has ended', async () => {
  let ended = false;
  const failing = inOrder<string>(async (begin) => {
    begin(Promise.reject(new Error('result')));
    begin(
      later('other', 3).then((r) => {
        ended = true;
        return r;
      }),
    );
  });
  await expect(failing.next()).rejects.toThrow('result');
  expect(ended).toBe(true);
  await expect(inOrder<string>(() => Promise.reject(new Error('producer'))).next()).rejects.toThrow('producer');
});

async function later(result: string, turns: number): Promise<string> {
  for (let n = 0; n < turns; n++) await settle();
  return result;
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
