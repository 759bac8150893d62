// Durations as Go writes them, in milliseconds.

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** `1m30s`, `0.5s`, `10ms`. Undefined for anything else. */
export function milliseconds(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (value === '0') return 0;
  if (!/^(?:\d+(?:\.\d*)?(?:ns|us|\u00b5s|ms|s|m|h))+$/.test(value)) return undefined;
  let total = 0;
  for (const [, figure, unit = ''] of value.matchAll(/([\d.]+)([a-z\u00b5]+)/g))
    total += Number(figure) * (UNITS[unit] ?? 0);
  return Number.isFinite(total) ? total : undefined;
}
