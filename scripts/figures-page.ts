// The figures in docs/veredictos.md: blocks between two comments, which scripts write and nobody else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const figuresPage = join(import.meta.dirname, '../docs/veredictos.md');

/** Puts the lines in the block of that name. Throws when the page has no such block. */
export function writeFigures(block: string, lines: readonly string[]): void {
  const [begin, end] = [`<!-- cifras:${block} -->`, `<!-- fin:${block} -->`];
  const page = readFileSync(figuresPage, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/veredictos.md has no block «${block}».`);
  writeFileSync(figuresPage, `${page.slice(0, from + begin.length)}\n\n${lines.join('\n')}\n\n${page.slice(to)}`);
}

/** A Markdown table. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)];
}

/** 0.0123 → «1,23 %». */
export function percent(share: number, digits = 2): string {
  return `${(share * 100).toFixed(digits).replace('.', ',')} %`;
}

export function decimal(value: number, digits = 2): string {
  return value.toFixed(digits).replace('.', ',');
}
