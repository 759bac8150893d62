import { expect, test } from 'vitest';
import { createClassifier } from './classify.ts';
import { quantile } from './latency.ts';

test('the first pattern that appears in the body gives the class', () => {
  const classify = createClassifier({ v1: 'reviews-v1-', v2: 'reviews-v2-' });
  expect(classify(200, '{"podname":"reviews-v2-abc"}')).toBe('v2');
});

test('an answer that is not a success, or that matches nothing, is otro', () => {
  const classify = createClassifier({ v1: 'reviews-v1-' });
  expect(classify(503, 'reviews-v1-')).toBe('otro');
  expect(classify(200, 'nothing')).toBe('otro');
});

test('a status may be a class, whatever the body says', () => {
  const classify = createClassifier({ good: 'stars' }, { gone: 404 });
  expect(classify(404, 'stars')).toBe('gone');
  expect(classify(200, 'stars')).toBe('good');
  expect(classify(500, 'stars')).toBe('otro');
});

test('a pattern that would explode in other engines answers at once', () => {
  const classify = createClassifier({ v1: '(a+)+$' });
  const begun = performance.now();
  classify(200, `${'a'.repeat(50_000)}b`);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test('quantiles are by nearest rank', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
  expect(quantile([4, 1, 3, 2], 0.95)).toBe(4);
  expect(quantile([], 0.5)).toBe(0);
});
