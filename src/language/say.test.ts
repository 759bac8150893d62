import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import english from '../../l10n/yaml.l10n.en.json' with { type: 'json' };
import { istioYamlCodes } from '../diagnosis/codes/istio-yaml.ts';
import { codePage } from './code-page.ts';
import { diagnose } from './diagnose.ts';
import { canaryYaml } from './fixtures.ts';
import { hoverAt } from './hover.ts';
import { commonMeanings } from './meanings/common.ts';
import { routingMeanings } from './meanings/routing.ts';
import { securityMeanings } from './meanings/security.ts';
import { trafficMeanings } from './meanings/traffic.ts';
import { decimal, t, useTexts } from './say.ts';
import { bundledKinds } from './schema/bundled-kinds.ts';
import { createWorkspace } from './workspace.ts';

const bundle: Record<string, string> = english;
const sources = globSync('**/*.ts', { cwd: import.meta.dirname })
  .filter((file) => !/\.test\.ts$|^(?:fixtures|say|skeletons)\.ts$|^meanings\//.test(file))
  .map((file) => ({ file, source: readFileSync(join(import.meta.dirname, file), 'utf8') }));

/** Every `t(…)`; what is not a literal is told as ''. */
const said = sources.flatMap(({ file, source }) =>
  [...source.matchAll(/(?<![\w.])t\(\s*(?:'((?:[^'\\\n]|\\.)*)')?/g)].map(([, text]) => ({ file, text: text ?? '' })),
);
const inTables = [
  ...Object.values(commonMeanings),
  ...[routingMeanings, trafficMeanings, securityMeanings].flatMap((kinds) =>
    Object.values(kinds).flatMap((fields) => Object.values(fields)),
  ),
  ...Object.values(istioYamlCodes).flatMap(({ title, why, cure }) => [title, why, cure]),
];
const gaps = (text: string): string[] => [...text.matchAll(/\{\d+\}/g)].map(([gap]) => gap).sort();
const codeOf = (text: string): string[] =>
  [...text.matchAll(/`([^`]*)`|\b([A-Z_]{4,}|[a-z]+[A-Z]\w+)\b/g)].map(([, quoted, word]) => quoted ?? word ?? '');

afterEach(() => useTexts({}, 'es'));

test('every text that the help says is a literal with its English, and the bundle has no other', () => {
  expect(said.filter(({ text }) => text === '')).toEqual([]);
  const keys = [...said.map(({ text }) => text), ...inTables];
  expect(keys.filter((key) => !Object.hasOwn(bundle, key))).toEqual([]);
  expect(Object.keys(bundle).filter((key) => !keys.includes(key))).toEqual([]);
});

test('a translation has the gaps of its text, and names the same fields and values', () => {
  const words = (text: string): string[] =>
    codeOf(text).filter((word) => !/ESPACIO|NAMESPACE|espacio|namespace/.test(word));
  const wrong = Object.entries(bundle).filter(
    ([key, text]) =>
      gaps(key).join() !== gaps(text).join() ||
      words(key)
        .filter((word) => /^[A-Za-z0-9_]+$/.test(word))
        .some((word) => !text.includes(word)),
  );
  expect(wrong).toEqual([]);
});

test('no Spanish sentence of the help is said without asking for its translation', () => {
  const spanish = sources.flatMap(({ file, source }) =>
    [
      ...source
        .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
        .matchAll(/(?<!\bt\(\s*)(?:'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g),
    ]
      .map(([, single, back]) => single ?? back ?? '')
      .filter((text) => /[áéíóúñ¿¡«»]/i.test(text) && !/\bt\('/.test(text))
      .map((text) => ({ file, text })),
  );
  expect(spanish).toEqual([]);
});

test('problems, their fixes, hovers and the pages of codes are in English when the editor is', () => {
  const look = () => {
    const workspace = createWorkspace(bundledKinds);
    workspace.write('file:///a.yaml', canaryYaml.replace('weight: 90', 'weight: 60'));
    const [problem] = diagnose(workspace, 'file:///a.yaml').filter(({ code }) => code === 'MALLA-YML-13');
    const line = canaryYaml.split('\n').findIndex((text) => text.includes('weight: 90'));
    const character = (canaryYaml.split('\n')[line] ?? '').indexOf('weight') + 1;
    const hover = hoverAt(workspace, 'file:///a.yaml', { line, character })?.markdown ?? '';
    return [
      problem?.message,
      problem?.fixes[0]?.title,
      hover.split('\n\n')[1],
      codePage('MALLA-YML-13').split('\n')[2],
    ];
  };
  expect(look()).toEqual([
    'Los pesos suman 70, no 100. Istio los acepta y reparte 85,7 %, 14,3 %.',
    'Poner los pesos 86 y 14',
    expect.stringMatching(/^Parte del tráfico/),
    expect.stringMatching(/^\*\*Los pesos no suman 100/),
  ]);
  useTexts(bundle, 'en');
  expect(look()).toEqual([
    'The weights add up to 70, not 100. Istio accepts them and splits 85.7 %, 14.3 %.',
    'Set the weights 86 and 14',
    expect.stringMatching(/^Part of the traffic/),
    expect.stringMatching(/^\*\*The weights do not add up to 100/),
  ]);
});

test('a text without a translation stays Spanish, and no object lends it one', () => {
  useTexts(bundle, 'en');
  expect(t('constructor')).toBe('constructor');
  expect(t('Esto no está {0}', 'en el fichero')).toBe('Esto no está en el fichero');
  expect(decimal(0.5)).toBe('0.5');
  useTexts({}, 'es');
  expect(decimal(0.5)).toBe('0,5');
});
