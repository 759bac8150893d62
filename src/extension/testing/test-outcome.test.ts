import { expect, test } from 'vitest';
import { aVerdict } from '../test-builders.ts';
import { outcomeOf } from './test-outcome.ts';

const wrong = (at: object) => ({
  ...aVerdict('c', 'incorrecto'),
  cause: {
    code: 'MALLA-RUT-01',
    message: 'Falta el subset',
    hint: 'míralo',
    at: { kind: 'VirtualService', name: 'r', ...at },
  },
});

test('a right verdict passes and says nothing', () => {
  expect(outcomeOf(aVerdict('c', 'correcto'), '/w/canary')).toEqual({ state: 'passed', message: '', milliseconds: 1 });
});

test('a wrong one fails with its cause, at the line of the file of the student', () => {
  const outcome = outcomeOf(wrong({ file: 'k8s/r.yaml', line: 7 }), '/w/canary');
  expect(outcome).toMatchObject({ state: 'failed', at: { path: '/w/canary/k8s/r.yaml', line: 6 } });
  expect(outcome.message).toContain('Falta el subset [MALLA-RUT-01]');
  expect(outcome.message).toContain('Se observa: o');
});

test('what cannot be verified is no failure of the student', () => {
  const outcome = outcomeOf(aVerdict('c', 'no verificable'), undefined);
  expect(outcome.state).toBe('errored');
  expect(outcome.message).toContain('no cuenta como fallo tuyo');
});

test.each([['../../etc/passwd'], ['/etc/passwd']])('the file %s is not of the lab and is not pointed at', (file) => {
  expect(outcomeOf(wrong({ file, line: 1 }), '/w/canary')).not.toHaveProperty('at');
});

test('without a folder nothing is pointed at', () => {
  expect(outcomeOf(wrong({ file: 'r.yaml', line: 1 }), undefined)).not.toHaveProperty('at');
});
