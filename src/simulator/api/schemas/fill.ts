// How defaults are put into an object: in place, and only where nothing is.
import { copyOf } from '../../copy.ts';
import { isMap } from '../patch-merge.ts';

type Map = Record<string, unknown>;

export function fill(target: Map, values: Map): void {
  for (const [key, value] of Object.entries(values)) if (target[key] === undefined) target[key] = copyOf(value);
}

/** The map at `key`, made when there is none. */
export function child(target: Map, key: string): Map {
  const existing = target[key];
  if (isMap(existing)) return existing;
  const made: Map = {};
  target[key] = made;
  return made;
}

export function maps(list: unknown): Map[] {
  return Array.isArray(list) ? list.filter(isMap) : [];
}
