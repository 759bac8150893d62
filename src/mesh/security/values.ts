// How the strings of a policy are compared: whole, by stars, by address block or by path template.
import { inBlock, readBlock } from './address-blocks.ts';

export type ValueTest = (actual: string) => boolean;

/** `x`, `x*`, `*x`, or `*` for anything that is there. A star at both ends: the last one is a letter like any other. */
export function wildcard(value: string): ValueTest {
  if (value === '*') return (actual) => actual !== '';
  if (value.startsWith('*')) {
    const end = value.slice(1);
    return (actual) => actual.endsWith(end);
  }
  if (value.endsWith('*')) {
    const start = value.slice(0, -1);
    return (actual) => actual.startsWith(start);
  }
  return (actual) => actual === value;
}

/** As `wildcard`; `*` is content with a header that is there and empty. */
export function headerValue(value: string): ValueTest {
  return value === '*' ? () => true : wildcard(value);
}

/** Any number of stars, each for any text. Looks at each letter once for each piece between stars. */
export function stars(value: string): ValueTest {
  const pieces = value.split('*');
  const [first = ''] = pieces;
  if (pieces.length === 1) return (actual) => actual === first;
  const last = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1);
  return (actual) => {
    if (!actual.startsWith(first)) return false;
    let at = first.length;
    for (const piece of middle) {
      const found = actual.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return actual.length - last.length >= at && actual.endsWith(last);
  };
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

/** With `{*}` for one segment and `{**}` for any text, slashes too, or as `wildcard`. */
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
      if (segment === '{**}') for (let i = at + 1; i <= actual.length; i++) next.add(i);
      else if (at < actual.length && (segment === '{*}' ? actual[at] !== '' : actual[at] === segment)) next.add(at + 1);
    }
    ends = next;
  }
  return ends.has(actual.length);
}
