// A Markdown table as text: in columns where it fits, else one item a row.

/** Lines no wider than `width`, when that can be. `strong` paints the heading. */
export function tableLines(
  header: string[],
  rows: string[][],
  width: number,
  strong: (text: string) => string,
): string[] {
  const widths = header.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const total = widths.reduce((sum, w) => sum + w, 0) + 2 * (widths.length - 1);
  if (total > width) return rows.flatMap((row) => asItem(header, row, strong));
  const line = (cells: string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [strong(line(header)), ...rows.map(line)];
}

function asItem(header: string[], [first = '', ...rest]: string[], strong: (text: string) => string): string[] {
  return [`• ${strong(first)}`, ...rest.map((cell, i) => `    ${header[i + 1] ?? ''}: ${cell}`)];
}
