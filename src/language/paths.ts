// Paths such as `spec.http[0].route[1].weight`, as parts and as patterns (`spec.http[].route[].weight`).
import type { PathPart } from '../yaml/path-lines.ts';

export { type PathPart, parsePath } from '../yaml/path-lines.ts';

export function printPath(parts: readonly PathPart[]): string {
  return parts.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (/[.[\]]/.test(part)) return `${text}["${part}"]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** Without the numbers of lists, so that a table can name it. */
export function patternOf(parts: readonly PathPart[]): string {
  return parts.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
