import { expect, test } from 'vitest';
import { bookinfo, engineOf, get, INGRESS, openGateway, SIDECAR, seeded, subsets, virtualService } from './fixtures.ts';

const rules = (gateways: string[]) => ({
  gateways,
  http: [{ route: [{ destination: { host: 'reviews', subset: 'v1' } }] }],
});

function decisionsPerSecond(extra: number): number {
  const others = Array.from({ length: extra }, (_, i) =>
    virtualService(`other-${i}`, { hosts: [`host-${i}.example.com`], ...rules(['bookinfo-gateway', 'mesh']) }),
  );
  const engine = engineOf(
    ...bookinfo(),
    openGateway(),
    subsets('reviews', 'v1'),
    virtualService('reviews', { hosts: ['reviews'], ...rules(['mesh']) }),
    virtualService('bookinfo', { hosts: ['*'], ...rules(['bookinfo-gateway']) }),
    ...others,
  );
  const chance = seeded(1);
  const [outside, inside] = [get('http://127.0.0.1:8080/productpage'), get('http://reviews:9080/reviews/0')];
  const run = (times: number) => {
    const started = performance.now();
    for (let i = 0; i < times; i++) {
      engine.decide(INGRESS, outside, chance);
      engine.decide(SIDECAR, inside, chance);
    }
    return (2 * times) / ((performance.now() - started) / 1000);
  };
  run(20_000);
  return run(50_000);
}

test('a decision takes microseconds, and no longer among 10,000 VirtualServices', () => {
  const small = decisionsPerSecond(0);
  const large = decisionsPerSecond(10_000);
  expect(small).toBeGreaterThan(100_000);
  // Generous: the machine does other things, and an idle core makes millions. A scan of the list would be a thousand times slower.
  expect(large).toBeGreaterThan(small / 10);
});
