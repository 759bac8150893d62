import { expect, test } from 'vitest';
import { bandOf, createSplitTest, type SplitDecision } from './split-test.ts';

/** Mulberry32: the same seeds give the same samples on every machine. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function draw(truth: Record<string, number>, random: () => number): string {
  let left = random() * Object.values(truth).reduce((a, b) => a + b, 0);
  for (const [name, weight] of Object.entries(truth)) {
    left -= weight;
    if (left < 0) return name;
  }
  return Object.keys(truth)[0] ?? '';
}

function judge(expected: Record<string, number>, truth: Record<string, number>, seed: number) {
  const random = seeded(seed);
  const split = createSplitTest({ expected, errorProbability: 1e-3 });
  while (split.decision === 'seguir' && split.samples < 20_000) split.observe(draw(truth, random));
  return split;
}

function tally(expected: Record<string, number>, truth: Record<string, number>, runs = 1000) {
  const counts: Record<SplitDecision, number> = { seguir: 0, correcto: 0, incorrecto: 0, dependiente: 0 };
  let samples = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const split = judge(expected, truth, seed);
    counts[split.decision]++;
    samples += split.samples;
  }
  return { ...counts, mean: samples / runs };
}

const splits: Record<string, Record<string, number>> = {
  '90/10': { v1: 90, v2: 10, v3: 0 },
  '50/50': { v1: 50, v2: 50, v3: 0 },
  '80/20': { v1: 80, v2: 20, v3: 0 },
  '95/5': { v1: 95, v2: 5, v3: 0 },
  '100/0': { v1: 0, v2: 0, v3: 100 },
  '33/33/33': { v1: 1, v2: 1, v3: 1 },
};

for (const [name, split] of Object.entries(splits)) {
  test(`a true ${name} is correcto with an error of at most 10⁻³`, () => {
    const { correcto } = tally(split, split);
    // 1,000 runs at a rate of 10⁻³: more than five refusals have a probability under 6·10⁻⁴.
    expect(correcto).toBeGreaterThanOrEqual(995);
  });

  test(`${name} is not given to any other split of the list`, () => {
    for (const [other, truth] of Object.entries(splits)) {
      if (other === name) continue;
      const { correcto } = tally(split, truth, 300);
      expect(correcto, `${other} taken for ${name}`).toBeLessThanOrEqual(2);
    }
  });
}

test('weights swapped are incorrecto within a few dozen answers', () => {
  const { incorrecto, mean } = tally({ v1: 90, v2: 10 }, { v1: 10, v2: 90 });
  expect(incorrecto).toBe(1000);
  expect(mean).toBeLessThan(12);
});

test('a version that must get nothing decides by its first answer', () => {
  const split = createSplitTest({ expected: { v1: 0, v3: 100 }, errorProbability: 1e-3 });
  for (let i = 0; i < 5; i++) split.observe('v3');
  expect(split.observe('v1')).toBe('incorrecto');
});

test('one stray failure does not decide', () => {
  const split = createSplitTest({ expected: { v3: 100 }, errorProbability: 1e-3 });
  for (let i = 0; i < 40; i++) split.observe('v3');
  expect(split.observe('otro')).toBe('seguir');
});

test('answers that stick together are dependiente, not a split', () => {
  const split = createSplitTest({ expected: { v1: 50, v3: 50 }, errorProbability: 1e-3 });
  for (let i = 0; split.decision === 'seguir' && i < 20_000; i++)
    split.observe(Math.floor(i / 12) % 2 === 0 ? 'v1' : 'v3');
  expect(split.decision).toBe('dependiente');
});

test('the band of a share and of its complement mirror each other', () => {
  for (const share of [0.05, 0.1, 0.2, 1 / 3, 0.5]) {
    const [band, mirror] = [bandOf(share), bandOf(1 - share)];
    expect(1 - (mirror.high ?? 0)).toBeCloseTo(band.low ?? 0);
    expect(1 - (mirror.low ?? 0)).toBeCloseTo(band.high ?? 0);
  }
});
