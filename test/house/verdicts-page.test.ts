// docs/veredictos.md is written by hand but for its figures, which come from runs that are too long for a test.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/veredictos.md'), 'utf8');

test('the page on verdicts has all its sections', () => {
  const titles = [...page.matchAll(/^## (.+)$/gm)].map((m) => m[1]);
  expect(titles).toEqual([
    'Tres veredictos',
    'Repartos',
    'Respuestas que no son independientes',
    'Latencias',
    'Errores plantados',
    'Soluciones repetidas',
  ]);
});

test.each(['reparto', 'dependencia', 'latencia', 'parada', 'mutantes', 'soluciones'])(
  'its block of figures «%s» has figures',
  (block) => {
    const text = page.split(`<!-- cifras:${block} -->`)[1]?.split(`<!-- fin:${block} -->`)[0] ?? '';
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThanOrEqual(4);
    for (const row of rows.slice(2)) expect(row).toMatch(/\d/);
  },
);
