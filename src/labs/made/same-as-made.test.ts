import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { sameAsMade } from './same-as-made.ts';

const rule = (weight: number): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews' },
  spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' }, weight }] }] },
});

test('a rule with what the server filled in is still the one of the lab', () => {
  const live = { ...rule(90), metadata: { name: 'reviews', namespace: 'default', uid: 'x' }, status: {} };
  expect(sameAsMade(live, [rule(50), rule(90)])).toBe(true);
});

test('a rule with another weight is a person’s own', () => {
  expect(sameAsMade(rule(70), [rule(50), rule(90)])).toBe(false);
});

test('a rule with one more route is a person’s own', () => {
  const live = rule(90);
  live.spec = { hosts: ['reviews'], http: [{ route: [] }, ...(rule(90).spec as { http: [] }).http] };
  expect(sameAsMade(live, [rule(90)])).toBe(false);
});

const deployment = (image: string, extra: object = {}, more: object[] = []): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    ...extra,
    template: { spec: { containers: [{ name: 'web', image }, ...more] } },
  },
});

test.each<[string, KubeObject, boolean]>([
  ['scaled', deployment('nginx:1.28', { replicas: 0 }), true],
  [
    'with the sidecar of kube-inject',
    deployment('nginx:1.28', {}, [{ image: 'docker.io/istio/proxyv2:1.30.3' }]),
    true,
  ],
  ['with its image written in full', deployment('docker.io/library/nginx:1.28'), true],
  ['with another image', deployment('nginx:1.99'), false],
  ['that selects other pods', deployment('nginx:1.28', { selector: { matchLabels: { app: 'otra' } } }), false],
])('a Deployment %s', (_title, live, same) => {
  expect(sameAsMade(live, [deployment('nginx:1.28')])).toBe(same);
});

test('a Service is known by what it selects and its ports', () => {
  const service = (spec: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec,
  });
  const made = service({ selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] });
  const live = { selector: { app: 'web' }, clusterIP: '10.0.0.1', ports: [{ port: 80, nodePort: 31000 }] };
  expect(sameAsMade(service(live), [made])).toBe(true);
  expect(sameAsMade(service({ ...live, selector: { app: 'otra' } }), [made])).toBe(false);
});

test('nothing is alike where the lab gives no form', () => {
  expect(sameAsMade(rule(90), [])).toBe(false);
});
