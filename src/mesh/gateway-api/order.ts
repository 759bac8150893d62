// Which of several rules for a host comes first: the Gateway API orders them by how specific they are, not by where they
// are written.
import { fields, items, present, text } from '../read.ts';
import type { Fields } from './api.ts';

/** Stable: rules that are equally specific stay as they were. Every rule has one match at most. */
export function bySpecificity(one: { spec: Fields }, other: { spec: Fields }): number {
  const [a, b] = [rankOf(one.spec), rankOf(other.spec)];
  for (const [index, rank] of a.entries()) {
    const difference = (b[index] ?? 0) - rank;
    if (difference !== 0) return difference;
  }
  return 0;
}

const KINDS = ['regex', 'prefix', 'exact'];

function rankOf(rule: Fields): number[] {
  const [match] = items(rule.match);
  if (!present(match)) return [0];
  const { uri, method, headers, queryParams } = fields(match);
  const kind = KINDS.findIndex((name) => present(fields(uri)[name]));
  const length = kind < 0 ? 0 : (text(fields(uri)[KINDS[kind] ?? '']) ?? '').length;
  return [
    1,
    kind,
    length,
    present(method) ? 1 : 0,
    Object.keys(fields(headers)).length,
    Object.keys(fields(queryParams)).length,
  ];
}
