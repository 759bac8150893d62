// A partial match, with the places where it fails: maps are subsets, lists go item by item and have the same length.
import type { Difference } from '../diagnosis/symptom.ts';

export function compare(expected: unknown, found: unknown, path = ''): Difference[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return [{ path, expected, found }];
    return expected.flatMap((item, i) => compare(item, found[i], `${path}[${i}]`));
  }
  if (isMap(expected)) {
    if (!isMap(found)) return [{ path, expected, found }];
    return Object.entries(expected).flatMap(([key, value]) =>
      compare(value, Object.hasOwn(found, key) ? found[key] : undefined, joinPath(path, key)),
    );
  }
  return Object.is(expected, found) || (expected === null && found === undefined) ? [] : [{ path, expected, found }];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function joinPath(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}["${key}"]`;
  return path ? `${path}.${key}` : key;
}
