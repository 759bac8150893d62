import { describe, expect, test } from 'vitest';
import { classOf, graded } from '../../grading/class/class.fixture.ts';
import { detailOf, viewOf } from '../../grading/class/class-view.ts';
import type { GradingState } from '../../webview/grading/protocol.ts';
import type { MallaProgram, Outcome, RunOptions } from '../cluster/malla-program.ts';
import { createGradingSession } from './grading-session.ts';

const result = classOf();
const view = viewOf(result);
const problem = { code: 'MALLA-RUB-09', happened: 'No', expected: 'Sí', todo: 'Algo' };

function detailFor(code: string): unknown {
  const student = result.students.find((s) => s.code === code);
  return (
    student &&
    detailOf(
      student,
      graded.find((g) => g.submission === student.submission),
      result,
      [],
    )
  );
}

/** A program that answers each verb of `malla calificar`; `calls` are its arguments. */
function play(answers: Record<string, (options: RunOptions, args: string) => Promise<Outcome> | Outcome> = {}) {
  const calls: string[] = [];
  const program: MallaProgram = {
    async run(args, options = {}) {
      const line = args.join(' ');
      calls.push(line);
      const verb = ['mirar', 'ajustar', 'informe'].find((v) => args[1] === v) ?? 'calificar';
      const own = answers[verb];
      if (own) return own(options, line);
      const code = /--alumno=(\S+)/.exec(line)?.[1];
      if (verb === 'mirar') return { exitCode: 0, value: code === undefined ? view : detailFor(code) };
      return { exitCode: 0, value: verb === 'informe' ? { folder: '/r/informe', files: ['clase.html'] } : {} };
    },
    follow: () => ({ order() {}, stop() {} }),
  };
  const memory = new Map<string, unknown>();
  const session = createGradingSession(program, {
    recall: (name) => memory.get(name),
    remember: async (name, value) => void memory.set(name, value),
  });
  const states: GradingState[] = [];
  session.onChange((state) => states.push(state));
  return { program, session, calls, states, memory };
}

async function ready(answers: Parameters<typeof play>[0] = {}) {
  const none = { exitCode: 69, problem: { ...problem, code: 'MALLA-NOT-05' } };
  let graded = false;
  const played = play({
    ...answers,
    mirar: (options, args) => {
      // There is nothing until the rubric is chosen.
      if (!graded) return none;
      const code = /--alumno=(\S+)/.exec(args)?.[1];
      return answers.mirar?.(options, args) ?? { exitCode: 0, value: code === undefined ? view : detailFor(code) };
    },
  });
  await played.session.setSource('folder', '/entregas/');
  await played.session.setSource('rubric', '/r.yaml');
  expect(played.session.now.problem).toBeUndefined();
  graded = true;
  played.calls.length = 0;
  played.states.length = 0;
  return played;
}

test('grading tells how far it is, and then the marks', async () => {
  const { session, states, calls } = await ready({
    calificar: ({ onValue }) => {
      onValue?.({ event: 'x', done: 1, of: 3 });
      onValue?.({ other: 'line' });
      onValue?.({ done: 3, of: 3 });
      return { exitCode: 0, value: {} };
    },
  });
  await session.do({ message: 'grade' });
  expect(states.flatMap((s) => (s.work?.what === 'calificar' ? [[s.work.done, s.work.of]] : []))).toEqual([
    [0, 0],
    [1, 3],
    [3, 3],
  ]);
  expect(calls).toEqual([
    'calificar /entregas/ --rubrica /r.yaml --salida /entregas-notas --json',
    'calificar mirar /entregas-notas --rubrica /r.yaml --json',
  ]);
  expect(session.now.marks?.students).toHaveLength(6);
  expect(session.now.work).toBeUndefined();
});

test('cancelling stops the program and shows what was graded until then', async () => {
  const { session } = await ready({
    calificar: ({ signal }) =>
      new Promise((resolve) => signal?.addEventListener('abort', () => resolve({ exitCode: 130, problem }))),
  });
  const grading = session.do({ message: 'grade' });
  await session.do({ message: 'cancel' });
  await grading;
  expect(session.now.problem).toBeUndefined();
  expect(session.now.marks?.title).toBe('Práctica 1');
});

