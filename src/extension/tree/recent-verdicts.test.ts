import { expect, test } from 'vitest';
import { createClusterSession } from '../cluster/cluster-session.ts';
import { createLabSessions } from '../lab-sessions.ts';
import { aLab, aVerdict, playProgram } from '../test-builders.ts';
import { createRecentVerdicts } from './recent-verdicts.ts';

function stage(kept?: unknown) {
  const program = playProgram(() => ({ exitCode: 0 }));
  const sessions = createLabSessions([aLab({ steps: { uno: ['a', 'b'] } })], program, createClusterSession(program));
  const store = new Map<string, unknown>([['verdicts', kept]]);
  const memory = {
    recall: (name: string) => store.get(name),
    remember: async (name: string, value: unknown) => void store.set(name, value),
  };
  let clock = 0;
  const recent = createRecentVerdicts({ sessions, memory, now: () => ++clock });
  sessions.of('canary')?.follow();
  const say = (check: string, state: 'correcto' | 'incorrecto', observed = 'o') =>
    program.say({
      event: 'check',
      step: 'uno',
      check,
      state: 'hecho',
      verdict: { ...aVerdict(check, state), observed },
    });
  return { recent, say, store, program };
}

test('the newest comes first, and one that says the same is no news', () => {
  const { recent, say, program } = stage();
  say('a', 'incorrecto');
  program.say({ event: 'check', step: 'uno', check: 'a', state: 'comprobando' });
  say('a', 'incorrecto', 'otra cifra');
  say('b', 'correcto');
  say('a', 'correcto');
  expect(recent.list.map(({ check, state }) => `${check} ${state}`)).toEqual([
    'a correcto',
    'b correcto',
    'a incorrecto',
  ]);
});

test('they are kept over a reload and are no news then', () => {
  const { say, store } = stage();
  say('a', 'incorrecto');
  const after = stage(JSON.parse(JSON.stringify(store.get('verdicts'))));
  expect(after.recent.list).toHaveLength(1);
  after.say('a', 'incorrecto');
  expect(after.recent.list).toHaveLength(1);
});

test('what was kept by something else is not ours', () => {
  expect(stage([{ lab: 5 }]).recent.list).toEqual([]);
});

test('only the last fifty are kept, and clearing forgets them', () => {
  const { recent, say } = stage();
  for (let i = 0; i < 60; i += 1) say('a', i % 2 === 0 ? 'correcto' : 'incorrecto');
  expect(recent.list).toHaveLength(50);
  recent.clear();
  expect(recent.list).toEqual([]);
});
