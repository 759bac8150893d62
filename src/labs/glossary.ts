// docs/glosario.md as data: what the course's terms mean, by the anchor that labs link to.

/** Anchor → the sentence. */
export type Glossary = ReadonlyMap<string, string>;

export function readGlossary(text: string): Glossary {
  const entries = text.split(/^## /m).slice(1);
  return new Map(
    entries.map((entry) => {
      const [term = '', ...rest] = entry.split('\n');
      return [anchorOf(term), rest.join(' ').replaceAll('*', '').trim()];
    }),
  );
}

/** As GitHub and VS Code make them from a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** The anchor of a link to the glossary; undefined for any other link. Parsers write accents as %C3%B3. */
export function linkedTerm(href: string): string | undefined {
  const [, anchor] = /^(?:\.\.\/)*docs\/glosario\.md#(.+)$/.exec(href) ?? [];
  if (anchor === undefined) return undefined;
  try {
    return decodeURIComponent(anchor);
  } catch {
    return undefined;
  }
}
