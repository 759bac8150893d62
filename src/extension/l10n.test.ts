import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import english from '../../l10n/bundle.l10n.en.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };
import englishManifest from '../../package.nls.en.json' with { type: 'json' };
import spanishManifest from '../../package.nls.json' with { type: 'json' };
import { readBundle, t, useBundle } from './l10n.ts';

const root = join(import.meta.dirname, '../..');
const bundle: Record<string, string> = english;

interface Said {
  file: string;
  text: string;
}

const sources = globSync(['src/extension/**/*.ts', 'src/webview/**/*.ts'], { cwd: root })
  .filter((file) => !/\.(?:test|fixture)\.ts$|l10n\.ts$/.test(file))
  .map((file) => ({ file, source: readFileSync(join(root, file), 'utf8') }));

/** Every `t(…)` of the sources; what is not a literal is told as ''. */
const said: Said[] = sources.flatMap(({ file, source }) =>
  [...source.matchAll(/(?<![\w.])t\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.)*)`)?/g)].map(
    ([, single, double, back]) => ({ file, text: unescaped(single ?? double ?? back ?? '') }),
  ),
);

const gaps = (text: string): string[] => [...text.matchAll(/\{\d+\}/g)].map(([gap]) => gap).sort();
const links = (text: string): string[] => [...text.matchAll(/\((?:command|https?):[^)]*\)/g)].map(([link]) => link);

afterEach(() => useBundle({}));

test('every text that the code says is a literal', () => {
  expect(said.filter(({ text }) => text === '')).toEqual([]);
  expect(said.length).toBeGreaterThan(0);
});

test('no Spanish text is said without asking for its translation', () => {
  // Titles of commands are in package.nls.json; these two only put signs around what they are given.
  const others = [/command-table\.ts$/, /^«\$\{[\w.]+\}»$/, /^\$\{name\.slice\(0, 20\)\}…$/];
  const spanish = sources.flatMap(({ file, source }) =>
    [
      ...withoutComments(source).matchAll(
        /(?<!\bt\(\s*)(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g,
      ),
    ]
      .map(([, single, double, back]) => single ?? double ?? back ?? '')
      .filter((text) => /[áéíóúñü¿¡«»…]/i.test(text) && !/\bt\('/.test(text))
      .map((text) => ({ file, text })),
  );
  expect(spanish.filter(({ file, text }) => !others.some((o) => o.test(file) || o.test(text)))).toEqual([]);
});

test('every text that the code says has its English, and the bundle has no other', () => {
  const keys = new Set(said.map(({ text }) => text));
  expect(said.filter(({ text }) => !Object.hasOwn(bundle, text))).toEqual([]);
  expect(Object.keys(bundle).filter((key) => !keys.has(key))).toEqual([]);
});

test('a translation has the gaps of its text, and is not empty', () => {
  const wrong = Object.entries(bundle).filter(
    ([key, text]) => text.trim() === '' || gaps(key).join() !== gaps(text).join(),
  );
  expect(wrong).toEqual([]);
});

test('package.json says everything through package.nls.json, which has nothing else', () => {
  const used = [...JSON.stringify(manifest).matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key ?? '');
  expect([...new Set(used)].sort()).toEqual(Object.keys(spanishManifest).sort());
});

test('no text of package.json that a person reads is written in place', () => {
  expect(visibleTexts(manifest.contributes).filter((text) => !/^%[\w.-]+%$/.test(text))).toEqual([]);
});

test('package.nls.en.json has the keys, the gaps and the links of package.nls.json', () => {
  expect(Object.keys(englishManifest).sort()).toEqual(Object.keys(spanishManifest).sort());
  const other: Record<string, string> = englishManifest;
  for (const [key, text] of Object.entries(spanishManifest)) {
    expect(gaps(other[key] ?? ''), key).toEqual(gaps(text));
    expect(links(other[key] ?? ''), key).toEqual(links(text));
  }
});

test('a text is said in Spanish without a bundle, and in the language of the bundle with it', () => {
  expect(t('Quedan {0} de {1}', 2, 5)).toBe('Quedan 2 de 5');
  useBundle({ 'Quedan {0} de {1}': '{1} in all, {0} left' });
  expect(t('Quedan {0} de {1}', 2, 5)).toBe('5 in all, 2 left');
  expect(t('constructor')).toBe('constructor');
});

test('the bundle of a language serves its variants; Spanish and the rest have none', () => {
  expect(readBundle(root, 'en')).toEqual([english, 'en']);
  expect(readBundle(root, 'en-gb')).toEqual([english, 'en']);
  expect(readBundle(root, 'es')).toEqual([{}, 'es']);
  expect(readBundle(root, 'fr')).toEqual([{}, 'es']);
});

/** The values of the fields that VS Code shows, at any depth. `category` is the name of the product. */
function visibleTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(visibleTexts);
  if (typeof value !== 'object' || value === null) return [];
  const shown = /^(?:title|name|contextualTitle|contents|label|description|markdownDescription|altText)$/;
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === 'string') return shown.test(key) ? [inner] : [];
    if (/^(?:enumDescriptions|markdownEnumDescriptions)$/.test(key)) return inner as string[];
    return visibleTexts(inner);
  });
}

function unescaped(text: string): string {
  return text.replace(/\\(n|.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
