import { expect, test } from 'vitest';
import { compactRules } from './policy-rules.ts';

test('the verbs of a resource come together, those of a path do not', () => {
  const lines = compactRules([
    { verbs: ['get', 'list'], apiGroups: ['', 'apps'], resources: ['pods', 'deployments/scale'] },
    { verbs: ['watch', 'get'], apiGroups: [''], resources: ['pods'] },
    { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['a', 'b'] },
    { verbs: ['get', 'post'], nonResourceURLs: ['/healthz'] },
  ]);
  expect(lines.map(({ verbs, resource, name, path }) => [verbs.join(), resource, name, path])).toEqual([
    ['get,list,watch', 'pods', undefined, undefined],
    ['get,list', 'deployments/scale', undefined, undefined],
    ['get,list', 'deployments.apps/scale', undefined, undefined],
    ['get,list', 'pods.apps', undefined, undefined],
    ['get', '', undefined, '/healthz'],
    ['get', 'secrets', 'a', undefined],
    ['get', 'secrets', 'b', undefined],
    ['post', '', undefined, '/healthz'],
  ]);
});
