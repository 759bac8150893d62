import { expect, test } from 'vitest';
import { authoredYaml, lineOf } from './yaml-lines.ts';

const object = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name: 'reviews',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '7',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    managedFields: [{}],
  },
  spec: {
    hosts: ['reviews'],
    http: [{ route: [{ destination: { host: 'reviews', subset: 'v1' }, weight: 90 }, { weight: 10 }] }],
  },
  status: { conditions: [] },
};

test('what the server adds is left out', () => {
  expect(authoredYaml(object)).toBe(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: default
spec:
  hosts:
    - reviews
  http:
    - route:
        - destination:
            host: reviews
            subset: v1
          weight: 90
        - weight: 10
`);
});

test.each([
  ['spec', 6],
  ['spec.hosts[0]', 8],
  ['spec.http[0]', 10],
  ['spec.http[0].route', 10],
  ['spec.http[0].route[0].destination.subset', 13],
  ['spec.http[0].route[0].weight', 14],
  ['spec.http[0].route[1]', 15],
])('%s stands on line %i', (path, line) => {
  expect(lineOf(authoredYaml(object), path)).toBe(line);
});

test('a path that is not written is at its nearest parent', () => {
  expect(lineOf(authoredYaml(object), 'spec.http[0].timeout')).toBe(10);
  expect(lineOf(authoredYaml(object), 'nothing.here')).toBeUndefined();
});
