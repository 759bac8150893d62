import { expect, test } from 'vitest';
import { parseFieldQuery } from './field-query.ts';
import { parseLabelQuery } from './label-query.ts';

const web = { app: 'web', tier: 'front', 'pod-template-hash': 'abc', level: '3' };

test.each([
  ['', true],
  ['app=web', true],
  ['app==web,tier!=back', true],
  ['app!=web', false],
  ['missing!=x', true],
  ['app in (web, api)', true],
  ['app notin (web)', false],
  ['missing notin (web)', true],
  ['tier', true],
  ['!tier', false],
  ['! missing', true],
  ['level>2,level<4', true],
  ['app>2', false],
  ['tier=', false],
  ['missing in ()', false],
])('label selector %j on a web pod is %s', (text, expected) => {
  expect(parseLabelQuery(text)(web)).toBe(expected);
});

test.each([
  ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  ['a=b,', "found '', expected: identifier after ','"],
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
])('label selector %j is refused', (text, message) => {
  expect(() => parseLabelQuery(text)).toThrow(message);
});

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'default' },
  spec: { nodeName: 'arya' },
  status: { phase: 'Running' },
};

test('field selectors compare name, namespace and the fields of the kind', () => {
  expect(parseFieldQuery('spec.nodeName=arya,status.phase!=Pending', 'pods')(pod)).toBe(true);
  expect(parseFieldQuery('metadata.name=b', 'pods')(pod)).toBe(false);
  expect(parseFieldQuery('spec.hostNetwork=false', 'pods')(pod)).toBe(true);
});

test('a field that the kind does not know is refused as the API server does', () => {
  expect(() => parseFieldQuery('spec.x=1', 'pods')).toThrow('field label not supported: spec.x');
  expect(() => parseFieldQuery('spec.x=1', 'configmaps')).toThrow(
    '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
  );
});
