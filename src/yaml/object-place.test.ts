import { expect, test } from 'vitest';
import { placeOf, type YamlFile } from './object-place.ts';

const rules = `# Reparto
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  http:
    - route:
        - destination: {host: reviews, subset: v1}
          weight: 10
`;
const files: YamlFile[] = [
  { path: 'reviews.yaml', text: rules },
  { path: 'otro.yaml', text: rules.replaceAll('name: reviews', 'name: reviews\n  namespace: otro') },
  { path: 'roto.yaml', text: 'kind: [VirtualService\nname: reviews' },
];
const at = (kind: string, path?: string, namespace = 'default') =>
  placeOf({ kind, name: 'reviews', namespace, ...(path === undefined ? {} : { path }) }, files);

test('a path is found on its line, in the right document', () => {
  expect(at('VirtualService', 'spec.http[0].route[0].weight')).toEqual({ file: 'reviews.yaml', line: 15 });
  expect(at('DestinationRule')).toEqual({ file: 'reviews.yaml', line: 5 });
});

test('a path that is not written leads to what would hold it', () => {
  expect(at('VirtualService', 'spec.http[0].timeout')).toEqual({ file: 'reviews.yaml', line: 13 });
  expect(at('DestinationRule', 'spec.subsets')).toEqual({ file: 'reviews.yaml', line: 5 });
});

test('a namespace that is written must be the same', () => {
  expect(at('VirtualService', 'spec.http', 'otro')).toEqual({ file: 'otro.yaml', line: 14 });
});

test('an object that no file has is nowhere', () => {
  expect(at('Gateway')).toBeUndefined();
});
