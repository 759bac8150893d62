// Columns as Go's tabwriter lays them out for kubectl: at least 6 wide, 3 spaces after the widest, the last one ragged.

export interface Layout {
  minimum: number;
  padding: number;
}

const kubectlLayout: Layout = { minimum: 6, padding: 3 };

export function columns(rows: readonly (readonly string[])[], layout = kubectlLayout): string {
  return rows.map((row) => `${line(row, columnWidths(rows, layout))}\n`).join('');
}

export function columnWidths(rows: readonly (readonly string[])[], { minimum, padding } = kubectlLayout): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, at) =>
    Math.max(minimum, ...rows.map((row) => (row[at] === undefined ? 0 : width(row[at]) + padding))),
  );
}

export function line(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(cell)))))
    .join('');
}

/** Characters, not bytes. */
const width = (text: string) => [...text].length;
