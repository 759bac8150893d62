import { expect, test } from 'vitest';
import { aLab, aVerdict } from '../test-builders.ts';
import { forget, initialState, isFinished, passedSteps, reduce, shownMark } from './lab-state.ts';

const lab = aLab({ steps: { etiqueta: ['c1', 'c2'], teoria: [], reparto: ['c3'] } });
const checked = (state: 'comprobando' | 'hecho' | 'pendiente', verdict?: ReturnType<typeof aVerdict>) => ({
  event: 'check' as const,
  step: 'etiqueta',
  check: 'c1',
  state,
  ...(verdict ? { verdict } : {}),
});

test('a check takes the state of its verdict', () => {
  const state = reduce(initialState(lab, []), checked('hecho', aVerdict('c1', 'incorrecto')));
  expect(state.steps.etiqueta?.checks.c1).toMatchObject({ mark: 'incorrecto', verdict: { check: 'c1' } });
});

test('a verdict stays in view while its check runs again, and goes when it starts from nothing', () => {
  const done = reduce(initialState(lab, []), checked('hecho', aVerdict('c1', 'incorrecto')));
  expect(reduce(done, checked('comprobando')).steps.etiqueta?.checks.c1).toMatchObject({
    mark: 'comprobando',
    verdict: { check: 'c1' },
  });
  expect(reduce(done, checked('pendiente')).steps.etiqueta?.checks.c1).toEqual({ mark: 'pendiente' });
});

test('an event about what the lab does not have changes nothing', () => {
  const state = initialState(lab, []);
  expect(reduce(state, { event: 'step', step: 'otro', state: 'correcto' })).toEqual(state);
  expect(reduce(state, { event: 'check', step: 'etiqueta', check: 'otro', state: 'hecho' })).toEqual(state);
});

test('a step shows that it works as long as one of its checks does', () => {
  const state = reduce(initialState(lab, ['etiqueta']), checked('comprobando'));
  expect(shownMark(state.steps.etiqueta)).toBe('comprobando');
  expect(shownMark(state.steps.teoria)).toBe('pendiente');
});

test('when nobody watches only what was right is remembered', () => {
  const right = reduce(initialState(lab, []), { event: 'step', step: 'etiqueta', state: 'correcto' });
  const wrong = reduce(right, { event: 'step', step: 'reparto', state: 'incorrecto' });
  expect(passedSteps(forget(lab, wrong))).toEqual(['etiqueta']);
  expect(forget(lab, wrong).steps.reparto?.mark).toBe('pendiente');
});

test('a lab is finished when every step with checks is or was right', () => {
  expect(isFinished(lab, initialState(lab, ['etiqueta', 'reparto']))).toBe(true);
  expect(isFinished(lab, initialState(lab, ['etiqueta', 'teoria']))).toBe(false);
});

test('a lab without checks is never finished', () => {
  expect(isFinished(aLab({ steps: { teoria: [] } }), initialState(lab, []))).toBe(false);
});
