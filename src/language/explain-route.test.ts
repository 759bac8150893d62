import { expect, test } from 'vitest';
import { explainText, probesOf } from './explain-route.ts';
import { bookinfoFolder, canaryYaml, here } from './fixtures.ts';

const rule =
  '  http:\n    - match: [{headers: {end-user: {exact: jason}}}]\n      route: [{destination: {host: reviews, subset: v2}}]\n';
const text = canaryYaml.replace('  http:\n', rule);

test('the requests that are offered meet the conditions of the route, and none', () => {
  const probes = probesOf(bookinfoFolder(text), here, { name: 'reviews', namespace: 'default' });
  expect(probes.map(({ title }) => title)).toEqual(['GET reviews/ (end-user: jason)', 'GET reviews/']);
  expect(probesOf(bookinfoFolder(text), here, { name: 'other', namespace: 'default' })).toEqual([]);
});

test('every decision has its line, in the file that says it', () => {
  const workspace = bookinfoFolder(text);
  const [, plain] = probesOf(workspace, here, undefined);
  const page = plain ? explainText(workspace, here, plain) : '';
  expect(page).toContain('No encaja');
  expect(page).toContain('**here.yaml:9**');
  expect(page).toContain('**subsets.yaml:');
  expect(page).toContain('| reviews:9080 v1 | 90 % |');
});
