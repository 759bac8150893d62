/** A deep copy of JSON values, several times as fast as structuredClone, which looks for much more. */
export function copyOf<T>(value: T): T {
  return copy(value) as T;
}

/** First whole, then what is in it: a copy made field by field is larger and takes longer. */
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  const made = { ...value } as Record<string, unknown>;
  for (const key in made) {
    const field = made[key];
    if (typeof field === 'object' && field !== null) made[key] = copy(field);
  }
  return made;
}
