// Access log formats of the mesh's own: Envoy's command operators (`%REQ(:PATH)%`), in a line of text or in JSON.
import { fields } from '../../mesh/read.ts';
import type { ProxyRecord } from '../traffic.ts';
import { type ReadValue, readOperator } from './log-operators.ts';

export type FormatRecord = (record: ProxyRecord) => string;

/** A format longer than this is no format: what is compiled stays in memory. */
const LONGEST = 64 * 1024;

/** Undefined: not usable, and the proxies stay with Istio's own. */
export function compileTextFormat(format: string): FormatRecord | undefined {
  if (format.length > LONGEST) return undefined;
  const pieces = parse(format.replace(/\n$/, ''));
  return pieces && ((record) => pieces.map((piece) => textOf(piece, record)).join(''));
}

/** `labels`: names and formats, nested at will. */
export function compileJsonFormat(labels: unknown): FormatRecord | undefined {
  if (Object.keys(fields(labels)).length === 0 || JSON.stringify(labels).length > LONGEST) return undefined;
  const value = compileValue(labels);
  return value && ((record) => JSON.stringify(value(record)));
}

type Piece = string | ReadValue;

const OPERATOR = /%([A-Z_0-9]+)(?:\(((?:[^()]|\([^()]*\))*)\))?(?::(\d{1,6}))?%|%%/g;

/** Undefined: it has an operator that Envoy does not know, and no proxy takes it. */
function parse(format: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of format.matchAll(OPERATOR)) {
    if (match.index > at) pieces.push(format.slice(at, match.index));
    const [whole, name, argument = '', length] = match;
    const piece =
      name === undefined ? '%' : readOperator(name, argument, length === undefined ? undefined : Number(length));
    if (piece === undefined) return undefined;
    pieces.push(piece);
    at = match.index + whole.length;
  }
  if (at < format.length) pieces.push(format.slice(at));
  return pieces;
}

function textOf(piece: Piece, record: ProxyRecord): string {
  if (typeof piece === 'string') return piece;
  const value = piece(record);
  if (typeof value === 'object') return JSON.stringify(value);
  return value === undefined || value === '' ? '-' : String(value);
}

type FormatValue = (record: ProxyRecord) => unknown;

/** One operator alone keeps its type, and is null when there is nothing; beside other text it is text. */
function compileValue(format: unknown): FormatValue | undefined {
  if (typeof format === 'string') return compileText(format);
  if (Array.isArray(format)) {
    const values = allOf(format.map(compileValue));
    return values && ((record) => values.map((value) => value(record)));
  }
  if (typeof format !== 'object' || format === null) return () => format;
  const names = Object.keys(format).sort();
  const values = allOf(names.map((name) => compileValue(fields(format)[name])));
  return values && ((record) => Object.fromEntries(values.map((value, at) => [names[at] ?? '', value(record)])));
}

function compileText(format: string): FormatValue | undefined {
  const pieces = parse(format);
  if (!pieces) return undefined;
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'function') return (record) => only(record) ?? null;
  return (record) => pieces.map((piece) => textOf(piece, record)).join('');
}

function allOf<T>(values: readonly (T | undefined)[]): T[] | undefined {
  const there = values.filter((value) => value !== undefined);
  return there.length === values.length ? there : undefined;
}
