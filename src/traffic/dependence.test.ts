import { expect, test } from 'vitest';
import { type Shares, splits } from './simulate.fixture.ts';
import { createSplitTest } from './split-test.ts';
import { judge, recogniseChange, recogniseSteady } from './verdict-figures.fixture.ts';

const withChoice = Object.entries(splits).filter(([name]) => name !== '100/0');

for (const [kind, said] of [
  ['sessions', 'sessions that stick to a version'],
  ['hashed', 'users that a consistent hash sends to one version each'],
  ['retried', 'answers of which half repeat the one before'],
] as const) {
  test(`${said} are recognised 99 times of 100`, () => {
    let [streams, recognised] = [0, 0];
    for (const [, split] of withChoice) {
      const seen = recogniseSteady(kind, split, 400);
      streams += seen.streams;
      recognised += seen.recognised;
    }
    expect(streams).toBeGreaterThan(1500);
    expect(recognised / streams).toBeGreaterThanOrEqual(0.99);
  }, 60_000);
}

test('two configurations one after the other are recognised 99 times of 100', () => {
  const { streams, recognised } = recogniseChange(30);
  expect(streams).toBeGreaterThan(1000);
  expect(recognised / streams).toBeGreaterThanOrEqual(0.99);
}, 60_000);

test('answers by turns are a split that can be judged', () => {
  let turn = 0;
  const { decision } = judge({ v1: 1, v2: 1, v3: 1 }, () => `v${(turn++ % 3) + 1}`);
  expect(decision).toBe('correcto');
});

test('turns are not the turns of a balancer where the split is not an even one, or versions are missing', () => {
  const uneven: Shares[] = [
    { v1: 80, v2: 20 },
    { v1: 1, v2: 1, v3: 1 },
  ];
  for (const expected of uneven) {
    let turn = 0;
    const { decision } = judge(expected, () => (turn++ % 2 === 0 ? 'v1' : 'v2'));
    expect(decision).toBe('dependiente');
  }
});

test('what was decided stays decided', () => {
  const split = createSplitTest({ expected: { v1: 50, v3: 50 }, errorProbability: 1e-3 });
  for (let i = 0; split.decision === 'seguir'; i++) split.observe(Math.floor(i / 12) % 2 === 0 ? 'v1' : 'v3');
  const { samples } = split;
  expect(split.observe('v1')).toBe('dependiente');
  expect(split.samples).toBe(samples);
});
