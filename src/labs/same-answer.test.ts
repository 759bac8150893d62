import { describe, expect, test } from 'vitest';
import { judgeAnswer } from './same-answer.ts';

const accepts = { question: '¿?', accepts: ['Citadel', 'el plano de control'] };
const number = { question: '¿?', number: { value: 95, tolerance: 0 } };

describe('a text', () => {
  test.each(['citadel', '  CITADEL ', 'Citadel.', '«citadel»', 'El  Plano de\ncontrol', 'él plánó de contról'])(
    '%j is right',
    (typed) => expect(judgeAnswer(accepts, typed)).toBe('bien'),
  );
  test.each(['', 'citade', 'citadel y pilot', '   ', 'x'.repeat(100_000)])('%j is wrong', (typed) =>
    expect(judgeAnswer(accepts, typed)).toBe('mal'),
  );
});

describe('a number', () => {
  test.each(['95', '95 %', '95%', ' 95,0 ', '95.0', '95 peticiones'])('%j is 95', (typed) =>
    expect(judgeAnswer(number, typed)).toBe('bien'),
  );
  test.each(['94', '9,5', '-95'])('%j is another', (typed) => expect(judgeAnswer(number, typed)).toBe('mal'));
  test.each(['', 'noventa y cinco', '95 o 96', '1.2.3', '---'])('%j is none', (typed) =>
    expect(judgeAnswer(number, typed)).toBe('no es un número'),
  );
  test('thousands with a point and decimals with a comma', () => {
    const big = { question: '¿?', number: { value: 1234.5, tolerance: 0 } };
    expect(judgeAnswer(big, '1.234,5 ms')).toBe('bien');
  });
  test('may differ by the tolerance', () => {
    const about = { question: '¿?', number: { value: 1, tolerance: 0.2 } };
    expect(judgeAnswer(about, '1,2 s')).toBe('bien');
    expect(judgeAnswer(about, '1,3 s')).toBe('mal');
  });
});

test('an expression is searched in the answer as typed and tidied', () => {
  const pattern = { question: '¿?', expression: '^reviews-v[12]-' };
  expect(judgeAnswer(pattern, 'Reviews-v2-abc')).toBe('bien');
  expect(judgeAnswer(pattern, 'ratings-v1-abc')).toBe('mal');
});
