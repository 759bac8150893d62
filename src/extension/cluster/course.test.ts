import { expect, test } from 'vitest';
import { aLab } from '../test-builders.ts';
import { nextLab, previousLabs } from './course.ts';

const course = [
  aLab({ id: 'a' }),
  aLab({ id: 'b', requires: ['a'] }),
  aLab({ id: 'other' }),
  aLab({ id: 'c', requires: ['b'] }),
];
const [a, , , c] = course;

test('the previous labs are all that a lab builds on, in the order of the course', () => {
  expect(c && previousLabs(course, c).map((l) => l.id)).toEqual(['a', 'b']);
  expect(a && previousLabs(course, a)).toEqual([]);
});

test('labs that require each other do not loop', () => {
  const [x, y] = [aLab({ id: 'x', requires: ['y'] }), aLab({ id: 'y', requires: ['x'] })];
  expect(previousLabs([x, y], x).map((l) => l.id)).toEqual(['y']);
});

test('the last lab has none after it', () => {
  expect(a && nextLab(course, a)?.id).toBe('b');
  expect(c && nextLab(course, c)).toBeUndefined();
});
