import { expect, test } from 'vitest';
import { readFromPanel, readSaved } from './incoming.ts';

test('a known message keeps its declared fields only', () => {
  expect(readFromPanel({ message: 'run', page: 'p', action: 2, command: 'rm' })).toEqual({
    message: 'run',
    page: 'p',
    action: 2,
  });
});

test.each([
  [undefined],
  ['ready'],
  [{ message: 'constructor' }],
  [{ message: 'exec', command: 'rm' }],
  [{ message: 'run', page: 'p' }],
  [{ message: 'run', page: 'p', action: -1 }],
  [{ message: 'run', page: 'p', action: 1.5 }],
  [{ message: 'show', page: 5 }],
  [{ message: 'show', page: 'x'.repeat(201) }],
])('an unknown or malformed message is ignored: %j', (value) => {
  expect(readFromPanel(value)).toBeUndefined();
});

test('what was saved by something else is not ours', () => {
  expect(readSaved({ page: 'x' })).toBeUndefined();
  expect(readSaved({ lab: 'canary', page: 'p1', hints: {} })).toEqual({ lab: 'canary', page: 'p1' });
});

test('the stream of requests flows or not, and nothing else', () => {
  expect(readFromPanel({ message: 'traffic', flow: false })).toEqual({ message: 'traffic', flow: false });
  expect(readFromPanel({ message: 'traffic', flow: 'rm' })).toBeUndefined();
});
