import { expect, test } from 'vitest';
import type { Lab, Step } from '../labs/lab.ts';
import { activeStep, type CheckStatus, isOvertaken, stepState } from './step-state.ts';
import type { VerdictState } from './verdict.ts';

const done = (state: VerdictState): CheckStatus => ({
  state: 'hecho',
  verdict: { check: 'c', state, expected: '', observed: '', evidence: {}, milliseconds: 0, simulated: true },
});
const step = (id: string, checks = 1) =>
  ({ id, checks: Array.from({ length: checks }, () => ({})) }) as unknown as Step;
const [reading, ninety, fifty, hundred] = [step('reading', 0), step('ninety'), step('fifty'), step('hundred')];
const lab = { steps: [reading, ninety, fifty, hundred] } as unknown as Lab;

test.each<[CheckStatus[], boolean, string]>([
  [[done('correcto'), done('correcto')], false, 'correcto'],
  [[done('correcto'), { state: 'pendiente' }], false, 'pendiente'],
  [[done('correcto'), { state: 'comprobando' }], false, 'pendiente'],
  [[done('no verificable'), done('incorrecto')], false, 'incorrecto'],
  [[done('no verificable'), done('correcto')], false, 'no verificable'],
  [[done('incorrecto')], true, 'superado'],
  [[done('correcto')], true, 'correcto'],
])('%j, overtaken %s, is %s', (checks, overtaken, expected) => expect(stepState(checks, overtaken)).toBe(expected));

test('the active step is the first with checks that was never right', () => {
  expect(activeStep(lab, new Set())).toBe(ninety);
  expect(activeStep(lab, new Set(['ninety']))).toBe(fifty);
  expect(activeStep(lab, new Set(['ninety', 'fifty', 'hundred']))).toBeUndefined();
});

test('only the last step of a lab can turn red again', () => {
  const passed = new Set(['ninety', 'fifty', 'hundred']);
  expect([ninety, fifty, hundred].map((s) => isOvertaken(lab, s, passed))).toEqual([true, true, false]);
  expect(isOvertaken(lab, fifty, new Set(['ninety']))).toBe(false);
});
