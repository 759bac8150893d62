import { expect, test } from 'vitest';
import { parseCron } from './cron-schedule.ts';

const FROM = Date.parse('2026-03-01T10:00:30Z');

function next(schedule: string, zone?: string, from = FROM): string | undefined {
  const time = parseCron(schedule, zone)?.after(from);
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
}

test('the next time of stars, lists, ranges, steps, names and shorthands', () => {
  expect(next('* * * * *')).toBe('2026-03-01T10:01');
  expect(next('*/15 * * * *')).toBe('2026-03-01T10:15');
  expect(next('5,50 9-11 * * *')).toBe('2026-03-01T10:05');
  expect(next('0 3 * * *')).toBe('2026-03-02T03:00');
  expect(next('0 0 1 jan *')).toBe('2027-01-01T00:00');
  expect(next('30 8 * * mon-fri')).toBe('2026-03-02T08:30');
  expect(next('0 12 * * 7')).toBe('2026-03-01T12:00');
  expect(next('@hourly')).toBe('2026-03-01T11:00');
  expect(next('0 0 29 2 *')).toBe('2028-02-29T00:00');
});

test('of a day of the month and a day of the week, either is enough', () => {
  expect(next('0 0 15 * fri')).toBe('2026-03-06T00:00');
  expect(next('0 0 15 * *')).toBe('2026-03-15T00:00');
});

test('a time zone moves it, over the change of clocks too', () => {
  expect(next('0 12 * * *', 'Europe/Madrid')).toBe('2026-03-01T11:00');
  expect(next('0 12 * * *', 'Europe/Madrid', Date.parse('2026-03-29T00:00:00Z'))).toBe('2026-03-29T10:00');
  expect(next('15 0 * * *', 'Asia/Kolkata')).toBe('2026-03-01T18:45');
});

test('the same times come one after another', () => {
  const plan = parseCron('*/20 10 * * *');
  const times = [];
  for (let t = plan?.after(FROM); t !== undefined && times.length < 3; t = plan?.after(t)) times.push(t);
  expect(times.map((t) => new Date(t).toISOString().slice(8, 16))).toEqual(['01T10:20', '01T10:40', '02T10:00']);
});

test('what is no schedule is none, and what never comes has no next time', () => {
  for (const bad of [
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '*/0 * * * *',
    '5-1 * * * *',
    'a b c d e',
    '1/2/3 * * * *',
  ])
    expect(parseCron(bad), bad).toBeUndefined();
  expect(parseCron('* * * * *', 'Nowhere/Land')).toBeUndefined();
  expect(next('0 0 30 2 *')).toBeUndefined();
});
