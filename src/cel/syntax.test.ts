import { expect, test } from 'vitest';
import { syntaxProblem } from './syntax.ts';

test('what can be read has no problem', () => {
  expect(syntaxProblem("response.code >= 400 && 'a' in request.headers")).toBeUndefined();
  expect(syntaxProblem('has(request.headers)')).toBeUndefined();
});

test('what cannot be read is told with its place', () => {
  expect(syntaxProblem('response.code >=')).toMatch(/^ERROR: <input>:1:\d+: Syntax error: /);
  expect(syntaxProblem("has(request.headers['a'])")).toContain('invalid argument to has() macro');
});
