import { expect, test } from 'vitest';
import type { DashboardKind } from './dashboard.ts';
import { envoyDashboardQueries } from './envoy-queries.ts';

const asked = (kind: DashboardKind, name = 'reviews') =>
  envoyDashboardQueries({ kind, namespace: 'default', name, minutes: 5 }).flatMap((chart) => chart.queries);

test.each(['malla', 'servicio', 'programa'] as const)('the dashboard of %s asks Envoy and nothing of Istio', (kind) => {
  const metrics = asked(kind).flatMap(({ query }) => [...query.matchAll(/\((\w+)\{/g)].map(([, metric]) => metric));
  expect(metrics.length).toBeGreaterThan(4);
  for (const metric of metrics) expect(metric).toMatch(/^envoy_cluster_upstream_rq/);
});

test('a name from a form stays a name: it ends neither the text nor the regular expression', () => {
  const [first] = asked('programa', 'a.*"}[1m])');
  expect(first?.query).toContain(
    String.raw`pod=~"a\\x{2e}\\x{2a}\\x{22}\\x{7d}\\x{5b}1m\\x{5d}\\x{29}-[a-z0-9]+(-[a-z0-9]+)?"`,
  );
});
