// Durations as Go writes them.
import { text } from './findings.ts';

const unitNanoseconds: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** Nanoseconds of `1h30m`, `.5s`, `-3ms`, `0`; undefined for what Go refuses. */
export function goDuration(written: string): bigint | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(written) ?? [];
  if (body === '0') return 0n;
  if (body.length > 200 || !/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/.test(body)) return undefined;
  let total = 0;
  for (const [, amount, unit = ''] of body.matchAll(/([\d.]+)([^\d.]+)/g))
    total += Number(amount) * (unitNanoseconds[unit] ?? 0);
  if (total > 2 ** 63) return undefined;
  return BigInt(Math.trunc(total)) * (sign === '-' ? -1n : 1n);
}

/** What Istio has against a duration; nothing against one that is absent or that the schema refuses anyway. */
export function durationProblem(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const nanoseconds = goDuration(text(value));
  if (nanoseconds === undefined) return undefined;
  if (nanoseconds < 1_000_000n) return 'duration must be greater than 1ms';
  return nanoseconds % 1_000_000n === 0n ? undefined : 'only durations to ms precision are supported';
}
