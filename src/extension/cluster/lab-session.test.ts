import { expect, test } from 'vitest';
import { aLab, aVerdict, playProgram } from '../test-builders.ts';
import { createLabSession } from './lab-session.ts';

const lab = aLab({ steps: { uno: ['c1'] } });
const solved = (state: string, extra: object = {}) => ({
  lab: 'canary',
  state,
  steps: [{ lab: 'canary', step: 'uno', state, checks: [], actions: [], ...extra }],
});
const nothing = () => ({ exitCode: 0 });

test('what the watcher says becomes the state; what it says after the end does not', () => {
  const program = playProgram(nothing);
  const session = createLabSession(lab, program);
  session.follow();
  program.say({ event: 'step', step: 'uno', state: 'incorrecto' });
  expect(session.now).toMatchObject({ followed: true, steps: { uno: { mark: 'incorrecto' } } });
  session.unfollow();
  program.say({ event: 'step', step: 'uno', state: 'correcto' });
  expect(session.now).toMatchObject({ followed: false, steps: { uno: { mark: 'pendiente' } } });
});

test('watching twice is watching once', () => {
  const program = playProgram(nothing);
  const session = createLabSession(lab, program);
  session.follow();
  session.follow();
  expect(program.calls).toEqual(['seguir canary --json']);
});

test('a watcher that dies leaves its reason, and verifying watches again', () => {
  const program = playProgram(nothing);
  const session = createLabSession(lab, program);
  session.follow();
  program.end(137);
  expect(session.now.problem?.code).toBe('MALLA-EDI-02');
  session.verify('uno');
  expect(session.now.problem).toBeUndefined();
  expect(program.orders).toEqual([{ do: 'verify', step: 'uno' }]);
});

test.each([
  [
    'a command that failed',
    solved('incorrecto', { actions: [{ title: 'x', exitCode: 1, output: '' }] }),
    'MALLA-EDI-04',
  ],
  [
    'a check that is not right',
    solved('incorrecto', { checks: [{ id: 'c1', verdict: aVerdict('c1', 'incorrecto') }] }),
    'MALLA-EDI-05',
  ],
  ['an answer of another version', { done: true }, 'MALLA-EDI-03'],
])('applying a solution tells of %s', async (_, value, code) => {
  const session = createLabSession(
    lab,
    playProgram(() => ({ exitCode: 1, value })),
  );
  expect((await session.solve('uno', '/w'))?.code).toBe(code);
  expect(session.now.busy).toBeUndefined();
  expect(session.now.problem?.code).toBe(code);
});

test('a solution that ends right leaves its verification to the watcher', async () => {
  const program = playProgram(() => ({ exitCode: 0, value: solved('correcto') }));
  const session = createLabSession(lab, program);
  session.follow();
  expect(await session.solve('uno', '/w')).toBeUndefined();
  expect(program.calls.at(-1)).toBe('resolver canary --paso uno --carpeta /w --json');
  expect(program.orders).toEqual([]);
});

test('preparing stops at the first lab that does not end right', async () => {
  const program = playProgram((args) => ({
    exitCode: 0,
    value: solved(args.includes('dos') ? 'incorrecto' : 'correcto', {
      checks: [{ id: 'c1', verdict: aVerdict('c1', 'incorrecto') }],
    }),
  }));
  const session = createLabSession(lab, program);
  const problem = await session.prepare([aLab({ id: 'uno' }), aLab({ id: 'dos' }), aLab({ id: 'tres' })], '/w');
  expect(problem?.code).toBe('MALLA-EDI-05');
  expect(program.calls.map((c) => c.split(' ')[1])).toEqual(['uno', 'dos']);
});

test('remembering does not undo what is known better', () => {
  const program = playProgram(nothing);
  const session = createLabSession(lab, program);
  session.follow();
  program.say({ event: 'step', step: 'uno', state: 'incorrecto' });
  session.remember(['uno']);
  expect(session.now.steps.uno?.mark).toBe('incorrecto');
});

test('what is no longer written down is forgotten', () => {
  const session = createLabSession(lab, playProgram(nothing));
  session.remember(['uno']);
  expect(session.now.steps.uno?.mark).toBe('superado');
  session.remember([]);
  expect(session.now.steps.uno?.mark).toBe('pendiente');
});

