import { expect, test } from 'vitest';
import { bookinfoFolder, canaryYaml, here } from '../../language/fixtures.ts';
import { routesIn } from '../../language/routes-in-file.ts';
import { readMeasuredSplit } from './measured-split.ts';
import { shareLabels } from './share-labels.ts';

const host = 'reviews.default.svc.cluster.local';
const measured = (v1: number, v2: number) => ({
  route: 'reviews',
  namespace: 'default',
  sent: 10,
  unanswered: 0,
  destinations: [
    { host, subset: 'v1', requests: v1 },
    { host, subset: 'v2', requests: v2 },
  ],
  milliseconds: 1,
});

test('each weight gets its share of what its rule has sent', () => {
  const [route] = routesIn(bookinfoFolder(canaryYaml), here);
  expect(route && shareLabels(route, measured(2, 1)).map(({ label }) => label)).toEqual([
    'medido: 66,7 % (2 de 3)',
    'medido: 33,3 % (1 de 3)',
  ]);
  expect(route && shareLabels(route, measured(0, 0))).toEqual([]);
});

test('an answer that is none is not read', () => {
  expect(readMeasuredSplit(measured(1, 1))).toBeDefined();
  expect(readMeasuredSplit({ error: { code: 'x' } })).toBeUndefined();
});
