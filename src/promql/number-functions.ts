// Functions of one value at a time.

type NumberFunction = (value: number, ...parameters: number[]) => number;

export const numberFunctions: ReadonlyMap<string, NumberFunction> = new Map<string, NumberFunction>([
  ['abs', (v) => Math.abs(v)],
  ['ceil', (v) => Math.ceil(v)],
  ['floor', (v) => Math.floor(v)],
  ['exp', (v) => Math.exp(v)],
  ['ln', (v) => Math.log(v)],
  ['log2', (v) => Math.log2(v)],
  ['log10', (v) => Math.log10(v)],
  ['sqrt', (v) => Math.sqrt(v)],
  ['sgn', (v) => Math.sign(v)],
  ['sin', (v) => Math.sin(v)],
  ['cos', (v) => Math.cos(v)],
  ['tan', (v) => Math.tan(v)],
  ['asin', (v) => Math.asin(v)],
  ['acos', (v) => Math.acos(v)],
  ['atan', (v) => Math.atan(v)],
  ['sinh', (v) => Math.sinh(v)],
  ['cosh', (v) => Math.cosh(v)],
  ['tanh', (v) => Math.tanh(v)],
  ['asinh', (v) => Math.asinh(v)],
  ['acosh', (v) => Math.acosh(v)],
  ['atanh', (v) => Math.atanh(v)],
  ['deg', (v) => (v * 180) / Math.PI],
  ['rad', (v) => (v * Math.PI) / 180],
  ['clamp_min', (v, least = 0) => Math.max(least, v)],
  ['clamp_max', (v, most = 0) => Math.min(most, v)],
  ['round', roundTo],
]);

/** By the inverse, as Prometheus does: `round(v, 0.01)` would lose digits otherwise. */
function roundTo(value: number, nearest = 1): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** In UTC. */
export const calendarFunctions: ReadonlyMap<string, (date: Date) => number> = new Map<string, (date: Date) => number>([
  ['minute', (date) => date.getUTCMinutes()],
  ['hour', (date) => date.getUTCHours()],
  ['day_of_week', (date) => date.getUTCDay()],
  ['day_of_month', (date) => date.getUTCDate()],
  ['day_of_year', (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1],
  ['days_in_month', (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()],
  ['month', (date) => date.getUTCMonth() + 1],
  ['year', (date) => date.getUTCFullYear()],
]);
