// Do two observations of the same behaviour agree?
import type { Observation } from '../behaviour.ts';
import { sameShares } from './shares.ts';

/** How they differ, one line each; empty when they agree. */
export function differences(real: Observation, other: Observation): string[] {
  if (real.kind !== other.kind) return [`kind: ${real.kind} / ${other.kind}`];
  if (real.kind === 'shares' && other.kind === 'shares') {
    return sameShares(real.counts, other.counts) ? [] : [say('shares', real.counts, other.counts)];
  }
  if (real.kind === 'text' && other.kind === 'text') {
    return [...unequal('exit', real.exit, other.exit), ...unequalLines('text', real.text, other.text)];
  }
  if (real.kind !== 'request' || other.kind !== 'request') return [];
  return [
    ...unequal('exit', real.exit, other.exit),
    ...unequal('status', real.status, other.status),
    ...unequalMaps('header', real.headers, other.headers),
    ...unequalLines('body', real.body, other.body),
    ...(closeEnough(real.ms, other.ms) ? [] : [say('ms', real.ms, other.ms)]),
    ...unequalMaps('log', real.logs, other.logs),
  ];
}

function closeEnough(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Math.abs(a - b) <= Math.max(350, 0.1 * a);
}

function unequalMaps(what: string, a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.flatMap((name) => unequal(`${what} ${name}`, a[name], b[name]));
}

/** Only the lines that one has and the other has not: a body may be long. */
function unequalLines(what: string, a: string, b: string): string[] {
  if (a === b) return [];
  const [left, right] = [a.split('\n'), b.split('\n')];
  const only = (own: string[], others: string[]) => own.filter((line) => !others.includes(line)).join('\n');
  const [onlyLeft, onlyRight] = [only(left, right), only(right, left)];
  return [onlyLeft || onlyRight ? say(what, onlyLeft, onlyRight) : say(`${what} (order)`, a, b)];
}

function unequal(what: string, a: unknown, b: unknown): string[] {
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [say(what, a, b)];
}

function say(what: string, a: unknown, b: unknown): string {
  return `${what}: ${JSON.stringify(a)} / ${JSON.stringify(b)}`;
}
