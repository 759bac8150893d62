import { expect, test } from 'vitest';
import { always, bookinfo, engineOf, get, SIDECAR, seeded, subsets, virtualService } from './fixtures.ts';
import { pick, weigh } from './weights.ts';

const random = seeded(7).random;
const randomWeights = () => Array.from({ length: 2 + Math.floor(random() * 6) }, () => Math.floor(random() * 4) * 25);

test('a single destination gets everything, whatever its weight', () => {
  for (const weight of [undefined, 0, 1, 100, -5, 'x']) expect(pick(weigh([weight]), random())).toBe(0);
});

test('property: each destination owns exactly its share of the draws', () => {
  for (let round = 0; round < 200; round++) {
    const weights = randomWeights();
    const total = weights.reduce((a, b) => a + b, 0);
    const table = weigh(weights);
    let start = 0;
    weights.forEach((weight, index) => {
      if (weight === 0) return;
      expect(pick(table, start / total)).toBe(index);
      start += weight;
      expect(pick(table, (start - 0.001) / total)).toBe(index);
    });
    if (total === 0) expect(pick(table, random())).toBe(-1);
  }
});

test('property: weights are relative, so scaling them changes nothing', () => {
  for (let round = 0; round < 200; round++) {
    const weights = randomWeights();
    const draw = random();
    expect(pick(weigh(weights.map((w) => w * 8)), draw)).toBe(pick(weigh(weights), draw));
  }
});

test('what is no positive number weighs nothing', () => {
  const table = weigh([Number.NaN, -1, Number.POSITIVE_INFINITY, '9', 3]);
  for (const draw of [0, 0.5, 0.999]) expect(pick(table, draw)).toBe(4);
});

test('a split is drawn by request: 90/10 gives about a tenth, 8/2 about a fifth', () => {
  for (const [first, second] of [
    [90, 10],
    [8, 2],
  ] as const) {
    const route = [
      { destination: { host: 'reviews', subset: 'v1' }, weight: first },
      { destination: { host: 'reviews', subset: 'v2' }, weight: second },
    ];
    const split = virtualService('reviews', { hosts: ['reviews'], http: [{ route }] });
    const engine = engineOf(...bookinfo(), subsets('reviews', 'v1', 'v2'), split);
    const chance = seeded(first);
    let ofSecond = 0;
    for (let i = 0; i < 20_000; i++) {
      const { outcome } = engine.decide(SIDECAR, get('http://reviews:9080/reviews/0'), chance);
      if (outcome.kind === 'forward' && outcome.subset === 'v2') ofSecond += 1;
    }
    const expected = (20_000 * second) / (first + second);
    // Four standard deviations.
    expect(Math.abs(ofSecond - expected)).toBeLessThan(4 * Math.sqrt(expected * (first / (first + second))));
  }
});

test('weight 0 among several never gets a request', () => {
  const route = [
    { destination: { host: 'reviews', subset: 'v1' }, weight: 0 },
    { destination: { host: 'reviews', subset: 'v2' }, weight: 1 },
  ];
  const split = virtualService('reviews', { hosts: ['reviews'], http: [{ route }] });
  const engine = engineOf(...bookinfo(), subsets('reviews', 'v1', 'v2'), split);
  const { outcome } = engine.decide(SIDECAR, get('http://reviews:9080/'), always(0));
  expect(outcome).toMatchObject({ kind: 'forward', subset: 'v2' });
});
