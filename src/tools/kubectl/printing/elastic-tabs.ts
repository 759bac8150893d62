// Text with tabs, aligned as Go's tabwriter does for `describe`: a column is a run of lines that have a tab there.

const PADDING = 2;

export function elasticTabs(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths = lines.map((cells) => cells.map(() => 0));
  // The last cell of a line ends with the line, not with a tab, and makes no column.
  const deepest = Math.max(0, ...lines.map((cells) => cells.length - 1));
  for (let column = 0; column < deepest; column += 1) {
    let start = 0;
    while (start < lines.length) {
      if (!hasColumn(lines[start], column)) {
        start += 1;
        continue;
      }
      let end = start;
      while (end < lines.length && hasColumn(lines[end], column)) end += 1;
      const run = lines.slice(start, end);
      const width = Math.max(...run.map((cells) => cells[column]?.length ?? 0)) + PADDING;
      for (let at = start; at < end; at += 1) {
        const row = widths[at];
        if (row) row[column] = width;
      }
      start = end;
    }
  }
  return lines
    .map((cells, at) =>
      cells.map((cell, c) => (c === cells.length - 1 ? cell : cell.padEnd(widths[at]?.[c] ?? 0))).join(''),
    )
    .join('\n');
}

const hasColumn = (cells: string[] | undefined, column: number) => (cells?.length ?? 0) - 1 > column;
