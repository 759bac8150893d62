// Access log formats of the mesh's own: Envoy's command operators (`%REQ(:PATH)%`), in a line of text or in JSON.
import { fields } from '../../mesh/read.ts';
import type { ProxyRecord } from '../contract.ts';
import { type ReadValue, readOperator } from './log-operators.ts';

export type FormatRecord = (record: ProxyRecord) => string;

/** A format longer than this is no format: what is compiled stays in memory. */
const LONGEST = 64 * 1024;

/** Undefined: not usable, and the proxies stay with Istio's own. */
export function compileTextFormat(format: string): FormatRecord | undefined {
  if (format.length > LONGEST) return undefined;
  const pieces = parse(format.replace(/\n$/, ''));
  return (record) => pieces.map((piece) => textOf(piece, record)).join('');
}

/** `labels`: names and formats, nested at will. */
export function compileJsonFormat(labels: unknown): FormatRecord | undefined {
  if (Object.keys(fields(labels)).length === 0 || JSON.stringify(labels).length > LONGEST) return undefined;
  const value = compileValue(labels);
  return (record) => JSON.stringify(value(record));
}

type Piece = string | ReadValue;

const OPERATOR = /%([A-Z_0-9]+)(?:\(((?:[^()]|\([^()]*\))*)\))?(?::(\d{1,6}))?%|%%/g;

function parse(format: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of format.matchAll(OPERATOR)) {
    if (match.index > at) pieces.push(format.slice(at, match.index));
    const [whole, name, argument = '', length] = match;
    pieces.push(
      name === undefined ? '%' : readOperator(name, argument, length === undefined ? undefined : Number(length)),
    );
    at = match.index + whole.length;
  }
  if (at < format.length) pieces.push(format.slice(at));
  return pieces;
}

function textOf(piece: Piece, record: ProxyRecord): string {
  if (typeof piece === 'string') return piece;
  const value = piece(record);
  return value === undefined || value === '' ? '-' : String(value);
}

/** One operator alone keeps its type, and is null when there is nothing; beside other text it is text. */
function compileValue(format: unknown): (record: ProxyRecord) => unknown {
  if (typeof format === 'string') {
    const pieces = parse(format);
    const [only] = pieces;
    if (pieces.length === 1 && typeof only === 'function') return (record) => only(record) ?? null;
    return (record) => pieces.map((piece) => textOf(piece, record)).join('');
  }
  if (Array.isArray(format)) {
    const values = format.map(compileValue);
    return (record) => values.map((value) => value(record));
  }
  if (typeof format !== 'object' || format === null) return () => format;
  const members = Object.entries(format)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, compileValue(value)] as const);
  return (record) => Object.fromEntries(members.map(([name, value]) => [name, value(record)]));
}
