import { expect, test } from 'vitest';
import { quantileInterval } from './latency.ts';
import { createLatencyTest, type LatencyDecision } from './latency-test.ts';
import { seeded } from './simulate.fixture.ts';

/** Exponential, so that the true quantile is -ln(1-q)·mean. */
const draw = (random: () => number, mean: number) => -Math.log(1 - random()) * mean;
const median = Math.log(2) * 100;

function tally(minimum: number, maximum: number, quantile = 0.5, runs = 10_000, cap = 200) {
  const counts: Record<LatencyDecision, number> = { seguir: 0, correcto: 0, incorrecto: 0 };
  let samples = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const random = seeded(seed);
    const judged = createLatencyTest({ quantile, minimum, maximum, errorProbability: 1e-3 });
    while (judged.decision === 'seguir' && judged.samples < cap) judged.observe(draw(random, 100));
    counts[judged.decision]++;
    samples += judged.samples;
  }
  return { ...counts, mean: samples / runs };
}

// The worst truths: a quantile exactly on the end, where what is right and what is wrong touch. 10,000 runs at a rate of
// 10⁻³ give more than 25 with a probability under 2·10⁻⁵.
test('a quantile on the maximum is refused with an error of at most 10⁻³', () => {
  expect(tally(0, median).incorrecto).toBeLessThanOrEqual(25);
});

test('a quantile just over the maximum passes with an error of at most 10⁻³', () => {
  expect(tally(0, median * 0.999).correcto).toBeLessThanOrEqual(25);
});

test('a quantile just under the minimum passes with an error of at most 10⁻³', () => {
  expect(tally(median * 1.001, 1e6).correcto).toBeLessThanOrEqual(25);
});

test('a quantile well within the ends is correcto in a few dozen answers', () => {
  const { correcto, mean } = tally(median / 3, median * 3, 0.5, 2000);
  expect(correcto).toBeGreaterThanOrEqual(1998);
  expect(mean).toBeLessThan(60);
});

test('a fixed delay of 2 s is correcto or incorrecto by a dozen answers', () => {
  for (const [minimum, maximum, expected] of [
    [2000, 2500, 'correcto'],
    [0, 1000, 'incorrecto'],
    [3000, 4000, 'incorrecto'],
  ] as const) {
    const judged = createLatencyTest({ quantile: 0.5, minimum, maximum, errorProbability: 1e-3 });
    while (judged.decision === 'seguir' && judged.samples < 100) judged.observe(2010);
    expect(judged.decision).toBe(expected);
    expect(judged.samples).toBeLessThanOrEqual(13);
  }
});

test('one stray slow answer does not decide', () => {
  const judged = createLatencyTest({ quantile: 0.5, minimum: 0, maximum: 100, errorProbability: 1e-3 });
  expect(judged.observe(5000)).toBe('seguir');
  for (let i = 0; judged.decision === 'seguir' && i < 100; i++) judged.observe(10);
  expect(judged.decision).toBe('correcto');
});

test('the interval of a test holds the true quantile at every moment, with an error of at most the one stated', () => {
  const truth = -Math.log(0.1) * 100;
  let [over, under] = [0, 0];
  for (let seed = 1; seed <= 1000; seed++) {
    const random = seeded(seed);
    const judged = createLatencyTest({ quantile: 0.9, minimum: truth, maximum: truth, errorProbability: 1e-2 });
    let [high, low] = [false, false];
    while (judged.decision === 'seguir' && judged.samples < 150) {
      judged.observe(draw(random, 100));
      high ||= judged.interval.high < truth;
      low ||= judged.interval.low > truth;
    }
    if (high) over++;
    if (low) under++;
  }
  // 1,000 × 10⁻²: more than 22 has a probability under 4·10⁻⁴.
  expect(over).toBeLessThanOrEqual(22);
  expect(under).toBeLessThanOrEqual(22);
});

test('the interval of a sample of fixed size misses the quantile as seldom as it says', () => {
  for (const share of [0.5, 0.9, 0.99]) {
    const truth = -Math.log(1 - share) * 100;
    let missed = 0;
    for (let seed = 1; seed <= 2000; seed++) {
      const random = seeded(seed);
      const sample = Array.from({ length: 300 }, () => draw(random, 100));
      const { low, high } = quantileInterval(sample, share, 0.05);
      if (low > truth || high < truth) missed++;
    }
    // 2000 × 0.05 = 100; more than 140 has a probability under 4·10⁻⁵.
    expect(missed, `quantile ${share}`).toBeLessThanOrEqual(140);
  }
});

test('a sample too small to say has no upper end', () => {
  expect(quantileInterval([1, 2, 3], 0.99, 0.05).high).toBe(Number.POSITIVE_INFINITY);
  expect(quantileInterval([], 0.5, 0.05)).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
});

test('a quantile out of (0, 1) and ends that cross are refused', () => {
  const options = { minimum: 0, maximum: 1, errorProbability: 1e-3 };
  expect(() => createLatencyTest({ ...options, quantile: 1 })).toThrow(RangeError);
  expect(() => createLatencyTest({ ...options, quantile: 0.5, minimum: 2 })).toThrow(RangeError);
});
