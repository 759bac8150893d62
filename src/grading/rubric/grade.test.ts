import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VerdictState } from '../../checks/verdict.ts';
import { totalOf } from './account.ts';
import { grade } from './grade.ts';
import { keyOf, type Plan } from './plan.ts';
import { attempt, planFrom, smallRubric } from './rubric.fixture.ts';
import type { Adjustment, Attempt } from './work.ts';

const now = Date.parse('2026-12-10T00:00:00Z');
const deadline = 'entrega:\n  hasta: 2026-12-01T00:00:00Z\n';
const right: Record<string, Record<string, VerdictState>> = {
  canary: { 'uno/reparto': 'correcto', 'uno/subsets': 'correcto', 'dos/reparto': 'correcto' },
  mtls: { 'estricto/modo': 'correcto' },
};
const change = (lab: string, check: string, state: VerdictState) => ({
  ...right,
  [lab]: { ...right[lab], [check]: state },
});
const markOf = (text: string, ...attempts: Attempt[]) => grade(planFrom(text), { student: 'ana', attempts }, now).mark;

describe('what it is worth', () => {
  test('all right is the whole mark, and nothing right is 0', () => {
    expect(markOf(smallRubric, attempt(right))).toBe(10);
    expect(markOf(smallRubric, attempt({ canary: {} }))).toBe(0);
  });

  test('labs and checks weigh what the rubric says', () => {
    // canary is 3 of 4, and its first check 2 of 4.
    expect(markOf(smallRubric, attempt(change('canary', 'uno/reparto', 'incorrecto')))).toBe(6.25);
    expect(markOf(smallRubric, attempt(change('mtls', 'estricto/modo', 'incorrecto')))).toBe(7.5);
  });

  test('a lab that was not handed in counts as wrong', () => {
    expect(markOf(smallRubric, attempt({ mtls: right.mtls ?? {} }))).toBe(2.5);
  });

  test('what cannot be verified leaves the mark, and the rest weighs more', () => {
    expect(markOf(smallRubric, attempt(change('canary', 'uno/reparto', 'no verificable')))).toBe(10);
    const half = { canary: { ...right.canary, 'uno/reparto': 'no verificable' as const }, mtls: {} };
    // Without that check, 5 of 8 parts are left; canary has 3 of them.
    expect(markOf(smallRubric, attempt(half))).toBe(6);
  });

  test('nothing verified is no mark, not a 0', () => {
    const none = attempt({
      canary: { 'uno/reparto': 'no verificable', 'uno/subsets': 'no verificable', 'dos/reparto': 'no verificable' },
      mtls: { 'estricto/modo': 'no verificable' },
    });
    const result = grade(planFrom(smallRubric), { student: 'ana', attempts: [none] }, now);
    expect([result.state, result.mark]).toEqual(['sin nota', undefined]);
  });

  test('without credit for parts, a step or a lab is right when all of it is', () => {
    const by = (what: string) => smallRubric.replace('peso: 3', `peso: 3\n    parcial: ${what}`);
    const work = attempt(change('canary', 'uno/subsets', 'incorrecto'));
    expect(markOf(by('pasos'), work)).toBe(4.38);
    expect(markOf(by('nada'), work)).toBe(2.5);
    expect(markOf(by('nada'), attempt(change('canary', 'uno/subsets', 'no verificable')))).toBe(10);
  });

  test('only the named checks count when the rest is ignored', () => {
    const only = smallRubric.replace('peso: 3', 'peso: 3\n    resto: ignorar');
    expect(markOf(only, attempt(change('canary', 'uno/subsets', 'incorrecto')))).toBe(10);
  });

  test('questions count when they are given weight; in a chapter they are all there is', () => {
    const quiz = smallRubric.replace('peso: 3', 'peso: 3\n    preguntas: 4');
    expect(markOf(quiz, attempt(right))).toBe(6.25);
    expect(markOf(quiz, attempt(right, { questions: { canary: { 'uno/p1': true } } }))).toBe(10);
    const chapter = smallRubric.replace(/ {2}- lab: canary.*$/s, '  - lab: ideas\n');
    expect(markOf(chapter, attempt({}, { questions: { ideas: { '/p1': true, 'uno/p1': false } } }))).toBe(5);
  });

  test('a bonus adds and never takes away, up to the top', () => {
    const extra = `${smallRubric}extra: [{lab: mtls, puntos: 1.5}]\n`;
    expect(markOf(extra, attempt(right))).toBe(11.5);
    expect(markOf(extra, attempt(change('mtls', 'estricto/modo', 'incorrecto')))).toBe(7.5);
    expect(markOf(`${extra}nota: {tope: 11}\n`, attempt(right))).toBe(11);
  });
});

