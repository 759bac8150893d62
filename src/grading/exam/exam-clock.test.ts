import { describe, expect, test } from 'vitest';
import { clockText, type ExamClockOptions, lastSave, runExamClock, saveEvery } from './exam-clock.ts';
import type { Exam } from './exam-state.ts';

const begun = Date.UTC(2026, 11, 15, 10);
const exam = (minutes?: number): Exam => ({
  sheet: {
    format: 'malla-examen/1',
    id: 'final',
    title: 'Final',
    labs: ['canary'],
    ...(minutes === undefined ? {} : { minutes }),
    hints: false,
    solutions: false,
    seed: 'x',
    rehearsal: false,
  },
  student: 'ana',
  begun: new Date(begun).toISOString(),
  seedBefore: '',
});

/** An exam in a time of its own, that passes when it is waited for. What happened is told by second. */
async function live(first: Exam | undefined, until: number, more: Partial<ExamClockOptions> = {}) {
  let now = begun;
  let current = first;
  const told: string[] = [];
  const seconds = () => (now - begun) / 1000;
  const stop = new AbortController();
  await runExamClock(
    {
      exam: () => current,
      now: () => now,
      onTick() {},
      save: async () => void told.push(`${seconds()} guarda`),
      async handIn() {
        told.push(`${seconds()} entrega`);
        current = undefined;
      },
      onTrouble: (error) => void told.push(`${seconds()} ${(error as Error).message}`),
      async wait(milliseconds) {
        // What was set going comes to its end before time passes.
        await new Promise((resolve) => setImmediate(resolve));
        now += milliseconds;
        if (now - begun >= until) stop.abort();
      },
      once: true,
      ...more,
    },
    stop.signal,
  );
  return { told, seconds: seconds() };
}

test('the work is kept every two minutes, once more before the end, and handed in when the time is up', async () => {
  const { told, seconds } = await live(exam(5), 3_600_000);
  expect(told).toEqual([
    `${saveEvery / 1000} guarda`,
    `${(2 * saveEvery) / 1000} guarda`,
    `${300 - lastSave / 1000} guarda`,
    '300 entrega',
  ]);
  expect(seconds).toBe(300);
});

test('without an end nothing is handed in', async () => {
  const { told } = await live(exam(), 10 * 60_000);
  expect(told.every((line) => line.endsWith('guarda'))).toBe(true);
  expect(told.length).toBeGreaterThan(2);
});

test('a hand-in that fails is told and tried again, and so is a work that cannot be kept', async () => {
  let tries = 0;
  let over = false;
  const { told } = await live(exam(1), 3_600_000, {
    exam: () => (over ? undefined : exam(1)),
    save: () => Promise.reject(new Error('sin clúster')),
    async handIn() {
      if (++tries < 3) throw new Error('disco lleno');
      over = true;
    },
  });
  expect(told).toEqual(['45 sin clúster', '60 disco lleno', '65 disco lleno']);
  expect(tries).toBe(3);
});

test('what is left is told each second, and that there is no exam', async () => {
  const ticks: (number | undefined)[] = [];
  await live(exam(1), 5_000, { onTick: (state) => void ticks.push(state?.left) });
  expect(ticks).toEqual([60_000, 59_000, 58_000, 57_000, 56_000]);
  const none: unknown[] = [];
  await live(undefined, 15_000, { once: false, onTick: (state) => void none.push(state) });
  expect(none).toEqual([undefined, undefined, undefined]);
});

describe('the clock in figures', () => {
  test.each([
    [3_909_000, '1:05:09'],
    [750_000, '12:30'],
    [6_500, '0:07'],
    [0, '0:00'],
  ])('%s', (milliseconds, text) => expect(clockText(milliseconds)).toBe(text));
});
