// A manifest of a solution, and changes to a copy of it.

export type JsonValue = string | number | boolean | null | undefined | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

export interface Manifest {
  kind: string;
  name: string;
  value: JsonObject;
}

export type Path = readonly (string | number)[];

/** The values at a path in which `*` stands for every element of a list or field of an object, each with its own path. */
export function find(value: JsonValue, pattern: Path, path: Path = []): { path: Path; value: JsonValue }[] {
  const [next, ...rest] = pattern;
  if (next === undefined) return value === undefined ? [] : [{ path, value }];
  if (typeof value !== 'object' || value === null) return [];
  const keys = next === '*' ? (Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value)) : [next];
  return keys.flatMap((key) => find(childOf(value, key), rest, [...path, key]));
}

/** A copy with another value at the path; undefined takes the field, or the element of a list, away. */
export function withValue(value: JsonObject, path: Path, replacement: JsonValue): JsonObject {
  const copy = structuredClone(value);
  const parent = find(copy, path.slice(0, -1))[0]?.value;
  const key = path.at(-1);
  if (typeof parent !== 'object' || parent === null || key === undefined) return copy;
  if (Array.isArray(parent)) {
    if (replacement === undefined) parent.splice(Number(key), 1);
    else parent[Number(key)] = replacement;
  } else if (replacement === undefined) delete parent[key];
  else parent[key] = replacement;
  return copy;
}

/** As fingers do it: two letters the other way round, or one twice. */
export function typo(text: string): string {
  const [first, ...labels] = text.split('.');
  const word = first ?? '';
  const swapped = word.length > 3 ? word.slice(0, -2) + word.at(-1) + word.at(-2) : word;
  return [swapped === word ? `${word}${word.at(-1) ?? 'x'}` : swapped, ...labels].join('.');
}

export function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

function childOf(value: JsonValue[] | JsonObject, key: string | number): JsonValue {
  return Array.isArray(value) ? value[Number(key)] : value[key];
}