describe('when it came', () => {
  const late = `${smallRubric}${deadline}  gracia: 10\n  tarde: {dias: 2, descuento: 25}\n`;
  const at = (handedIn: string) => markOf(late, attempt(right, { handedIn }));

  test.each([
    ['2026-11-30T23:59:59Z', 10],
    ['2026-12-01T00:10:00Z', 10],
    ['2026-12-01T00:11:00Z', 7.5],
    ['2026-12-02T00:05:00Z', 5],
    ['2026-12-03T00:00:01Z', 0],
  ])('at %s it is worth %d', (handedIn, mark) => {
    expect(at(handedIn)).toBe(mark);
  });

  test('without days for it, late is not taken', () => {
    expect(markOf(`${smallRubric}${deadline}`, attempt(right, { handedIn: '2026-12-01T00:00:01Z' }))).toBe(0);
  });

  test('a later deadline of one’s own counts, and only for that student', () => {
    const own = planFrom(`${smallRubric}${deadline}  prorrogas: {eva: 2026-12-05T00:00:00Z}\n`);
    const attempts = [attempt(right, { handedIn: '2026-12-04T00:00:00Z' })];
    expect(['eva', 'ana'].map((student) => grade(own, { student, attempts }, now).mark)).toEqual([10, 0]);
  });

  test('nothing handed in is pending until nothing is taken any more', () => {
    const plan = planFrom(late);
    const stateAt = (when: string) => grade(plan, { student: 'ana', attempts: [] }, Date.parse(when));
    expect(stateAt('2026-12-02T23:00:00Z').state).toBe('pendiente');
    expect(stateAt('2026-12-03T00:00:01Z')).toMatchObject({ state: 'no entregada', mark: 0 });
  });
});

describe('several hand-ins', () => {
  const first = attempt(right, { id: 'a', handedIn: '2026-11-01T00:00:00Z' });
  const second = attempt({ mtls: right.mtls ?? {} }, { id: 'b', handedIn: '2026-11-02T00:00:00Z' });

  test('the best counts, or the last, in any order', () => {
    const last = `${smallRubric}${deadline}  cuenta: ultima\n`;
    expect([markOf(smallRubric, second, first), markOf(last, second, first)]).toEqual([10, 2.5]);
  });

  test('those beyond the attempts are not looked at, and it is told', () => {
    const result = grade(
      planFrom(`${smallRubric}${deadline}  intentos: 1\n`),
      { student: 'ana', attempts: [first, second, attempt(right, { id: 'c', handedIn: '2026-11-03T00:00:00Z' })] },
      now,
    );
    expect([result.mark, result.beyond, result.attempt?.number]).toEqual([10, 2, 1]);
  });

  test('the same one twice is one attempt', () => {
    expect(grade(planFrom(smallRubric), { student: 'ana', attempts: [first, first] }, now).attempt?.of).toBe(1);
  });
});

describe('a teacher’s decisions', () => {
  const wrong = attempt(change('mtls', 'estricto/modo', 'incorrecto'));
  const decide = (...adjustments: Adjustment[]) =>
    grade(planFrom(smallRubric), { student: 'ana', attempts: [wrong], adjustments }, now);
  const why = { reason: 'Lo enseñó en clase', by: 'Profe' };
  const onCheck = (decided: boolean | undefined): Adjustment => ({
    ...why,
    kind: 'comprobacion',
    lab: 'mtls',
    check: 'estricto/modo',
    right: decided,
  });

  test('a check may be given, taken or left out, and the account says why', () => {
    expect([decide(onCheck(true)).mark, decide(onCheck(undefined)).mark]).toEqual([10, 10]);
    const pieces = decide(onCheck(true)).lines.flatMap((l) => l.pieces ?? []);
    expect(pieces.find((p) => p.decided)).toMatchObject({ state: 'incorrecto', decided: { reason: why.reason } });
  });

  test('the last decision on a check counts', () => {
    expect(decide(onCheck(true), onCheck(false)).mark).toBe(7.5);
  });

  test('points stay between 0 and the highest mark', () => {
    expect(decide({ ...why, kind: 'puntos', points: 50 }).mark).toBe(10);
    expect(decide({ ...why, kind: 'puntos', points: -50 }).mark).toBe(0);
  });
});

