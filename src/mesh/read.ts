// Reads fields of objects that nobody validated: whatever has the wrong shape reads as missing.

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({});
const NO_ITEMS: readonly unknown[] = Object.freeze([]);

export function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return NOTHING;
  return value as Record<string, unknown>;
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function texts(value: unknown): string[] {
  return items(value).filter((item) => typeof item === 'string');
}

export function integer(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

export function stringMap(value: unknown): Map<string, string> {
  const map = new Map<string, string>();
  for (const [key, item] of Object.entries(fields(value))) if (typeof item === 'string') map.set(key, item);
  return map;
}

export function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Whether `labels` has every pair of `wanted`; an empty `wanted` selects all. */
export function hasLabels(labels: unknown, wanted: ReadonlyMap<string, string>): boolean {
  const own = fields(labels);
  for (const [key, value] of wanted) if (!Object.hasOwn(own, key) || own[key] !== value) return false;
  return true;
}
