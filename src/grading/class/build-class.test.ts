import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gradedCheckOf, gradedLabOf, gradedStepOf } from '../replay/graded.fixture.ts';
import type { Graded } from '../replay/graded.ts';
import { planFrom } from '../rubric/rubric.fixture.ts';
import { canaryOf, classOf, graded, handIn, list, mtls, rubricText } from './class.fixture.ts';
import { classJsonSchema, classResultSchema } from './class-result.ts';

const result = classOf();
const student = (code: string, from = result) => {
  const found = from.students.find((s) => s.code === code);
  if (!found) throw new Error(`Nobody is ${code}.`);
  return found;
};

test('each student of the list is there once, and who is on no list after them', () => {
  expect(result.students.map((s) => s.code)).toEqual(['ana', 'berta', 'carlos', 'diana', 'eva', 'zoe']);
  expect(result.students.filter((s) => s.stranger).map((s) => s.code)).toEqual(['zoe']);
});

test('the marks are those of the rubric', () => {
  // canary weighs 3 of 4, its first check 2 of 4. Berta: 1 of 3 parts of canary that could be verified, nothing of mTLS.
  expect(result.students.map((s) => [s.code, s.mark])).toEqual([
    ['ana', 10],
    ['berta', 2.31],
    ['carlos', 7.31],
    ['diana', 0],
    ['eva', 0],
    ['zoe', 2.5],
  ]);
});

test('a hand-in that nobody can be read from is told apart, and stops nothing', () => {
  expect(result.unassigned.map((u) => [u.submission, u.problems[0]?.code])).toEqual([['roto.zip', 'MALLA-ENT-01']]);
});

test('hand-ins in any order give the same result', () => {
  expect(classOf({ graded: graded.toReversed() })).toEqual(result);
});

test('the result is of its own schema, and survives JSON', () => {
  expect(classResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(JSON.parse(JSON.stringify(result)));
});

test('media/schemas/clase.schema.json is what the schema says', () => {
  const written = readFileSync(join(import.meta.dirname, '../../../media/schemas/clase.schema.json'), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(classJsonSchema())));
});

test('what is wrong points at the line of the student’s file', () => {
  const check = student('berta').checks.find((c) => c.check === 'reparto' && c.step === 'uno');
  expect(check?.excerpt).toMatchObject({ file: 'reviews.yaml', line: 13, from: 9 });
  expect(check?.excerpt?.lines[4]).toBe('          weight: 80');
});

test('names are left out when they are not wanted', () => {
  const anonymous = JSON.stringify(classOf({ anonymous: true }));
  expect(['García', 'ag01', 'ana@x.es'].filter((name) => anonymous.includes(name))).toEqual([]);
});

test('a teacher’s decision changes the mark of that student alone', () => {
  const adjustments = new Map([['diana', [{ kind: 'puntos' as const, points: 1.5, reason: 'Lo explicó', by: 'P' }]]]);
  const adjusted = classOf({ adjustments });
  expect([student('diana', adjusted).mark, student('ana', adjusted).mark]).toEqual([1.5, 10]);
});

describe('what was not replayed', () => {
  const only = planFrom('formato: malla-rubrica/1\nid: p\ntitulo: P\nlaboratorios: [{lab: canary}, {lab: mtls}]\n');
  const step = gradedStepOf('estricto', [gradedCheckOf('modo', 'correcto', { replayed: undefined })], {
    notReplayed: 'MALLA-ENT-33',
  });
  const hand = (given: Partial<Graded> = {}) =>
    handIn('ana', { labs: [canaryOf(['correcto', 'correcto', 'correcto']), gradedLabOf('mtls', [step])], ...given });
  const state = (plan: typeof only, g: Graded) =>
    student('ana', classOf({ plan, graded: [g] })).checks.find((c) => c.lab === 'mtls')?.state;

  test('does not count by itself, or counts as claimed when the rubric says so', () => {
    const claimed = { ...only, rubric: { ...only.rubric, repeticion: { imposible: 'declarado' as const } } };
    expect([state(only, hand()), state(claimed, hand())]).toEqual(['no verificable', 'correcto']);
  });

  test.each(['MALLA-ENT-34', 'MALLA-ENT-15'])(
    'counts as not handed in when the hand-in lacks what it claims: %s',
    (why) => {
      const labs = [gradedLabOf('mtls', [{ ...step, notReplayed: why }])];
      const claimed = { ...only, rubric: { ...only.rubric, repeticion: { imposible: 'declarado' as const } } };
      expect([state(only, hand({ labs })), state(claimed, hand({ labs }))]).toEqual(['falta', 'falta']);
    },
  );

  test('counts as not handed in when it was refused for what it holds', () => {
    const problems: Graded['problems'] = [{ code: 'MALLA-ENT-20', severity: 'rechazo', message: 'No.', lab: 'mtls' }];
    expect(state(only, hand({ problems }))).toBe('falta');
  });
});

describe('the map of misconceptions', () => {
  test('counts students, those who still had it, and how long', () => {
    expect(result.misconceptions.find((m) => m.code === 'MALLA-REP-01')).toMatchObject({
      students: 4,
      left: 2,
      medianSeconds: 620,
      checks: ['canary/uno/reparto'],
    });
  });

  test('the same stretch in two hand-ins of a student is counted once', () => {
    const twice = [
      handIn('ana', { labs: [canaryOf(['correcto', 'correcto', 'correcto'])] }),
      handIn('ana', {
        submission: 'ana-2.zip',
        sha256: 'd'.repeat(64),
        labs: [canaryOf(['correcto', 'correcto', 'correcto'])],
      }),
    ];
    const [first] = classOf({ graded: twice }).misconceptions;
    expect(first).toMatchObject({ code: 'MALLA-REP-01', students: 1, longestSeconds: 620 });
  });

  test('a code that this Malla does not know has a title all the same', () => {
    const odd = mtls('correcto');
    const [step] = odd.steps;
    step?.checks[0]?.diagnoses.push({ code: 'MALLA-XYZ-77', at: '2026-11-20T09:00:00.000Z', seconds: 5 });
    expect(classOf({ graded: [handIn('ana', { labs: [odd] })] }).misconceptions[0]?.title).toContain('no conoce');
  });
});

test('without a list, whoever hands in is the class, and nobody is a stranger', () => {
  const free = classOf({ list: undefined });
  expect(free.students.map((s) => [s.code, s.stranger])).toEqual(
    ['ana', 'berta', 'carlos', 'diana', 'zoe'].map((code) => [code, false]),
  );
});

test('who wrote the user instead of the code is found', () => {
  expect(student('ana', classOf({ graded: [handIn('ag01', { labs: [mtls('correcto')] })], list })).mark).toBe(2.5);
});

test('the account of each student adds up to the mark', () => {
  for (const { lines, mark = 0 } of result.students)
    expect(lines.reduce((sum, l) => sum + l.points, 0)).toBeCloseTo(mark, 9);
  expect(rubricText).toContain('descuento: 10');
});
