import { expect, test } from 'vitest';
import { planFrom, smallRubric } from './rubric.fixture.ts';
import { messageOf, shows, visibilityOf } from './visibility.ts';

const { rubric } = planFrom(
  `${smallRubric.replace('peso: 2}', 'peso: 2, antes: nada, despues: nombre, mensaje: Mira los pesos.}')}visibilidad: {antes: nombre, despues: motivo}
entrega: {hasta: 2026-12-01T00:00:00Z, prorrogas: {eva: 2026-12-05T00:00:00Z}}
`,
);
const [before, after] = [Date.parse('2026-11-30T00:00:00Z'), Date.parse('2026-12-02T00:00:00Z')];
const at = (check: string, student = 'ana') => ({ student, lab: 'canary', check });

test('what is shown changes with the deadline, and a check may say its own', () => {
  expect([before, after].map((now) => visibilityOf(rubric, at('uno/subsets'), now))).toEqual(['nombre', 'motivo']);
  expect([before, after].map((now) => visibilityOf(rubric, at('uno/reparto'), now))).toEqual(['nada', 'nombre']);
});

test('whoever has more time sees later', () => {
  expect(visibilityOf(rubric, at('uno/subsets', 'eva'), after)).toBe('nombre');
});

test('each level shows what the ones before show', () => {
  expect([shows('motivo', 'nombre'), shows('motivo', 'motivo'), shows('motivo', 'evidencia')]).toEqual([
    true,
    true,
    false,
  ]);
});

test('a message belongs to the check and does not change it', () => {
  expect([messageOf(rubric, at('uno/reparto')), messageOf(rubric, at('uno/subsets'))]).toEqual([
    'Mira los pesos.',
    undefined,
  ]);
});
