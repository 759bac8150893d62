import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Action } from '../../labs/lab.ts';
import { loadCourseFor } from './course-for.ts';
import { preludeOf } from './prelude.ts';

const root = join(import.meta.dirname, '../../..');
const course = await loadCourseFor(join(root, 'labs'), join(root, 'samples'));
const run = (...argv: ['kubectl' | 'curl', ...string[]]): Action => ({ type: 'run', argv, line: 1 });
const request = run('kubectl', 'exec', 'deploy/curl', '--', 'curl', 'http://httpbin:8000');
const change = run('kubectl', 'apply', '-f', 'a.yaml');

test('what comes before the last request is done when something changes between requests, and not otherwise', () => {
  expect(preludeOf({ solution: [change, request, change, request, change] })).toEqual([
    change,
    request,
    change,
    request,
  ]);
  expect(preludeOf({ solution: [change, request, request] })).toEqual([]);
  expect(preludeOf({ solution: [request, run('kubectl', 'get', 'pods'), request] })).toEqual([]);
  expect(preludeOf({ solution: [change] })).toEqual([]);
});

test('the files of the written solution are no part of it', () => {
  const limits = course.labs.find((l) => l.id === 'registros')?.steps.find((s) => s.id === 'limites');
  const actions = preludeOf({ solution: limits?.solution ?? [] });
  expect(actions.length).toBeGreaterThan(3);
  expect(actions.filter((a) => a.type !== 'run')).toEqual([]);
});
