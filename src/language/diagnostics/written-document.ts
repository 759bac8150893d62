// A document of the file under diagnosis: its objects, its nodes, and where they are in the file.
import type { Document } from 'yaml';
import type { PathPart } from '../paths.ts';
import type { LineIndex, Range, Span } from '../text.ts';
import type { WrittenPart } from '../written-file.ts';
import { type Found, findPath, spanOf } from '../yaml-nodes.ts';
import type { FileEdit } from './problem.ts';

export interface WrittenDocument {
  uri: string;
  part: WrittenPart;
  document: Document.Parsed;
  lines: LineIndex;
  /** Of a span of the part. */
  range(span: Span): Range;
  /** Where a path of an object is written, or its nearest parent; the first line of the part when nothing is. */
  find(at: readonly PathPart[], path: readonly PathPart[]): Found;
  rangeOf(at: readonly PathPart[], path: readonly PathPart[]): Range;
  edit(span: Span, newText: string): FileEdit;
}

export function writtenDocument(
  uri: string,
  part: WrittenPart,
  document: Document.Parsed,
  lines: LineIndex,
): WrittenDocument {
  const range = ([start, end]: Span): Range => lines.rangeOf([start + part.offset, end + part.offset]);
  const first = firstLine(part.text);
  const find = (at: readonly PathPart[], path: readonly PathPart[]): Found =>
    findPath(document, [...at, ...path]) ?? { exact: false, key: first };
  return {
    uri,
    part,
    document,
    lines,
    range,
    find,
    rangeOf(at, path) {
      const found = find(at, path);
      const [start, end] = spanOf(found);
      // A whole object would be underlined: its first line says enough.
      return range(end - start > 200 || (!found.exact && !found.key) ? first : [start, end]);
    },
    edit: (span, newText) => ({ uri, range: range(span), newText }),
  };
}

function firstLine(text: string): Span {
  const start = text.search(/[^\s#%]/);
  const from = Math.max(0, start);
  const end = text.indexOf('\n', from);
  return [from, (end === -1 ? text : text.slice(0, end)).trimEnd().length];
}
