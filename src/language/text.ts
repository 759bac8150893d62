// Places in a text, as editors count them.

/** Both from 0; `character` in UTF-16 units. */
export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface TextEdit {
  range: Range;
  newText: string;
}

/** `[start, end)` in UTF-16 units of a text. */
export type Span = readonly [start: number, end: number];

export interface LineIndex {
  positionAt(offset: number): Position;
  /** Positions after the end of a line or of the text are brought back to it. */
  offsetAt(position: Position): number;
  rangeOf(span: Span): Range;
  /** Without its line break. */
  line(number: number): string;
  readonly count: number;
}

export function indexLines(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const startOf = (line: number): number => starts[line] ?? text.length;
  const endOf = (line: number): number => {
    if (line + 1 >= starts.length) return text.length;
    const end = startOf(line + 1) - 1;
    return end > startOf(line) && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
  };
  const positionAt = (offset: number): Position => {
    const line = lineAt(starts, offset);
    return { line, character: Math.max(0, Math.min(offset, text.length) - startOf(line)) };
  };
  return {
    positionAt,
    offsetAt({ line, character }) {
      if (line < 0) return 0;
      if (line >= starts.length) return text.length;
      return Math.min(startOf(line) + Math.max(0, character), endOf(line));
    },
    rangeOf: ([start, end]) => ({ start: positionAt(start), end: positionAt(end) }),
    line: (number) => text.slice(startOf(number), endOf(number)),
    count: starts.length,
  };
}

const CARRIAGE_RETURN = 13;

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
