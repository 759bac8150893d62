import { expect, test } from 'vitest';
import type { Lab } from '../labs/lab.ts';
import type { FollowEvent } from './follow-event.ts';
import { createLabBoard } from './lab-board.ts';
import type { Verdict, VerdictState } from './verdict.ts';

const lab = {
  steps: ['noventa', 'cincuenta', 'todo'].map((id) => ({ id, checks: [{ id: `c-${id}`, type: 'objeto' }] })),
} as unknown as Lab;

const verdict = (state: VerdictState): Verdict => ({
  check: 'c',
  state,
  expected: '',
  observed: '',
  evidence: {},
  milliseconds: 0,
  simulated: true,
});

function board(passed: string[] = []) {
  const said: string[] = [];
  const made = createLabBoard(lab, passed, (e: FollowEvent) => {
    if (e.event === 'check') said.push(`${e.check} ${e.verdict?.state ?? e.state}`);
    if (e.event === 'step') said.push(`${e.step} ${e.state}`);
  });
  const check = (i: number) => {
    const found = made.checks[i];
    if (!found) throw new Error(`No check ${i}.`);
    return found;
  };
  return { made, said, check };
}

test('a failure that nobody has caused yet is not shown', () => {
  const { made, said, check } = board();
  made.see(check(0), verdict('incorrecto'));
  expect(said).toEqual([]);
});

test('a failure of the active step shows once the student has touched it', () => {
  const { made, said, check } = board();
  check(0).touched = true;
  made.see(check(0), verdict('incorrecto'));
  check(1).touched = true;
  made.see(check(1), verdict('incorrecto'));
  expect(said).toEqual(['c-noventa incorrecto', 'noventa incorrecto']);
});

test('a success shows wherever it is', () => {
  const { made, said, check } = board();
  made.see(check(2), verdict('correcto'));
  expect(said).toEqual(['c-todo correcto', 'todo correcto']);
});

test('a step that was right and no longer is becomes superado, and its check is not red', () => {
  const { made, said, check } = board();
  made.see(check(0), verdict('correcto'));
  made.see(check(0), verdict('incorrecto'));
  expect(said.slice(2)).toEqual(['c-noventa pendiente', 'noventa superado']);
});

test('steps that were right before are superado from the start', () => {
  expect(board(['noventa']).said).toEqual(['noventa superado']);
});

test('the last step of a finished lab can turn red', () => {
  const { made, said, check } = board(['noventa', 'cincuenta']);
  made.see(check(2), verdict('correcto'));
  made.see(check(2), verdict('incorrecto'));
  expect(said.slice(-2)).toEqual(['c-todo incorrecto', 'todo incorrecto']);
});

test('what the student asks about is shown, and stays in view', () => {
  const { made, said, check } = board();
  made.answer(check(2), verdict('incorrecto'));
  made.see(check(2), verdict('incorrecto'));
  expect(said).toEqual(['c-todo incorrecto', 'todo incorrecto']);
});

test('when a step becomes active its checks count as untouched', () => {
  const { made, check } = board();
  check(1).touched = true;
  made.see(check(0), verdict('correcto'));
  expect(check(1).touched).toBe(false);
  expect(made.isActive(check(1).step)).toBe(true);
});

test('a step that somebody else has seen right is superado, and what was said of it is taken back', () => {
  const { made, said, check } = board();
  check(0).touched = true;
  made.see(check(0), verdict('incorrecto'));
  made.learn(['noventa', 'ajeno']);
  expect(said.slice(2)).toEqual(['c-noventa pendiente', 'noventa superado']);
  check(1).touched = true;
  made.see(check(1), verdict('incorrecto'));
  expect(said.at(-1)).toBe('cincuenta incorrecto');
});

test('what somebody else has seen already known is no news', () => {
  const { made, said } = board(['noventa']);
  made.learn(['noventa']);
  expect(said).toEqual(['noventa superado']);
});

test('a step whose rules came and went before the measure is superado once a later one is right', () => {
  const { made, said, check } = board();
  check(0).touched = true;
  made.missed(check(0));
  made.see(check(0), verdict('incorrecto'));
  expect(said.at(-1)).toBe('noventa incorrecto');
  made.see(check(1), verdict('correcto'));
  expect(said.slice(2)).toEqual([
    'c-cincuenta correcto',
    'c-noventa pendiente',
    'noventa superado',
    'cincuenta correcto',
  ]);
});

test('a step that was skipped stays as it is when a later one is right', () => {
  const { made, said, check } = board();
  check(0).touched = true;
  made.see(check(0), verdict('incorrecto'));
  made.see(check(1), verdict('correcto'));
  expect(said).toEqual(['c-noventa incorrecto', 'noventa incorrecto', 'c-cincuenta correcto', 'cincuenta correcto']);
});
