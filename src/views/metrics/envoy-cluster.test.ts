import { expect, test } from 'vitest';
import { destinationTitle, readClusterName } from './envoy-cluster.ts';

test.each([
  ['outbound|9080|v1|reviews.default.svc.cluster.local', 'reviews.default:9080 (v1)'],
  ['outbound|9080||reviews.default.svc.cluster.local;', 'reviews.default:9080'],
  ['outbound|443||www.example.com', 'www.example.com:443'],
  ['inbound|9080||', 'inbound|9080||'],
  ['xds-grpc', 'xds-grpc'],
])('%s is told as %s', (name, title) => {
  expect(destinationTitle(name)).toBe(title);
});

test('what Envoy asks for itself is no destination of the mesh', () => {
  expect(readClusterName('xds-grpc')).toBeUndefined();
  expect(readClusterName('PassthroughCluster')).toBeUndefined();
});
