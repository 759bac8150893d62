import { expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import type { Fix, Problem } from './diagnostics/problem.ts';
import { bookinfoFolder, bookinfoYaml, canaryYaml, gatewayYaml, here, subsetsYaml, workspaceWith } from './fixtures.ts';
import { indexLines } from './text.ts';

const found = (text: string, more: Record<string, string> = {}): Problem[] =>
  diagnose(bookinfoFolder(text, more), here);
const codes = (text: string) => found(text).map(({ code }) => code.slice(-2));
/** The code and what is underlined. */
const told = (text: string) => {
  const lines = indexLines(text);
  return found(text).map(
    ({ code, range }) => `${code.slice(-2)} ${text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end))}`,
  );
};
function mended(text: string, fix: Fix | undefined, uri = here): string {
  const lines = indexLines(text);
  const edits = (fix?.edits ?? []).filter((edit) => edit.uri === uri);
  return edits
    .toSorted((a, b) => lines.offsetAt(b.range.start) - lines.offsetAt(a.range.start))
    .reduce(
      (t, { range, newText }) => t.slice(0, lines.offsetAt(range.start)) + newText + t.slice(lines.offsetAt(range.end)),
      text,
    );
}

test('a good file has no problems', () => {
  expect(found(canaryYaml)).toEqual([]);
  expect(found(gatewayYaml)).toEqual([]);
  expect(found(subsetsYaml)).toEqual([]);
});

test('a field that does not exist, with the one that was meant', () => {
  const text = canaryYaml.replace('weight: 90', 'wieght: 90');
  const [problem] = found(text).filter(({ code }) => code === 'MALLA-YML-02');
  expect(told(text)).toContain('02 wieght');
  expect(mended(text, problem?.fixes[0])).toBe(canaryYaml);
  expect(mended(text, problem?.fixes[1])).not.toContain('wieght');
});

test('a value of another type', () => {
  const text = canaryYaml.replace('weight: 90', 'weight: "90"');
  expect(told(text)).toEqual(['03 "90"']);
  expect(mended(text, found(text)[0]?.fixes[0])).toBe(canaryYaml);
  const bool = canaryYaml.replace('    - route:', '    - match:\n        - headers: {x: {exact: yes}}\n      route:');
  expect(told(bool)).toEqual(['03 yes']);
  const number = canaryYaml.replace('    - route:', '    - match:\n        - headers: {x: {exact: 200}}\n      route:');
  expect(mended(number, found(number)[0]?.fixes[0])).toContain('exact: "200"');
});

test('a value that the schema does not list', () => {
  const text =
    'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: x}\nspec: {mtls: {mode: strict}}\n';
  expect(told(text)).toEqual(['04 strict']);
  expect(mended(text, found(text)[0]?.fixes[0])).toContain('mode: STRICT');
});

test('a host that is not there', () => {
  const text = canaryYaml.replace('host: reviews\n            subset: v1', 'host: reviewz');
  expect(told(text)).toEqual(['08 reviewz']);
  const [problem] = found(text);
  expect(problem?.message).toContain('no hay ningún clúster');
  expect(problem?.severity).toBe('warning');
  expect(problem?.fixes.map(({ title }) => title)).toEqual(['Cambiar por «reviews»']);
});

test('a subset that no DestinationRule defines is added to the one there is', () => {
  const text = canaryYaml.replace('subset: v2', 'subset: v3');
  expect(told(text)).toEqual(['10 v3']);
  const fix = found(text)[0]?.fixes.find(({ title }) => title.startsWith('Añadir'));
  expect(fix?.edits.map(({ uri }) => uri)).toEqual(['file:///subsets.yaml']);
  const rule = mended(subsetsYaml, fix, 'file:///subsets.yaml');
  expect(rule).toContain('    - name: v3\n      labels:\n        version: v3\n');
  expect(diagnose(bookinfoFolder(text, { 'file:///subsets.yaml': rule }), here)).toEqual([]);
});

test('without a DestinationRule one is made at the end of the file', () => {
  const workspace = (text: string) => workspaceWith({ 'file:///b.yaml': bookinfoYaml, [here]: text });
  const problems = diagnose(workspace(canaryYaml), here);
  expect(problems.map(({ code }) => code)).toEqual(['MALLA-YML-10', 'MALLA-YML-10']);
  const once = mended(canaryYaml, problems[0]?.fixes.at(-1));
  const twice = mended(once, diagnose(workspace(once), here)[0]?.fixes.at(-1));
  expect(diagnose(workspace(twice), here)).toEqual([]);
});

test('weights that do not add up to 100', () => {
  const text = canaryYaml.replace('weight: 10', 'weight: 30');
  expect(told(text)).toEqual(['13 route']);
  expect(found(text)[0]?.message).toContain('75 %, 25 %');
  expect(mended(text, found(text)[0]?.fixes[0])).toContain('weight: 75');
});

test('a rule that no request reaches', () => {
  const text = canaryYaml.replace('  http:\n', '  http:\n    - route: [{destination: {host: ratings}}]\n');
  expect(codes(text)).toEqual(['14']);
  expect(found(text)[0]?.message).toContain('solo la última puede no tener condiciones');
});

test('gateways: one that is not there, hosts that it does not have, a port that it does not open', () => {
  const bound = (gateway: string) => canaryYaml.replace('  http:', `  gateways: [${gateway}]\n  http:`);
  expect(told(bound('bookinfo-gatewey'))).toEqual(['11 bookinfo-gatewey']);
  expect(codes(bound('bookinfo-gateway'))).toEqual([]);
  const narrow = gatewayYaml.replace('"*"', 'other.example.com');
  expect(diagnose(bookinfoFolder(bound('bookinfo-gateway'), { 'file:///gateway.yaml': narrow }), here)[0]?.code).toBe(
    'MALLA-YML-12',
  );
  const port = bound('bookinfo-gateway').replace('    - route:', '    - match: [{port: 8443}]\n      route:');
  expect(told(port)).toEqual(['17 8443']);
});

test('what the webhook refuses', () => {
  const text = canaryYaml.replace('weight: 90', 'weight: 0').replace('weight: 10', 'weight: 0');
  expect(codes(text)).toEqual(['06']);
  expect(found(text)[0]?.message).toContain('total destination weight = 0');
});

test('a broken document says where, and guesses nothing more', () => {
  expect(codes(canaryYaml.replace('- reviews', '- {reviews'))).toEqual(['01']);
  const tabs = canaryYaml.replace('  hosts:', '\thosts:');
  expect(mended(tabs, found(tabs)[0]?.fixes[0])).toBe(canaryYaml);
});

test('a second document, CRLF and anchors are read as they are', () => {
  const crlf = `${gatewayYaml}---\n${canaryYaml.replace('weight: 90', 'wieght: 90')}`.replaceAll('\n', '\r\n');
  expect(told(crlf)).toContain('02 wieght');
  const anchors = canaryYaml
    .replace(
      '- destination:\n            host: reviews\n            subset: v1',
      '- destination: &one {host: reviews, subset: v1}',
    )
    .replace(
      '- destination:\n            host: reviews\n            subset: v2',
      '- destination: {<<: *one, subset: v9}',
    );
  expect(told(anchors)).toEqual(['10 v9']);
});

test('a document that moves takes its problems and their fixes along', () => {
  const text = canaryYaml.replace('weight: 90', 'wieght: 90');
  const workspace = bookinfoFolder(text);
  const [before] = diagnose(workspace, here);
  workspace.write(here, `# one line\n---\n${gatewayYaml}---\n${text}`);
  const [after] = diagnose(workspace, here).filter(({ code }) => code === before?.code);
  const moved = gatewayYaml.split('\n').length + 2;
  expect(after?.range.start.line).toBe((before?.range.start.line ?? 0) + moved);
  expect(after?.fixes[0]?.edits[0]?.range).toEqual(after?.range);
});

test('a kind that its group does not have', () => {
  expect(told(canaryYaml.replace('kind: VirtualService', 'kind: VirtualServise'))).toEqual(['21 VirtualServise']);
  expect(told(canaryYaml.replace('networking.istio.io', 'security.istio.io'))).toEqual(['21 security.istio.io/v1']);
});

test('other files of the folder that say the same object are no conflict', () => {
  expect(found(canaryYaml, { 'file:///other.yaml': canaryYaml.replace('name: reviews', 'name: reviews-50') })).toEqual(
    [],
  );
});

test('with a cluster, what is there is known, and what is not is an error', () => {
  const workspace = workspaceWith({ [here]: canaryYaml });
  workspace.setCluster([]);
  expect(diagnose(workspace, here).map(({ severity }) => severity)).toContain('error');
});

test('while the folder is being read, nothing is said to be missing', () => {
  const workspace = workspaceWith({ [here]: canaryYaml });
  workspace.reading = true;
  expect(diagnose(workspace, here)).toEqual([]);
  workspace.reading = false;
  expect(diagnose(workspace, here)).not.toEqual([]);
});

test('hostile files end soon', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`)
    .join('\n')}\napiVersion: networking.istio.io/v1\nkind: VirtualService\n`;
  for (const text of [
    bomb,
    `${canaryYaml}${'['.repeat(100_000)}`,
    `${canaryYaml}x: ${'{a: '.repeat(5_000)}`,
    `${canaryYaml}\0\uFFFF`,
    canaryYaml.replace('name: reviews', 'name: __proto__').replace('  hosts:', '  __proto__: {x: 1}\n  hosts:'),
  ])
    expect(() => found(text)).not.toThrow();
});