describe('for any class', () => {
  const states = fc.constantFrom<VerdictState>('correcto', 'incorrecto', 'no verificable');
  const rank: Record<VerdictState, number> = { incorrecto: 0, 'no verificable': 1, correcto: 2 };
  const rubric = fc.record({
    weights: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 2 }),
    partial: fc.constantFrom('comprobaciones', 'pasos', 'nada'),
    check: fc.integer({ min: 0, max: 5 }),
    quiz: fc.integer({ min: 0, max: 3 }),
    bonus: fc.integer({ min: 1, max: 4 }),
    discount: fc.integer({ min: 0, max: 100 }),
    decimals: fc.integer({ min: 0, max: 3 }),
  });
  const plans: fc.Arbitrary<Plan> = rubric.map(({ weights: [a, b], partial, check, quiz, bonus, discount, decimals }) =>
    planFrom(`formato: malla-rubrica/1
id: p
titulo: P
nota: {decimales: ${decimals}}
laboratorios:
  - lab: canary
    peso: ${(a ?? 0) + 1}
    parcial: ${partial}
    preguntas: ${quiz}
    comprobaciones: [{comprobacion: uno/reparto, peso: ${check}}]
  - {lab: mtls, peso: ${b}}
extra: [{lab: mtls, puntos: ${bonus}}]
entrega: {hasta: 2026-12-01T00:00:00Z, tarde: {dias: 3, descuento: ${discount}}}
`),
  );
  const works = fc
    .record({
      states: fc.array(states, { minLength: 4, maxLength: 4 }),
      quiz: fc.boolean(),
      hours: fc.integer({ min: -48, max: 120 }),
    })
    .map(({ states: [a, b, c, d], quiz, hours }) =>
      attempt(
        {
          canary: { 'uno/reparto': a ?? 'correcto', 'uno/subsets': b ?? 'correcto', 'dos/reparto': c ?? 'correcto' },
          mtls: { 'estricto/modo': d ?? 'correcto' },
        },
        {
          handedIn: new Date(Date.parse('2026-12-01T00:00:00Z') + hours * 3_600_000).toISOString(),
          questions: { canary: { 'uno/p1': quiz } },
        },
      ),
    );
  const result = (plan: Plan, work: Attempt) => grade(plan, { student: 'ana', attempts: [work] }, now);

  test('a mark is between 0 and all right with its bonus, and its account adds up to it', () => {
    fc.assert(
      fc.property(plans, works, (plan, work) => {
        const { mark, highest, lines } = result(plan, work);
        if (mark === undefined) return lines.length === 0;
        return mark >= 0 && mark <= highest && Math.abs(totalOf(lines) - mark) < 1e-9;
      }),
    );
  });

  test('a check that goes better never lowers the mark', () => {
    fc.assert(
      fc.property(
        plans,
        works,
        fc.constantFrom('uno/reparto', 'uno/subsets', 'dos/reparto'),
        states,
        (plan, work, check, state) => {
          const before = work.labs.canary?.checks[check] ?? 'incorrecto';
          if (rank[state] < rank[before]) return true;
          const better = structuredClone(work);
          if (better.labs.canary) better.labs.canary.checks[check] = state;
          const [low, high] = [result(plan, work).mark, result(plan, better).mark];
          return low === undefined || high === undefined || high >= low;
        },
      ),
      { numRuns: 500 },
    );
  });

  test('what cannot be verified never counts as wrong: right in all else is the whole mark', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (plan, hidden) => {
        const state = (i: number): VerdictState => (hidden[i] ? 'no verificable' : 'correcto');
        const work = attempt(
          {
            canary: { 'uno/reparto': state(0), 'uno/subsets': state(1), 'dos/reparto': state(2) },
            mtls: { 'estricto/modo': state(3) },
          },
          { questions: { canary: { 'uno/p1': true } } },
        );
        const { mark, outOf } = result(plan, work);
        return mark === undefined || mark >= outOf;
      }),
    );
  });

  test('later is never better', () => {
    fc.assert(
      fc.property(plans, works, fc.integer({ min: 0, max: 100 }), (plan, work, hours) => {
        const later = { ...work, handedIn: new Date(Date.parse(work.handedIn) + hours * 3_600_000).toISOString() };
        return (result(plan, later).mark ?? 0) <= (result(plan, work).mark ?? 0);
      }),
    );
  });

  test('each unit is named once and their weights are one whole', () => {
    fc.assert(
      fc.property(plans, ({ units }) => {
        const keys = units.flatMap((u) => u.pieces.map((p) => `${p.lab} ${p.kind} ${keyOf(p)}`));
        return new Set(keys).size === keys.length && Math.abs(units.reduce((s, u) => s + u.weight, 0) - 1) < 1e-9;
      }),
    );
  });
});
