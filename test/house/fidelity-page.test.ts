// docs/fidelidad.md against the recordings that it is made of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accepted } from '../fidelity/accepted.ts';
import { currentPage } from '../fidelity/current-page.ts';
import { differences } from '../fidelity/run/compare.ts';
import { readRecording } from '../fidelity/run/recordings.ts';
import { behaviours } from '../fidelity/situations.ts';

const [real, embedded] = [readRecording('real'), readRecording('embedded')];
const recorded = behaviours.filter(({ id }) => real[id]);

/** Only ever raised. */
const agreeing = 0.99;

function differs(id: string): boolean {
  const [a, b] = [real[id], embedded[id]];
  return !a || !b || differences(a, b).length > 0;
}

test('docs/fidelidad.md is what the recordings say', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/fidelidad.md'), 'utf8');
  expect(page, 'run node scripts/fidelity-page.ts').toBe(currentPage());
});

test('no two behaviours have the same name', () => {
  expect(new Set(behaviours.map(({ id }) => id)).size).toBe(behaviours.length);
});

test('every behaviour was asked to the real mesh, and they are at least 150', () => {
  expect(behaviours.filter(({ id }) => !real[id]).map(({ id }) => id)).toEqual([]);
  expect(recorded.length).toBeGreaterThanOrEqual(150);
});

test('as many behaviours agree as ever did', () => {
  const different = recorded.filter(({ id }) => differs(id)).map(({ id }) => id);
  expect(1 - different.length / recorded.length, different.join('\n')).toBeGreaterThanOrEqual(agreeing);
});

test('a difference is accepted only where there is one', () => {
  expect(Object.keys(accepted).filter((id) => !differs(id))).toEqual([]);
});
