// Numbers as the language of the page writes them.
import { locale } from './l10n.ts';

const whole = new Intl.NumberFormat(locale(), { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 });
const significant = new Intl.NumberFormat(locale(), { maximumSignificantDigits: 2, maximumFractionDigits: 20 });

export function count(value: number): string {
  return whole.format(value);
}

export function share(part: number, total: number): string {
  return percent.format(total === 0 ? 0 : part / total);
}

export function small(value: number): string {
  return significant.format(value);
}

/** 8 ms, 310 ms, 2,4 s. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${count(milliseconds)} ms` : `${significant.format(milliseconds / 1000)} s`;
}
