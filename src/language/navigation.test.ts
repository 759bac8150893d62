import { expect, test } from 'vitest';
import { bookinfoFolder, canaryYaml, gatewayYaml, here, marked, subsetsYaml } from './fixtures.ts';
import { hoverAt } from './hover.ts';
import { definitionsAt, referencesAt, renameAt, renamingAt } from './navigation.ts';
import { routesIn } from './routes-in-file.ts';
import { indexLines } from './text.ts';

const at = (text: string) => {
  const { text: plain, position } = marked(text);
  return { workspace: bookinfoFolder(plain), position };
};
const files = (locations: { uri: string }[]) => locations.map(({ uri }) => uri.replace('file:///', '')).sort();

test('a subset leads to its DestinationRule, and a host to its Service', () => {
  const subset = at(canaryYaml.replace('subset: v2', 'subset: v│2'));
  expect(files(definitionsAt(subset.workspace, here, subset.position))).toEqual(['subsets.yaml']);
  const host = at(canaryYaml.replace('host: reviews', 'host: │reviews'));
  expect(files(definitionsAt(host.workspace, here, host.position))).toEqual(['bookinfo.yaml']);
});

test('a gateway leads to its Gateway, by any way of naming it', () => {
  for (const name of ['│bookinfo-gateway', 'default/book│info-gateway', '"./bookinfo-gateway│"']) {
    const { workspace, position } = at(canaryYaml.replace('  http:', `  gateways:\n    - ${name}\n  http:`));
    expect(files(definitionsAt(workspace, here, position)), name).toEqual(['gateway.yaml']);
  }
});

test('references are those of every file', () => {
  const { workspace, position } = at(canaryYaml.replace('host: reviews', 'host: rev│iews'));
  expect(files(referencesAt(workspace, here, position, false))).toEqual([
    'here.yaml',
    'here.yaml',
    'here.yaml',
    'subsets.yaml',
  ]);
});

test('a rename changes the name alone, in every file', () => {
  const text = canaryYaml
    .replace('- reviews', '- "reviews.default.svc.cluster.local"')
    .replace('host: reviews', 'host: │reviews');
  const { workspace, position } = at(text);
  const done = renameAt(workspace, here, position, 'criticas');
  if ('refusal' in done) throw new Error(done.refusal);
  const mended = (uri: string): string => {
    const { text: whole = '' } = workspace.file(uri) ?? {};
    const lines = indexLines(whole);
    return done.edits
      .filter((edit) => edit.uri === uri)
      .toSorted((a, b) => lines.offsetAt(b.range.start) - lines.offsetAt(a.range.start))
      .reduce(
        (t, e) => t.slice(0, lines.offsetAt(e.range.start)) + e.newText + t.slice(lines.offsetAt(e.range.end)),
        whole,
      );
  };
  expect(mended(here)).toContain('- "criticas.default.svc.cluster.local"');
  expect(mended('file:///subsets.yaml')).toBe(subsetsYaml.replace('host: reviews', 'host: criticas'));
  expect(mended('file:///bookinfo.yaml')).toContain('name: criticas\n');
  // Labels are no names of the Service.
  expect(mended('file:///bookinfo.yaml')).toContain('app: reviews');
});

test('a name that no file defines, and a bad name, are refused', () => {
  const unknown = at(canaryYaml.replace('subset: v2', 'subset: v│9'));
  expect(renamingAt(unknown.workspace, here, unknown.position)).toHaveProperty('refusal');
  const known = at(canaryYaml.replace('subset: v2', 'subset: v│2'));
  expect(renamingAt(known.workspace, here, known.position)).toMatchObject({ name: 'v2' });
  expect(renameAt(known.workspace, here, known.position, 'No Vale')).toHaveProperty('refusal');
  expect(renamingAt(known.workspace, here, { line: 0, character: 0 })).toBeUndefined();
});

test('a hover tells what the field means, and its type', () => {
  const weight = at(canaryYaml.replace('weight: 90', 'wei│ght: 90'));
  const hover = hoverAt(weight.workspace, here, weight.position);
  expect(hover?.markdown).toContain('Cuenta frente a la suma');
  expect(hover?.markdown).toContain('número entero');
  const mode = at(gatewayYaml.replace('protocol: HTTP', 'protocol: HT│TP'));
  expect(hoverAt(mode.workspace, here, mode.position)?.markdown).toContain('GRPC');
  expect(hoverAt(weight.workspace, here, { line: 99, character: 0 })).toBeUndefined();
});

test('the routes of a file, with the place of each weight', () => {
  const [route] = routesIn(bookinfoFolder(canaryYaml), here);
  expect(route).toMatchObject({ name: 'reviews', namespace: 'default', hosts: ['reviews'], gateways: ['mesh'] });
  expect(route?.rules[0]).toMatchObject([
    {
      host: 'reviews.default.svc.cluster.local',
      subset: 'v1',
      weight: 90,
      range: { start: { line: 12, character: 18 } },
    },
    { subset: 'v2', weight: 10, range: { start: { line: 16, character: 18 } } },
  ]);
});
