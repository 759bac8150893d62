import { expect, test } from 'vitest';
import { announcement } from './checks.ts';
import type { CheckMark } from './protocol.ts';

const check = (id: string, mark: CheckMark) => ({ id, title: id, mark });

test('a check that gets its verdict is announced', () => {
  expect(announcement([check('a', 'comprobando')], [check('a', 'correcto')])).toContain('correcto');
});

test('what stays the same, begins or is new is not announced', () => {
  expect(announcement([check('a', 'correcto')], [check('a', 'correcto')])).toBe('');
  expect(announcement([check('a', 'correcto')], [check('a', 'comprobando')])).toBe('');
  expect(announcement([], [check('a', 'correcto')])).toBe('');
});
