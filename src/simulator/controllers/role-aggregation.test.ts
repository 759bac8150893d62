import { expect, test } from 'vitest';
import { createTestCluster } from '../nodes/fixtures/test-cluster.ts';
import { startRoleAggregation } from './role-aggregation.ts';

const ROLES = 'rbac.authorization.k8s.io/clusterroles';
const role = (name: string, more: object) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name },
  ...more,
});
const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });

test('a role has the rules of those that its selector names, also of later ones', () => {
  const { registry, clock } = createTestCluster();
  const stop = startRoleAggregation(registry, clock);
  const labels = { into: 'all' };
  registry.create(ROLES, role('all', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] } }));
  registry.create(ROLES, role('a', { metadata: { name: 'a', labels }, rules: [rule('pods')] }));
  registry.create(ROLES, role('other', { rules: [rule('secrets')] }));
  clock.settle();
  expect(registry.get(ROLES, undefined, 'all')?.rules).toEqual([rule('pods')]);
  registry.create(ROLES, role('b', { metadata: { name: 'b', labels }, rules: [rule('services'), rule('pods')] }));
  clock.settle();
  expect(registry.get(ROLES, undefined, 'all')?.rules).toEqual([rule('pods'), rule('services')]);
  stop();
});
