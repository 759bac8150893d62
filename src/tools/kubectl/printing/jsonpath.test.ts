import { expect, test } from 'vitest';
import { renderJsonPath } from './jsonpath.ts';

const pods = {
  items: [
    { metadata: { name: 'a', labels: { 'app.io/x': '1', app: 'web' } }, status: { phase: 'Running', n: 2 } },
    { metadata: { name: 'b', labels: { app: 'db' } }, status: { phase: 'Pending', n: 10, ok: true } },
  ],
};

test.each([
  ['{.items[0].metadata.name}', 'a'],
  ['{.items[*].metadata.name}', 'a b'],
  ['{.items[-1].metadata.name}', 'b'],
  ['{.items[0:1].metadata.name}', 'a'],
  ['{.items[0,1].metadata.name}', 'a b'],
  ['{$.items[0].status.n}', '2'],
  ['.items[1].status.ok', 'true'],
  ['{range .items[*]}{.metadata.name}={.status.phase}{"\\n"}{end}', 'a=Running\nb=Pending\n'],
  ['{.items[?(@.status.phase=="Running")].metadata.name}', 'a'],
  ["{.items[?(@.status.phase!='Running')].metadata.name}", 'b'],
  ['{.items[?(@.status.n>5)].metadata.name}', 'b'],
  ['{.items[?(@.status.ok)].metadata.name}', 'b'],
  ["{.items[0].metadata.labels['app.io/x']}", '1'],
  [String.raw`{.items[0].metadata.labels.app\.io/x}`.replace('/x', ''), ''],
  ['{..name}', 'a b'],
  ['{.items[0].metadata.labels}', '{"app.io/x":"1","app":"web"}'],
  ['{.nothing.at.all}', ''],
  ['name: {.items[0].metadata.name}{"\\t"}!', 'name: a\t!'],
])('%s', (template, expected) => {
  expect(renderJsonPath(template, pods)).toBe(expected);
});

test.each(['{.items[*', '{range .items[*]}{.a}', '{end}'])('%s is refused', (template) => {
  expect(() => renderJsonPath(template, pods)).toThrow('error parsing jsonpath');
});
