import { expect, test } from 'vitest';
import { createClusterSession } from '../cluster/cluster-session.ts';
import { createLabSessions } from '../lab-sessions.ts';
import { aLab, aVerdict, playProgram } from '../test-builders.ts';
import { chosenSteps } from './test-ids.ts';
import { runTests, type TestReporter } from './test-run.ts';
import { watchTests } from './test-watch.ts';

const lab = aLab({ steps: { uno: ['a'], dos: ['b'] } });
const running = { kubeconfig: '/k', entry: 'http://127.0.0.1:8', pid: 1, env: { KUBECONFIG: '/k', PATH: '/bin' } };

async function stage(passed: string[] = []) {
  const program = playProgram((args) => ({
    exitCode: 0,
    value: args.startsWith('labs') ? [{ id: 'canary', passed }] : running,
  }));
  const cluster = createClusterSession(program);
  await cluster.start();
  const sessions = createLabSessions([lab], program, cluster);
  await sessions.refreshPassed();
  const told: string[] = [];
  const report: TestReporter & { end(): void } = {
    started: (id) => told.push(`started ${id}`),
    done: (id, { state }) => told.push(`${state} ${id}`),
    skipped: (id) => told.push(`skipped ${id}`),
    end: () => told.push('end'),
  };
  /** Once the step has been asked for, the program answers. */
  const answer = async (step: string, ...verdicts: object[]): Promise<void> => {
    await expect.poll(() => program.orders.at(-1)).toEqual({ do: 'verify', step });
    program.say({ event: 'verified', step, verdicts });
  };
  return { program, sessions, told, report, answer };
}

const chosen = chosenSteps([lab], undefined);
const where = () => '/w';

test('steps are verified one after another, each check with its verdict', async () => {
  const { sessions, told, report, answer, program } = await stage();
  const done = runTests({ sessions, chosen, report, signal: new AbortController().signal, where });
  await answer('uno', aVerdict('a', 'correcto'));
  await answer('dos', aVerdict('b', 'incorrecto'));
  await done;
  expect(told).toEqual(['started canary/uno/a', 'passed canary/uno/a', 'started canary/dos/b', 'failed canary/dos/b']);
  expect(program.orders.at(-1)).toEqual({ do: 'stop' });
});

test('a step that was right and that a later one has changed does not count', async () => {
  const { sessions, told, report, answer } = await stage(['uno']);
  const done = runTests({ sessions, chosen, report, signal: new AbortController().signal, where });
  await answer('uno', aVerdict('a', 'incorrecto'));
  await answer('dos', aVerdict('b', 'correcto'));
  await done;
  expect(told.filter((t) => !t.startsWith('started'))).toEqual(['skipped canary/uno/a', 'passed canary/dos/b']);
});

test('a step that was right and now is wrong fails when no later one is right', async () => {
  const { sessions, told, report, answer } = await stage(['uno']);
  const done = runTests({ sessions, chosen, report, signal: new AbortController().signal, where });
  await answer('uno', aVerdict('a', 'incorrecto'));
  await answer('dos', aVerdict('b', 'no verificable'));
  await done;
  expect(told.filter((t) => !t.startsWith('started'))).toEqual(['errored canary/dos/b', 'failed canary/uno/a']);
});

test('cancelling leaves the rest skipped and does not wait', async () => {
  const { sessions, told, report } = await stage();
  const stop = new AbortController();
  const done = runTests({ sessions, chosen, report, signal: stop.signal, where });
  stop.abort();
  await done;
  expect(told).toEqual(['started canary/uno/a', 'skipped canary/uno/a', 'skipped canary/dos/b']);
});

test('a program that dies leaves its tests without a verdict, with the reason', async () => {
  const { sessions, told, report, program } = await stage();
  const messages: string[] = [];
  const telling = {
    ...report,
    done: (_: string, o: { state: string; message: string }) => void messages.push(o.message),
  };
  const done = runTests({
    sessions,
    chosen: chosen.slice(0, 1),
    report: telling,
    signal: new AbortController().signal,
    where,
  });
  await expect.poll(() => program.orders.length).toBeGreaterThan(0);
  program.end(137);
  await done;
  expect(messages.join()).toContain('MALLA-EDI-02');
  expect(told).toEqual(['started canary/uno/a']);
});

test('watching tells each verdict once, and what changes by itself again', async () => {
  const { sessions, told, report, program } = await stage();
  const stop = new AbortController();
  const done = watchTests({ sessions, chosen, follow: ['canary'], signal: stop.signal, where, open: () => report });
  const say = (state: 'correcto' | 'incorrecto') =>
    program.say({ event: 'check', step: 'uno', check: 'a', state: 'hecho', verdict: aVerdict('a', state) });
  say('incorrecto');
  program.say({ event: 'check', step: 'uno', check: 'a', state: 'comprobando' });
  say('incorrecto');
  say('correcto');
  stop.abort();
  await done;
  say('incorrecto');
  expect(told).toEqual(['failed canary/uno/a', 'end', 'passed canary/uno/a', 'end']);
  expect(program.orders).toEqual([{ do: 'stop' }]);
});
