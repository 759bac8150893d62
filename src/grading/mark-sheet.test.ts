import { expect, test } from 'vitest';
import type { Verdict, VerdictState } from '../checks/verdict.ts';
import type { Lab, Step } from '../labs/lab.ts';
import { markLab, markSheet } from './mark-sheet.ts';
import { csvOf } from './reports/csv.ts';
import { junitOf } from './reports/junit.ts';
import { junitFaults } from './reports/junit-schema.fixture.ts';

const step = (id: string): Step => ({
  ...({ title: id, markdown: '', hints: [], solution: [], mistakes: [], line: 1 } as unknown as Step),
  id,
  checks: [{ id: 'c', title: `El hecho <${id}>`, line: 1, type: 'inyeccion', pattern: { namespace: 'default' } }],
});
const lab = { id: 'canary', title: 'Canary', steps: [step('uno'), step('dos'), step('tres')] } as unknown as Lab;
const verdict = (state: VerdictState): Verdict => ({
  check: 'c',
  state,
  expected: 'que sí',
  observed: '=1+1, "no"',
  ...(state === 'correcto' ? {} : { cause: { code: 'MALLA-REP-01', message: 'No & no', hint: 'Mira.' } }),
  evidence: {},
  milliseconds: 12,
  simulated: true,
});
const about = { student: '=Ana', at: '2026-11-21T10:00:00.000Z', cluster: { serverVersion: 'v1', simulated: true } };
const sheetOf = (states: VerdictState[], overtaken: boolean[] = []) =>
  markSheet(
    [
      markLab(
        lab,
        states.map((state, i) => ({
          step: lab.steps[i] as Step,
          overtaken: overtaken[i] ?? false,
          verdicts: [verdict(state)],
        })),
      ),
    ],
    about,
  );

test('a mark is the share of what is right, from 0 to 10', () => {
  expect(sheetOf(['correcto', 'incorrecto', 'correcto']).mark).toBe(6.67);
});

test('what cannot be verified counts neither for nor against', () => {
  const sheet = sheetOf(['correcto', 'no verificable', 'incorrecto']);
  expect(sheet.mark).toBe(5);
  expect(sheet.labs[0]?.checks[1]).not.toHaveProperty('points');
});

test('nothing that could be verified gives no mark', () => {
  expect(sheetOf(['no verificable'])).not.toHaveProperty('mark');
});

test('a step that was right and that a later one has changed counts as right', () => {
  const sheet = sheetOf(['incorrecto', 'correcto'], [true, false]);
  expect([sheet.mark, sheet.labs[0]?.checks[0]?.earlier]).toEqual([10, true]);
});

test('a mark sheet survives JSON', () => {
  const sheet = sheetOf(['correcto', 'incorrecto', 'no verificable']);
  expect(JSON.parse(JSON.stringify(sheet))).toEqual(sheet);
});

test('the CSV quotes what needs it and defuses formulas', () => {
  const [heading, row] = csvOf(sheetOf(['incorrecto'])).split('\r\n');
  expect(heading?.split(',')).toHaveLength(10);
  expect(row).toBe(`'=Ana,canary,uno,c,incorrecto,0,MALLA-REP-01,que sí,"'=1+1, ""no""",2026-11-21T10:00:00.000Z`);
});

test('the JUnit file counts failures and skipped cases, and escapes', () => {
  const xml = junitOf(sheetOf(['correcto', 'incorrecto', 'no verificable']));
  expect(junitFaults(xml)).toEqual([]);
  expect(xml).toContain('<testsuite name="canary" tests="3" failures="1" errors="0" skipped="1"');
  expect(xml).toContain('name="El hecho &lt;uno&gt;"');
  expect(xml).toContain('<failure message="No &amp; no" type="MALLA-REP-01">');
  expect(xml).toContain('<skipped message="No &amp; no"/>');
});