test('a problem is told and nothing else is lost', async () => {
  const { session } = await ready({ calificar: () => ({ exitCode: 69, problem }) });
  await session.do({ message: 'grade' });
  expect([session.now.problem?.code, session.now.marks, session.now.work]).toEqual([
    'MALLA-RUB-09',
    undefined,
    undefined,
  ]);
});

test('an answer of another version is told', async () => {
  const { session } = await ready({ mirar: () => ({ exitCode: 0, value: { students: 'muchos' } }) });
  await session.do({ message: 'reload' });
  expect(session.now.problem?.code).toBe('MALLA-EDI-03');
});

describe('one student', () => {
  test('is read, and read again after a decision', async () => {
    const { session, calls } = await ready();
    await session.do({ message: 'reload' });
    await session.do({ message: 'select', code: 'berta' });
    expect(session.now.detail?.files[0]?.notes[0]).toMatchObject({ line: 13, code: 'MALLA-REP-01' });
    await session.do({
      message: 'decide',
      code: 'berta',
      check: 'mtls/estricto/modo',
      counts: 'nada',
      reason: '--anular=1 "; rm',
    });
    expect(calls.slice(-3)).toEqual([
      'calificar ajustar /entregas-notas --alumno=berta --motivo=--anular=1 "; rm --comprobacion=mtls/estricto/modo --vale=nada --json',
      'calificar mirar /entregas-notas --rubrica /r.yaml --json',
      'calificar mirar /entregas-notas --rubrica /r.yaml --alumno=berta --json',
    ]);
  });

  test('is closed', async () => {
    const { session } = await ready();
    await session.do({ message: 'select', code: 'ana' });
    await session.do({ message: 'close' });
    expect(session.now.detail).toBeUndefined();
  });
});

test('points may be negative, and the list goes with every verb', async () => {
  const { session, calls } = await ready();
  await session.setSource('list', '/lista.csv');
  calls.length = 0;
  await session.do({ message: 'points', code: 'ana', points: -1.5, reason: 'Tarde' });
  expect(calls[0]).toBe(
    'calificar ajustar /entregas-notas --alumno=ana --motivo=Tarde --puntos=-1.5 --lista /lista.csv --json',
  );
  expect(calls[1]).toContain('--lista /lista.csv');
});

test('reports are written and where they are is told', async () => {
  const { session } = await ready();
  await session.do({ message: 'export' });
  expect(session.now.written).toBe('/r/informe');
});

test('another folder forgets the marks of the one before', async () => {
  const { session } = await ready();
  await session.do({ message: 'reload' });
  const states: GradingState[] = [];
  session.onChange((state) => states.push(state));
  await session.setSource('folder', '/otras');
  expect([states[0]?.marks, session.results]).toEqual([undefined, '/otras-notas']);
});

test('where things are is remembered', async () => {
  const { program, memory } = await ready();
  const again = createGradingSession(program, { recall: (name) => memory.get(name), remember: async () => {} });
  expect(again.now.sources).toEqual({ folder: '/entregas/', rubric: '/r.yaml', list: '' });
  const odd = createGradingSession(program, { recall: () => ({ folder: 7 }), remember: async () => {} });
  expect(odd.now.sources.folder).toBe('');
});

test('what was graded before is there as soon as it is said where', async () => {
  const { session } = play();
  await session.setSource('rubric', '/r.yaml');
  await session.setSource('folder', '/entregas');
  expect(session.now.marks?.students).toHaveLength(6);
});

test('a source that is chosen while the results are read is not lost', async () => {
  const { session, calls } = await ready();
  const reading = session.do({ message: 'reload' });
  await session.setSource('list', '/lista.csv');
  await reading;
  expect(session.now.sources.list).toBe('/lista.csv');
  expect(calls.at(-1)).toBe('calificar mirar /entregas-notas --rubrica /r.yaml --lista /lista.csv --json');
});

test('one thing at a time', async () => {
  const { session, calls } = await ready();
  const first = session.do({ message: 'reload' });
  await session.do({ message: 'export' });
  await first;
  expect(calls).toEqual(['calificar mirar /entregas-notas --rubrica /r.yaml --json']);
});
