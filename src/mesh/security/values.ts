// How the strings of a policy are compared: whole, by a star at one end, by address block or by path template.
import { inBlock, readBlock } from './address-blocks.ts';

export type ValueTest = (actual: string) => boolean;

/** `x`, `x*`, `*x`, or `*` for anything that is there. */
export function wildcard(value: string): ValueTest {
  if (value === '*') return (actual) => actual !== '';
  if (value.endsWith('*')) {
    const start = value.slice(0, -1);
    return (actual) => actual.startsWith(start);
  }
  if (value.startsWith('*')) {
    const end = value.slice(1);
    return (actual) => actual.endsWith(end);
  }
  return (actual) => actual === value;
}

export function caseless(value: string): ValueTest {
  const test = wildcard(value.toLowerCase());
  return (actual) => test(actual.toLowerCase());
}

/** A block that is none matches nothing. */
export function block(value: string): ValueTest {
  const range = readBlock(value);
  return (actual) => range !== undefined && inBlock(actual, range);
}

/** With `{*}` for one segment and `{**}` for the rest, or as `wildcard`. */
export function path(value: string): ValueTest {
  if (!/\{\*{1,2}\}/.test(value)) return wildcard(value);
  const wanted = value.split('/');
  return (actual) => segmentsFit(wanted, actual.split('/'));
}

/** Work grows with the product of both lengths, however the stars stand. */
function segmentsFit(wanted: readonly string[], actual: readonly string[]): boolean {
  let ends = new Set([0]);
  for (const segment of wanted) {
    const next = new Set<number>();
    for (const at of ends) {
      if (segment === '{**}') for (let i = at; i <= actual.length; i++) next.add(i);
      else if (at < actual.length && (segment === '{*}' ? actual[at] !== '' : actual[at] === segment)) next.add(at + 1);
    }
    ends = next;
  }
  return ends.has(actual.length);
}
