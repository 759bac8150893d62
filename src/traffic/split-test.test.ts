import { expect, test } from 'vitest';
import { splits } from './simulate.fixture.ts';
import { bandOf, createSplitTest } from './split-test.ts';
import { exactSprt } from './sprt.fixture.ts';
import { meanOfSprt, neighbours, tally } from './verdict-figures.fixture.ts';

const runs = 10_000;
// At a rate of 10⁻³, more than 22 of 10,000 have a probability under 3·10⁻⁴.
const mostErrors = 22;

for (const [name, split] of Object.entries(splits)) {
  test(`a true ${name}: 10,000 runs, refused with an error of at most 10⁻³, in 1.5 times the answers of the SPRT`, () => {
    const { correcto, incorrecto, dependiente, mean } = tally(split, split, runs);
    expect(incorrecto).toBeLessThanOrEqual(mostErrors);
    expect(dependiente).toBeLessThanOrEqual(mostErrors);
    expect(correcto).toBe(runs - incorrecto - dependiente);
    expect(mean / meanOfSprt(split)).toBeLessThanOrEqual(1.5);
  }, 60_000);

  test(`the neighbours of ${name} pass with an error of at most 10⁻³`, () => {
    for (const truth of neighbours(split)) {
      const { correcto, incorrecto } = tally(split, truth, 500);
      // More than 5 of 500: probability under 2·10⁻⁵.
      expect(correcto, JSON.stringify(truth)).toBeLessThanOrEqual(5);
      expect(incorrecto, JSON.stringify(truth)).toBeGreaterThanOrEqual(490);
    }
  }, 60_000);

  test(`${name} is not given to any other split of the list`, () => {
    for (const [other, truth] of Object.entries(splits)) {
      if (other === name) continue;
      const { correcto } = tally(split, truth, 300);
      expect(correcto, `${other} taken for ${name}`).toBeLessThanOrEqual(3);
    }
  }, 60_000);
}

test('the exact SPRT keeps its errors and needs fewer answers than its classical approximation', () => {
  const { mean, errors } = exactSprt(0.1, 0.2, 1e-3);
  expect(errors.refused).toBeLessThanOrEqual(1e-3);
  expect(errors.accepted).toBeLessThanOrEqual(1e-3);
  const divergence = 0.1 * Math.log(0.1 / 0.2) + 0.9 * Math.log(0.9 / 0.8);
  expect(mean).toBeGreaterThan(0.95 * (Math.log(1000) / divergence) * (1 - 2e-3) - 10);
  expect(mean).toBeLessThan(Math.log(1000) / divergence + 10);
});

test('weights swapped are incorrecto with the fewest answers that a refusal takes', () => {
  const { incorrecto, mean } = tally({ v1: 90, v2: 10 }, { v1: 10, v2: 90 }, 1000);
  expect(incorrecto).toBeGreaterThanOrEqual(998);
  expect(mean).toBeLessThan(140);
});

test('a service where everything fails is incorrecto at once', () => {
  const split = createSplitTest({ expected: { v1: 90, v2: 10 }, errorProbability: 1e-3 });
  while (split.decision === 'seguir') split.observe('otro');
  expect(split.decision).toBe('incorrecto');
  expect(split.samples).toBeLessThan(10);
});

test('a version that must get nothing is refused by one answer among many', () => {
  const split = createSplitTest({ expected: { v1: 0, v3: 100 }, errorProbability: 1e-3 });
  for (let i = 0; split.decision === 'seguir'; i++) split.observe(i === 60 ? 'v1' : 'v3');
  expect(split.decision).toBe('incorrecto');
});

test('one stray failure does not decide', () => {
  const split = createSplitTest({ expected: { v3: 100 }, errorProbability: 1e-3 });
  for (let i = 0; i < 40; i++) split.observe('v3');
  expect(split.observe('otro')).toBe('seguir');
});

test('the band of a share and of its complement mirror each other', () => {
  for (const share of [0.05, 0.1, 0.2, 1 / 3, 0.5]) {
    const [band, mirror] = [bandOf(share), bandOf(1 - share)];
    expect(1 - (mirror.high ?? 0)).toBeCloseTo(band.low ?? 0);
    expect(1 - (mirror.low ?? 0)).toBeCloseTo(band.high ?? 0);
  }
});
