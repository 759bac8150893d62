// The glossary and what the labs link of it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const glossary = readFileSync(join(root, 'docs/glosario.md'), 'utf8');

/** As GitHub and VS Code make them from a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

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
