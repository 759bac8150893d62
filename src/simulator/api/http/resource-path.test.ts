import { expect, test } from 'vitest';
import { checkNameInPath, resourcePath, splitPath } from './resource-path.ts';

const parse = (path: string) => resourcePath('', 'v1', splitPath(path).slice(2));

test('collections, objects and subresources are told apart', () => {
  expect(parse('/api/v1/pods')).toEqual({ group: '', version: 'v1', resource: 'pods' });
  expect(parse('/api/v1/namespaces/default/pods/a/log')).toEqual({
    group: '',
    version: 'v1',
    namespace: 'default',
    resource: 'pods',
    name: 'a',
    subresource: 'log',
  });
});

test('the subresources of a namespace are not a collection in it', () => {
  expect(parse('/api/v1/namespaces/x')).toEqual({ group: '', version: 'v1', resource: 'namespaces', name: 'x' });
  expect(parse('/api/v1/namespaces/x/status')).toMatchObject({
    resource: 'namespaces',
    name: 'x',
    subresource: 'status',
  });
  expect(parse('/api/v1/namespaces/x/pods')).toMatchObject({ resource: 'pods', namespace: 'x' });
});

test('the deprecated watch form names the same collection', () => {
  expect(parse('/api/v1/watch/pods')).toMatchObject({ resource: 'pods', watch: true });
});

test('an escape that is none is refused', () => {
  expect(() => splitPath('/api/v1/pods/%zz')).toThrow(expect.objectContaining({ code: 400 }));
});

test('an escaped slash divides the path, as any other', () => {
  expect(parse('/api/v1/namespaces/default/pods/a%2Flog')).toMatchObject({ name: 'a', subresource: 'log' });
});

test.each(['..', '.', 'a/b', 'a%b'])('%s is no name of an object', (name) => {
  expect(() => checkNameInPath(name)).toThrow(expect.objectContaining({ code: 400 }));
});
