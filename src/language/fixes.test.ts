// Every code action: what it is called, and that the problem it mends is gone afterwards.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import { bookinfoFolder, bookinfoYaml, canaryYaml, here, subsetsYaml } from './fixtures.ts';
import { indexLines } from './text.ts';

const matching = (match: string): string => canaryYaml.replace('    - route:', `    - match: ${match}\n      route:`);
const bound = (match: string): string => matching(match).replace('  http:', '  gateways: [bookinfo-gateway]\n  http:');
const peer = (mode: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: x}\nspec: {mtls: {mode: ${mode}}}\n`;
const twoPorts = bookinfoYaml.replace(
  'name: http\n      port: 9080',
  'name: http\n      port: 9080\n    - name: grpc\n      port: 9090',
);

interface Case {
  /** As it is written in the code. */
  title: string;
  /** As a person reads it. */
  shown: string;
  code: string;
  text: string;
  more?: Record<string, string>;
}

const cases: Case[] = [
  {
    title: 'Cambiar por «{0}»',
    shown: 'Cambiar por «weight»',
    code: 'MALLA-YML-02',
    text: canaryYaml.replace('weight: 90', 'wieght: 90'),
  },
  { title: 'Cambiar por «{0}»', shown: 'Cambiar por «STRICT»', code: 'MALLA-YML-04', text: peer('strict') },
  {
    title: 'Cambiar por «{0}»',
    shown: 'Cambiar por «VirtualService»',
    code: 'MALLA-YML-21',
    text: canaryYaml.replace('kind: VirtualService', 'kind: VirtualServise'),
  },
  {
    title: 'Cambiar por «{0}»',
    shown: 'Cambiar por «reviews»',
    code: 'MALLA-YML-08',
    text: canaryYaml.replace('host: reviews\n            subset: v1', 'host: reviewz\n            subset: v1'),
  },
  {
    title: 'Quitar «{0}»',
    shown: 'Quitar «nada»',
    code: 'MALLA-YML-02',
    text: canaryYaml.replace('  hosts:', '  nada: 1\n  hosts:'),
  },
  {
    title: 'Poner entre comillas',
    shown: 'Poner entre comillas',
    code: 'MALLA-YML-03',
    text: matching('[{headers: {x: {exact: 200}}}]'),
  },
  {
    title: 'Quitar las comillas',
    shown: 'Quitar las comillas',
    code: 'MALLA-YML-03',
    text: canaryYaml.replace('weight: 90', 'weight: "90"'),
  },
  {
    title: 'Cambiar los tabuladores por dos espacios',
    shown: 'Cambiar los tabuladores por dos espacios',
    code: 'MALLA-YML-01',
    text: canaryYaml.replace('  hosts:', '\thosts:'),
  },
  {
    title: 'Poner los pesos {0}',
    shown: 'Poner los pesos 75 y 25',
    code: 'MALLA-YML-13',
    text: canaryYaml.replace('weight: 90', 'weight: 30'),
  },
  {
    title: 'Cambiar por {0}',
    shown: 'Cambiar por 80',
    code: 'MALLA-YML-17',
    text: bound('[{port: 8443}]'),
  },
  {
    title: 'Ir al puerto {0}',
    shown: 'Ir al puerto 9090',
    code: 'MALLA-YML-09',
    text: canaryYaml.replaceAll(/host: reviews\n {12}subset: v\d/g, 'host: productpage'),
    more: { 'file:///bookinfo.yaml': twoPorts },
  },
  {
    title: 'Quitar la regla',
    shown: 'Quitar la regla',
    code: 'MALLA-YML-14',
    text: `${canaryYaml}    - route:\n        - destination:\n            host: reviews\n            subset: v1\n`,
  },
  {
    title: 'Añadir el subset «{0}» al DestinationRule «{1}»',
    shown: 'Añadir el subset «v3» al DestinationRule «reviews»',
    code: 'MALLA-YML-10',
    text: canaryYaml.replace('subset: v2', 'subset: v3'),
  },
  {
    title: 'Crear un DestinationRule con el subset «{0}»',
    shown: 'Crear un DestinationRule con el subset «v2»',
    code: 'MALLA-YML-10',
    text: canaryYaml.replace('subset: v1', 'subset: v2'),
    more: { 'file:///subsets.yaml': subsetsYaml.replaceAll('reviews', 'ratings') },
  },
];

test.each(cases)('$code: «$shown» mends it', ({ shown, code, text, more = {} }) => {
  const workspace = bookinfoFolder(text, more);
  const before = diagnose(workspace, here).filter((problem) => problem.code === code);
  const fix = before.flatMap(({ fixes }) => fixes).find(({ title }) => title === shown);
  expect(fix, before.flatMap(({ fixes }) => fixes.map(({ title }) => title)).join()).toBeDefined();
  for (const uri of new Set(fix?.edits.map((edit) => edit.uri))) {
    const own = workspace.file(uri)?.text ?? '';
    const lines = indexLines(own);
    const mended = (fix?.edits ?? [])
      .filter((edit) => edit.uri === uri)
      .toSorted((a, b) => lines.offsetAt(b.range.start) - lines.offsetAt(a.range.start))
      .reduce(
        (whole, { range, newText }) =>
          whole.slice(0, lines.offsetAt(range.start)) + newText + whole.slice(lines.offsetAt(range.end)),
        own,
      );
    workspace.write(uri, mended);
  }
  const after = diagnose(workspace, here).filter((problem) => problem.code === code);
  expect(after.length).toBeLessThan(before.length);
});

test('there is no code action without its case', () => {
  const written = globSync('{diagnose.ts,diagnostics/*.ts}', { cwd: import.meta.dirname }).flatMap((file) =>
    [
      ...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/\btitle: (?!string;)(?:t\(\s*'([^']*)')?/g),
    ].map(([whole, title]) => title ?? `${file}: ${whole}`),
  );
  expect([...new Set(written)].sort()).toEqual([...new Set(cases.map(({ title }) => title))].sort());
});
