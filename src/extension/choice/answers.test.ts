import { expect, test } from 'vitest';
import { dangersOf, readContexts, readLook, readPhase, readPreflight } from './answers.ts';

test('a phase tells its percent and what is being done', () => {
  expect(readPhase('[ 30 %] Preparando los nodos…')).toEqual({ percent: 30, title: 'Preparando los nodos…' });
  expect(readPhase('[100 %] Listo…')).toEqual({ percent: 100, title: 'Listo…' });
  expect(readPhase('Aviso: poca memoria')).toBeUndefined();
});

test('the dangers to agree to are those that the program names', () => {
  const problem = { code: 'MALLA-KCF-20', happened: 'h', expected: 'e' };
  expect(
    dangersOf({ ...problem, todo: 'repite con --acepto MALLA-KCF-20 --acepto MALLA-KCF-25, o --acepto MALLA-KCF-20' }),
  ).toEqual(['MALLA-KCF-20', 'MALLA-KCF-25']);
  expect(dangersOf({ ...problem, todo: 'Pide otro fichero' })).toEqual([]);
});

test('answers of another version are not understood', () => {
  expect(readContexts({ contexts: [{ name: 5 }] })).toBeUndefined();
  expect(readPreflight({ able: 'yes' })).toBeUndefined();
  expect(readLook({ context: 'x' })).toBeUndefined();
});