test('what changes nothing is not told', () => {
  const session = createLabSession(lab, playProgram(nothing));
  let told = 0;
  session.onChange(() => {
    told += 1;
  });
  session.remember([]);
  session.remember(['uno']);
  session.remember(['uno']);
  expect(told).toBe(1);
});

test('a chapter is never watched, and its steps are done when all their questions are right', async () => {
  const question = {
    id: 'p1',
    text: '¿?',
    options: [
      { text: 'a', right: false },
      { text: 'b', right: true },
    ],
    explanation: 'e',
    line: 1,
  };
  const chapter = { ...aLab({ id: 'teoria', steps: { uno: [] } }), chapter: true };
  for (const step of chapter.steps) step.questions = [question];
  const program = playProgram(() => ({ exitCode: 0, value: { right: true, says: 'e' } }));
  const session = createLabSession(chapter, program);
  session.follow();
  await session.choose('uno', 'p1', [0]);
  expect(session.now).toMatchObject({ followed: false, steps: { uno: { mark: 'pendiente' } } });
  await session.choose('uno', 'p1', [1]);
  expect(session.now).toMatchObject({
    answers: { questions: { 'uno/p1': [1] } },
    steps: { uno: { mark: 'correcto' } },
  });
  expect(program.calls).toEqual(['responder teoria uno/p1 a --json', 'responder teoria uno/p1 b --json']);
});

test('a typed answer is sent as it is, and judged without a watcher', async () => {
  const program = playProgram(() => ({ exitCode: 1, value: { right: false, says: 'no' } }));
  const session = createLabSession(lab, program);
  await session.respond('uno', 'c1', '--json; rm -rf');
  expect(program.calls).toEqual(['responder canary uno/c1 --json -- --json; rm -rf']);
  expect(session.now).toMatchObject({
    answers: { checks: { 'uno/c1': '--json; rm -rf' } },
    steps: { uno: { checks: { c1: { mark: 'incorrecto', verdict: { observed: 'no' } } } } },
  });
});

test('what was answered in other sessions is known again', () => {
  const session = createLabSession(lab, playProgram(nothing));
  session.remember(['uno'], { checks: { 'uno/c1': 'x' }, questions: { 'uno/p1': [2] } });
  expect(session.now).toMatchObject({
    answers: { questions: { 'uno/p1': [2] } },
    steps: { uno: { mark: 'superado' } },
  });
});

test('the stream of requests is shown while somebody watches, and can be stopped', () => {
  const program = playProgram(nothing);
  const session = createLabSession(lab, program);
  session.follow();
  program.say({ event: 'traffic', rate: 2, trouble: 'la entrada rechaza la conexión' });
  expect(session.now.traffic).toEqual({ rate: 2, trouble: 'la entrada rechaza la conexión' });
  session.setTraffic(false);
  expect(program.orders).toEqual([{ do: 'traffic', flow: false }]);
  program.say({ event: 'traffic', rate: 0 });
  expect(session.now.traffic).toEqual({ rate: 0 });
  session.unfollow();
  expect(session.now).not.toHaveProperty('traffic');
});

test('a solution that is asked for while another is applied waits for its turn', async () => {
  const two = aLab({ steps: { uno: ['c1'], dos: ['c2'] } });
  const began: string[] = [];
  let end = (): void => {};
  const program = playProgram(nothing);
  const session = createLabSession(two, {
    ...program,
    run: (args) => {
      began.push(args.join(' '));
      return new Promise((resolve) => {
        end = () => resolve({ exitCode: 0, value: solved('correcto') });
      });
    },
  });
  const first = session.solve('uno', '/w');
  const second = session.solve('dos', '/w');
  await new Promise((resolve) => setImmediate(resolve));
  expect(began).toEqual(['resolver canary --paso uno --carpeta /w --json']);
  end();
  expect(await first).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve));
  expect(began.at(-1)).toBe('resolver canary --paso dos --carpeta /w --json');
  expect(session.now.busy).toContain('dos');
  end();
  expect(await second).toBeUndefined();
  expect(session.now.busy).toBeUndefined();
});
