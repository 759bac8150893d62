// Go's duration texts, as they stand in Istio's objects, in milliseconds.
const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 };

/** Undefined for anything that is no duration. */
export function durationOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(\d+(\.\d*)?(h|ms|m|s|us|\u00b5s|ns))+$/.test(value)) return undefined;
  let total = 0;
  for (const [, amount, unit = ''] of value.matchAll(/(\d+(?:\.\d*)?)(h|ms|m|s|us|\u00b5s|ns)/g)) {
    total += Number(amount) * (UNITS[unit] ?? 0);
  }
  return total;
}
