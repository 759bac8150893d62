// docs/conformidad.md against the results that it is made of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type ConformanceResult,
  type ConformanceResults,
  passing,
  programNeeded,
  readResults,
  regressions,
} from '../conformance/conformance.ts';
import { conformancePage } from '../conformance/page.ts';

const results = readResults();

/** Only ever raised. */
const least = 0.9;

test('docs/conformidad.md is what the results say', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/conformidad.md'), 'utf8');
  expect(page, 'run node scripts/conformance.ts').toBe(conformancePage(results));
});

test('of the conformance tests that need no container, at least nine in ten pass', () => {
  const { passed, of } = passing(results);
  expect(of).toBeGreaterThanOrEqual(60);
  expect(passed / of).toBeGreaterThanOrEqual(least);
});

test('no test is said to need a container that has none of its own', () => {
  const excused = Object.entries(results.tests).filter(([, { state }]) => state === 'needs a container');
  expect(excused.filter(([name]) => programNeeded(name) === undefined)).toEqual([]);
});

test('a test that passed and no longer does is a regression, whatever it says now', () => {
  const run = (state: ConformanceResult['state']): ConformanceResults => ({
    version: 'v1',
    date: '',
    tests: { a: { state }, b: { state: 'passed' } },
  });
  expect(regressions(run('passed'), run('failed'))).toEqual(['a']);
  expect(regressions(run('passed'), run('needs a container'))).toEqual(['a']);
  expect(regressions(run('failed'), run('passed'))).toEqual([]);
});
