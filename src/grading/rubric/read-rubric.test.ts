import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRubric } from './read-rubric.ts';
import { course, smallRubric } from './rubric.fixture.ts';
import { rubricJsonSchema } from './rubric.ts';

const read = (text: string) => readRubric(text, 'r.yaml', course);
const problemsOf = (text: string) => read(text).problems.map(({ code, line }) => `${code}:${line}`);

test('a rubric is read with what it does not say', () => {
  const { rubric, problems } = read(smallRubric);
  expect(problems).toEqual([]);
  expect(rubric).toMatchObject({
    nota: { sobre: 10, decimales: 2 },
    visibilidad: { antes: 'motivo', despues: 'evidencia' },
    laboratorios: [
      { lab: 'canary', peso: 3, parcial: 'comprobaciones', resto: 'contar' },
      { lab: 'mtls', peso: 1 },
    ],
  });
});

describe('each fault has its code, its line and a cure', () => {
  const lab = '\nlaboratorios: [{lab: mtls}]\n';
  const head = 'formato: malla-rubrica/1\nid: p\ntitulo: P';
  test.each<[string, string, string[]]>([
    ['no YAML', 'formato: [malla\nid: x: y\n', ['MALLA-RUB-01:2']],
    ['a key twice', `${head}\nid: q${lab}`, ['MALLA-RUB-01:4']],
    ['a list', '- lab: canary\n', ['MALLA-RUB-02:1']],
    ['aliases', `${head}\nextra: &x []\nlaboratorios: *x\n`, ['MALLA-RUB-02:1']],
    ['too large', ' '.repeat(300_000), ['MALLA-RUB-02:1']],
    ['another version', `formato: otra/9\nid: p\ntitulo: P${lab}`, ['MALLA-RUB-03:1']],
    ['a field that is missing', `formato: malla-rubrica/1\nid: p${lab}`, ['MALLA-RUB-03:1']],
    ['a field too many', `${head}\nnotas: 10${lab}`, ['MALLA-RUB-03:4']],
    ['a negative weight', `${head}\nlaboratorios:\n  - lab: mtls\n    peso: -1\n`, ['MALLA-RUB-03:6']],
    ['a date without its zone', `${head}\nentrega:\n  hasta: 2026-12-01T23:59${lab}`, ['MALLA-RUB-03:5']],
    ['a date that is none', `${head}\nentrega:\n  hasta: 2026-13-41T23:59:00Z${lab}`, ['MALLA-RUB-03:5']],
    ['a lab that is not there', `${head}\nlaboratorios:\n  - lab: canari\n`, ['MALLA-RUB-04:5']],
    [
      'a check that is not there',
      `${head}\nlaboratorios:\n  - lab: mtls\n    comprobaciones:\n      - comprobacion: estricto/mod\n`,
      ['MALLA-RUB-05:7'],
    ],
    ['a lab twice', `${head}\nlaboratorios:\n  - lab: mtls\n  - lab: mtls\n`, ['MALLA-RUB-06:6']],
    [
      'a check twice',
      `${head}\nlaboratorios:\n  - lab: mtls\n    comprobaciones:\n      - comprobacion: estricto/modo\n      - comprobacion: estricto/modo\n`,
      ['MALLA-RUB-06:8'],
    ],
    [
      'an exam that ends before it begins',
      `${head}\nexamen: {desde: 2026-12-01T10:00:00Z, hasta: 2026-12-01T09:00:00Z, semilla: s}${lab}`,
      ['MALLA-RUB-07:4'],
    ],
    [
      'a later deadline that is earlier',
      `${head}\nentrega:\n  hasta: 2026-12-01T10:00:00Z\n  prorrogas:\n    ana: 2026-11-01T10:00:00Z${lab}`,
      ['MALLA-RUB-07:7'],
    ],
    ['nothing weighs', `${head}\nlaboratorios:\n  - lab: mtls\n    peso: 0\n`, ['MALLA-RUB-08:4']],
    [
      'a lab of which nothing counts',
      `${head}\nlaboratorios:\n  - lab: mtls\n    resto: ignorar\n`,
      ['MALLA-RUB-08:5'],
    ],
    ['questions where there are none', `${head}\nlaboratorios:\n  - lab: mtls\n    preguntas: 1\n`, ['MALLA-RUB-08:6']],
    ['an extra that is not there', `${head}${lab}extra: [{lab: nada, puntos: 1}]\n`, ['MALLA-RUB-04:5']],
  ])('%s', (_what, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
    for (const { message, cure } of read(text).problems) expect(`${message} ${cure}`).toMatch(/^\S.*\. .*\S[.?]$/s);
  });

  test('all faults of a file are told at once', () => {
    expect(problemsOf(`${head}\nnota: {sobre: 0}\nlaboratorios:\n  - lab: canary\n    peso: mucho\n`)).toEqual([
      'MALLA-RUB-03:4',
      'MALLA-RUB-03:7',
    ]);
  });

  test('a name that is nearly right is told which one was meant', () => {
    expect(read(`${head}\nlaboratorios: [{lab: canari}]\n`).problems[0]?.cure).toBe('¿Querías decir «canary»?');
  });
});

test('a chapter needs no weights: its questions are all of it', () => {
  expect(problemsOf('formato: malla-rubrica/1\nid: p\ntitulo: P\nlaboratorios: [{lab: ideas}]\n')).toEqual([]);
});

test('media/schemas/rubrica.schema.json is what the schema says, with a description for every field', () => {
  const written = readFileSync(join(import.meta.dirname, '../../../media/schemas/rubrica.schema.json'), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(rubricJsonSchema())));
  const bare: string[] = [];
  const look = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties } = node as { properties?: Record<string, { description?: string }> };
    for (const [name, value] of Object.entries(properties ?? {})) if (!value.description) bare.push(`${path}.${name}`);
    for (const [name, value] of Object.entries(node)) look(value, `${path}.${name}`);
  };
  look(JSON.parse(written), '');
  expect(bare).toEqual([]);
});
