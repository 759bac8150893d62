// Quantities as the API server writes them back: without fractions, with the largest suffix that leaves a whole number.

export const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** `0.5` → `500m`, `1024Ki` → `1Mi`, 1 → `1`. What is no quantity comes back as it is. */
export function canonicalQuantity(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]?)|([KMGTPE]i)|[eE]([+-]?\d{1,3}))$/.exec(String(value));
  if (!parts) return value;
  const [, sign = '', whole = '', fraction = '', suffix = '', power, exponent] = parts;
  if (whole === '' && fraction === '') return value;
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return '0';
  const minus = sign === '-' ? '-' : '';
  const scale = 10n ** BigInt(fraction.length);
  if (power !== undefined) return `${minus}${ofBinary(digits * 1024n ** BigInt(binary.indexOf(power) + 1), scale)}`;
  const scientific = exponent !== undefined;
  const tens = (scientific ? Number(exponent) : (decimal[suffix] ?? 0)) - fraction.length;
  return `${minus}${ofDecimal(digits, tens, scientific)}`;
}

/** In place: the values of a map or of fields whose schema is a quantity. */
export function canonical(map: Record<string, unknown>, key: string): void {
  const value = map[key];
  if (value !== undefined && value !== null) map[key] = canonicalQuantity(value);
}

function ofBinary(value: bigint, scale: bigint): string {
  // A fraction of a byte, or less than a kilobyte, is written in tens.
  if (value % scale !== 0n) return ofDecimal((value * 10n ** 9n + scale - 1n) / scale, -9, false);
  let rest = value / scale;
  if (rest < 1024n) return ofDecimal(rest, 0, false);
  let step = 0;
  for (; rest % 1024n === 0n && step < binary.length; step++) rest /= 1024n;
  return `${rest}${step === 0 ? '' : binary[step - 1]}`;
}

function ofDecimal(value: bigint, power: number, scientific: boolean): string {
  let [digits, tens] = [value, power];
  // Nothing is smaller than a billionth: what is, is one.
  for (; tens < -9; tens++) digits = (digits + 9n) / 10n;
  for (; digits % 10n === 0n; tens++) digits /= 10n;
  for (; tens % 3 !== 0 || tens > 18; tens--) digits *= 10n;
  if (tens === 0) return String(digits);
  if (scientific) return `${digits}e${tens}`;
  return `${digits}${Object.keys(decimal).find((name) => decimal[name] === tens) ?? ''}`;
}
