import { expect, test } from 'vitest';
import { aLab } from '../test-builders.ts';
import { chosenSteps, testedLabs } from './test-ids.ts';

const canary = aLab({ id: 'canary', steps: { uno: ['a', 'b'], lectura: [], dos: ['c'] } });
const theory = aLab({ id: 'teoria', steps: { leer: [] } });
const labs = [theory, canary];
const names = (chosen: ReturnType<typeof chosenSteps>) =>
  chosen.map(({ lab, step, checks }) => `${lab.id}/${step.id}:${[...checks].join('+')}`);

test('a lab without checks is no test', () => {
  expect(testedLabs(labs)).toEqual([canary]);
});

test('nothing chosen is everything, in the order of the course', () => {
  expect(names(chosenSteps(labs, undefined))).toEqual(['canary/uno:a+b', 'canary/dos:c']);
});

test('a lab, a step or a check chooses what is under it', () => {
  expect(names(chosenSteps(labs, ['canary']))).toEqual(['canary/uno:a+b', 'canary/dos:c']);
  expect(names(chosenSteps(labs, ['canary/dos', 'canary/uno/b']))).toEqual(['canary/uno:b', 'canary/dos:c']);
});

test('what is excluded is left out, and a name that nobody has chooses nothing', () => {
  expect(names(chosenSteps(labs, ['canary'], ['canary/uno/a', 'canary/dos']))).toEqual(['canary/uno:b']);
  expect(chosenSteps(labs, ['otro', 'canary/uno/z', ''])).toEqual([]);
});
