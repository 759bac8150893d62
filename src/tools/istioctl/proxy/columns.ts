// Tables as Go's tabwriter lays them out: every cell but the last of a line is as wide as its column, plus a gap.

export function columns(rows: readonly (readonly string[])[], gap = 5): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width(cell) + gap);
    });
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - width(cell))))
      .join('');
  return rows.map((row) => `${line(row)}\n`).join('');
}

/** Runes, as Go counts. */
const width = (text: string) => [...text].length;
