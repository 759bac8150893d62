import { expect, test } from 'vitest';
import { createLabSession } from '../cluster/lab-session.ts';
import { aLab, playProgram } from '../test-builders.ts';
import { targetOf } from './target.ts';

const lab = aLab({ steps: { uno: ['a'] } });
const session = createLabSession(
  lab,
  playProgram(() => ({ exitCode: 0 })),
);

test('names, nodes of the tree and tests say which lab and step they mean', () => {
  expect(targetOf('canary', 'uno')).toEqual({ lab: 'canary', page: 'uno' });
  expect(targetOf({ type: 'lab', session })).toEqual({ lab: 'canary' });
  expect(targetOf({ type: 'step', session, step: lab.steps[0] })).toEqual({ lab: 'canary', page: 'uno' });
  expect(targetOf({ id: 'canary/uno/a', children: [] })).toEqual({ lab: 'canary', page: 'uno' });
});

test.each([[undefined], [null], [5], [{}], [{ session: 'x' }], [{ id: 7 }]])('%j names nothing', (value) => {
  expect(targetOf(value)).toBeUndefined();
});
