import { expect, test } from 'vitest';
import { createLogBook } from './log-book.ts';

const clock = { now: () => 1_000, after: () => () => {} };

test('lines are kept per pod and container, with the time of the clock', () => {
  const logs = createLogBook(clock);
  logs.append('pod-1', 'app', 'one');
  logs.append('pod-1', 'istio-proxy', 'two');
  expect(logs.read('pod-1', 'app')).toEqual([{ time: 1_000, text: 'one' }]);
  expect(logs.read('pod-1', 'istio-proxy')).toEqual([{ time: 1_000, text: 'two' }]);
  expect(logs.read('pod-2', 'app')).toEqual([]);
});

test('only the last 10,000 lines of a container are kept', () => {
  const logs = createLogBook(clock);
  for (let i = 0; i < 25_500; i++) logs.append('pod', 'app', `line ${i}`);
  const lines = logs.read('pod', 'app');
  expect(lines).toHaveLength(10_000);
  expect(lines[0]?.text).toBe('line 15500');
  expect(lines.at(-1)?.text).toBe('line 25499');
});

test('a follower gets later lines until it stops, even when it began before the first one', () => {
  const logs = createLogBook(clock);
  const seen: string[] = [];
  const stop = logs.follow('pod', 'app', (line) => seen.push(line.text));
  logs.append('pod', 'app', 'a');
  logs.append('pod', 'other', 'b');
  stop();
  logs.append('pod', 'app', 'c');
  expect(seen).toEqual(['a']);
});

test('each run of a container has its own lines; those of the one before are kept, older ones are not', () => {
  const logs = createLogBook(clock);
  const texts = (lines: readonly { text: string }[] | undefined) => lines?.map((line) => line.text);
  logs.begin('pod', 'app');
  logs.append('pod', 'app', 'first');
  expect(logs.previous('pod', 'app')).toBeUndefined();
  logs.begin('pod', 'app');
  logs.append('pod', 'app', 'second');
  expect([texts(logs.previous('pod', 'app')), texts(logs.read('pod', 'app'))]).toEqual([['first'], ['second']]);
  logs.begin('pod', 'app');
  expect([texts(logs.previous('pod', 'app')), texts(logs.read('pod', 'app'))]).toEqual([['second'], []]);
});

test('a dropped pod has no lines', () => {
  const logs = createLogBook(clock);
  logs.append('pod', 'app', 'a');
  logs.drop('pod');
  expect(logs.read('pod', 'app')).toEqual([]);
});
