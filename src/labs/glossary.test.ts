// The glossary and what the labs link of it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anchorOf, linkedTerm, readGlossary } from './glossary.ts';

const root = join(import.meta.dirname, '../..');
const glossary = readFileSync(join(root, 'docs/glosario.md'), 'utf8');

const entries = glossary
  .split(/^## /m)
  .slice(1)
  .map((entry) => ({ term: entry.split('\n')[0] ?? '', text: entry.split('\n').slice(1).join(' ').trim() }));
const anchors = new Set(entries.map((e) => anchorOf(e.term)));
const labs = globSync('labs/*/lab.md', { cwd: root });

test('each term is there once, with a sentence, in order', () => {
  const terms = entries.map((e) => e.term);
  expect(anchors.size).toBe(terms.length);
  expect(terms).toEqual(terms.toSorted((a, b) => a.localeCompare(b, 'es')));
  for (const { term, text } of entries) {
    expect(text, term).toMatch(/^(\*[^*]+\*\. )?\S.*\.$/);
    expect(text.length, term).toBeGreaterThan(25);
  }
});

test('a term is found by what a link to it says', () => {
  const terms = readGlossary(glossary);
  expect(terms.get('pod')).toMatch(/^La unidad que se ejecuta/);
  expect(terms.get(linkedTerm('../../docs/glosario.md#inyecci%C3%B3n') ?? '')).toMatch(/^injection\. Añadir/);
  for (const other of ['https://istio.io#pod', '../../docs/errores.md#pod', '../../docs/glosario.md#%E0'])
    expect(linkedTerm(other)).toBeUndefined();
});

test('each link of a lab to the glossary leads to a term', () => {
  const links = labs.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)]*glosario\.md[^)]*)\)/g)].map((m) => ({
      file,
      target: m[1] ?? '',
    })),
  );
  expect(links.length).toBeGreaterThan(20);
  const broken = links.filter(({ target }) => {
    const [path, anchor = ''] = target.split('#');
    return path !== '../../docs/glosario.md' || !anchors.has(decodeURIComponent(anchor));
  });
  expect(broken).toEqual([]);
});
