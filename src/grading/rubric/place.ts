// Where a path of a YAML document is written.
import type { Document, LineCounter } from 'yaml';
import { offsetOf } from '../../yaml/path-lines.ts';

/** Line and column of a path, from 1; of its nearest parent when it is not written. */
export type PlaceOf = (path: readonly PropertyKey[]) => { line: number; column: number };

export function placeIn(document: Document, counter: LineCounter): PlaceOf {
  return (path) => {
    const written = path.map((p) => `[${typeof p === 'number' ? p : `"${String(p)}"`}]`).join('');
    const { line, col } = counter.linePos(offsetOf(document, written) ?? document.contents?.range?.[0] ?? 0);
    return { line, column: col };
  };
}
