import { expect, test } from 'vitest';
import { evaluate } from './arithmetic.ts';
import { drawFrom } from './draw.ts';
import { applyParameters } from './parameters.ts';
import { createProblems } from './problem.ts';

const lab = (parameters: string, body: string): string => `---\nid: uno\nparametros:\n${parameters}\n---\n${body}`;

function apply(parameters: string, body: string, seed = 'ana') {
  const problems = createProblems('lab.md');
  const text = applyParameters(lab(parameters, body), seed, problems);
  return { body: text.split('---\n').at(-1) ?? '', problems: problems.all.map((p) => `${p.code}@${p.line}`) };
}

const three = '  peso: {entre: [80, 95], paso: 5}\n  nombre: {uno: [lia, bruno]}\n  resto: {calculo: "100 - peso"}';

test('a value is drawn from the seed, and what is computed from it agrees', () => {
  for (const seed of ['', 'ana', 'Íñigo', 'x'.repeat(500)]) {
    const { body, problems } = apply(three, '{{peso}} {{ resto }} {{nombre}} {{peso}}', seed);
    expect(problems).toEqual([]);
    const [weight = '', rest = '', name, again] = body.split(' ');
    expect(['80', '85', '90', '95']).toContain(weight);
    expect(Number(weight) + Number(rest)).toBe(100);
    expect(['lia', 'bruno']).toContain(name);
    expect(again).toBe(weight);
    expect(apply(three, '{{peso}} {{ resto }} {{nombre}} {{peso}}', seed).body).toBe(body);
  }
});

test('each value comes up about as often as the others', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 2000; i++) {
    const { body } = apply(three, '{{peso}}', `alumno-${i}`);
    counts.set(body, (counts.get(body) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual(['80', '85', '90', '95']);
  for (const count of counts.values()) expect(count).toBeGreaterThan(420);
});

test('a parameter more does not change the others', () => {
  expect(apply(`${three}\n  otro: {uno: [z]}`, '{{peso}}{{nombre}}').body).toBe(
    apply(three, '{{peso}}{{nombre}}').body,
  );
});

test('the front matter is replaced too, and a text without parameters is left alone', () => {
  expect(applyParameters(lab(`${three}\ntitulo: Un {{nombre}}`, ''), 'a', createProblems('f'))).not.toContain(
    '{{nombre}}',
  );
  const plain = '---\nid: uno\n---\n{{peso}}';
  expect(applyParameters(plain, 'a', createProblems('f'))).toBe(plain);
});

test.each([
  ['an unknown name', three, 'a\n{{pesos}}', ['MALLA-LAB-31@9']],
  ['a circle', '  a: {calculo: "b + 1"}\n  b: {calculo: "a + 1"}', '', ['MALLA-LAB-32@5', 'MALLA-LAB-32@4']],
  ['a name that is no number', '  n: {uno: [x]}\n  a: {calculo: "n * 2"}', '', ['MALLA-LAB-32@5']],
  ['a division by zero', '  a: {calculo: "1 / (2 - 2)"}', '', ['MALLA-LAB-32@4']],
  ['limits the other way round', '  a: {entre: [9, 1]}', '', ['MALLA-LAB-30@4']],
  ['endless values', '  a: {entre: [0, 1], paso: 0.0000001}', '', ['MALLA-LAB-30@4']],
  ['no way to draw it', '  a: {entonces: 1}', '', ['MALLA-LAB-30@4']],
  ['a value of several lines', '  a: {uno: ["x\\ny"]}', '', ['MALLA-LAB-30@4']],
  ['a value that brings another', '  a: {uno: ["{{a}}"]}', '', ['MALLA-LAB-30@4']],
])('%s is a problem with its line', (_what, parameters, body, expected) => {
  expect(apply(parameters, body).problems).toEqual(expected);
});

test.each([
  ['100 - 85', 15],
  ['2 + 3 * 4', 14],
  ['(2 + 3) * -4', -20],
  ['7 % 4 / 2', 1.5],
])('%s is %d', (formula, value) => {
  expect(evaluate(formula, () => undefined)).toEqual({ value });
});

test.each(['', '1 +', '(1', '1 2', 'x', '1 / 0', '1; 2', '('.repeat(150), '9'.repeat(400), '-'.repeat(150)])(
  '%s has no value',
  (formula) => {
    expect(evaluate(formula, () => undefined)).toHaveProperty('problem');
  },
);

test('a draw is between 0 and 1', () => {
  for (let i = 0; i < 1000; i++) {
    const drawn = drawFrom(String(i));
    expect(drawn).toBeGreaterThanOrEqual(0);
    expect(drawn).toBeLessThan(1);
  }
});
