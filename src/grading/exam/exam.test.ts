import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab } from '../../labs/lab.ts';
import { canaryOf, classOf, handIn, mtls } from '../class/class.fixture.ts';
import { planFrom, smallRubric } from '../rubric/rubric.fixture.ts';
import { seedFor } from './exam-seed.ts';
import { examSheetSchema, sheetOf } from './exam-sheet.ts';
import { type Exam, forgetExam, keepExam, phaseOf, readExam, withholds } from './exam-state.ts';
import { withoutHelp } from './without-help.ts';

const { rubric, ...plan } = planFrom(`${smallRubric}examen:
  desde: 2026-11-20T08:00:00Z
  hasta: 2026-11-20T12:00:00Z
  minutos: 60
  semilla: final-2026
`);
const sheet = sheetOf(rubric, { rehearsal: false });
if (!sheet) throw new Error('The rubric is of an exam.');
const at = (time: string) => Date.parse(`2026-11-20T${time}:00Z`);

describe('the sheet', () => {
  test('says when, which labs and what is kept back, and neither weights nor answers', () => {
    expect(examSheetSchema.parse(sheet)).toMatchObject({
      labs: ['canary', 'mtls'],
      hints: false,
      solutions: false,
      minutes: 60,
      rehearsal: false,
    });
    expect(JSON.stringify(sheet)).not.toMatch(/peso|reparto/);
  });

  test('of a rehearsal has the same shape, no hour and other figures', () => {
    const rehearsal = sheetOf(rubric, { rehearsal: true });
    expect(Object.keys(rehearsal ?? {})).toEqual(Object.keys(sheet).filter((k) => k !== 'from' && k !== 'until'));
    expect([rehearsal?.labs, rehearsal?.seed === sheet.seed]).toEqual([sheet.labs, false]);
  });

  test('is of exams alone', () => {
    expect(sheetOf(planFrom(smallRubric).rubric, { rehearsal: false })).toBeUndefined();
  });
});

test.each<[string, number | undefined, string, number]>([
  ['07:59', undefined, 'antes', 60_000],
  ['08:00', undefined, 'dentro', 4 * 3_600_000],
  ['08:30', at('08:00'), 'dentro', 30 * 60_000],
  // Who begins late ends with all the others.
  ['11:50', at('11:30'), 'dentro', 10 * 60_000],
  ['09:00', at('08:00'), 'acabado', 0],
  ['12:00', at('11:59'), 'acabado', 0],
])('at %s, begun %s: %s', (now, begun, phase, left) => {
  expect(phaseOf(sheet, at(now), begun)).toEqual({ phase, left });
});

test('hints and solutions are kept back of the labs of the exam, and only of them', () => {
  const exam: Exam = { sheet, student: 'ana', begun: '2026-11-20T08:00:00.000Z', seedBefore: '' };
  expect([withholds(exam, 'canary', 'hints'), withholds(exam, 'bookinfo', 'hints')]).toEqual([true, false]);
  expect(withholds({ ...exam, sheet: { ...sheet, hints: true } }, 'canary', 'hints')).toBe(false);
  expect(withholds(undefined, 'canary', 'solutions')).toBe(false);
});

test('a lab of the exam is shown without hints and solution, and another as it is', () => {
  const step = { id: 'uno', hints: ['mira'], solution: [{ type: 'file' }], solutionMarkdown: 'así' };
  const lab = { id: 'canary', steps: [step] } as unknown as Lab;
  const exam: Exam = { sheet, student: 'ana', begun: '2026-11-20T08:00:00.000Z', seedBefore: '' };
  expect(withoutHelp(lab, exam).steps[0]).toMatchObject({ hints: [], solution: [], solutionMarkdown: '' });
  expect(withoutHelp({ ...lab, id: 'otro' }, exam).steps[0]?.hints).toEqual(['mira']);
  expect(withoutHelp(lab, undefined)).toBe(lab);
});

describe('on disk', () => {
  let home = '';
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'malla-examen-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  test('an exam is kept, read and forgotten; what is no exam is none', async () => {
    const exam: Exam = { sheet, student: 'ana', begun: '2026-11-20T08:00:00.000Z', seedBefore: 'mia' };
    expect(readExam(home)).toBeUndefined();
    await keepExam(home, exam);
    expect(readExam(home)).toEqual(exam);
    await forgetExam(home);
    expect(readExam(home)).toBeUndefined();
    await writeFile(join(home, 'examen.json'), '{"sheet":7}');
    expect(readExam(home)).toBeUndefined();
  });
});

describe('grading', () => {
  const labs = [canaryOf(['correcto', 'correcto', 'correcto']), mtls('correcto')];
  const of = (given: Parameters<typeof handIn>[1]) =>
    classOf({ plan: { rubric, ...plan }, graded: [handIn('ana', { labs, at: '2026-11-20T10:00:00.000Z', ...given })] })
      .students[0];
  const own = seedFor('final-2026', 'ana');

  test('who did their own exam in time has the mark', () => {
    expect(of({ seed: own })?.mark).toBe(10);
  });

  test('who did another’s has none, and it is told', () => {
    const student = of({ seed: seedFor('final-2026', 'eva') });
    expect([student?.mark, student?.submissions[0]?.problems.map((p) => p.code)]).toEqual([0, ['MALLA-NOT-07']]);
  });

  test('a step done before the exam was open does not count, and the others do', () => {
    const early = structuredClone(labs);
    const [step] = early[1]?.steps ?? [];
    if (step) step.at = '2026-11-19T09:00:00.000Z';
    const student = of({ seed: own, labs: early });
    expect([student?.mark, student?.submissions[0]?.problems.map((p) => p.code)]).toEqual([7.5, ['MALLA-NOT-08']]);
  });

  test('what is handed in by itself when the time is up is not late, and an hour later it is', () => {
    const handedIn = (at: string) => of({ seed: own, at })?.mark;
    expect(handedIn('2026-11-20T12:00:01.000Z')).toBe(10);
    expect(handedIn('2026-11-20T13:00:00.000Z')).toBe(0);
  });

  test('capitals of a code do not change its seed', () => {
    expect(seedFor('x', 'ANA')).toBe(seedFor('x', 'ana'));
  });
});
