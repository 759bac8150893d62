// Figures as the language of the page writes them, short.
import { locale, t } from '../l10n.ts';

export function rate(value: number): string {
  return t('{0} pet/s', short(value));
}

export function bytes(value: number): string {
  if (value >= 1e6) return `${short(value / 1e6)} MB/s`;
  return value >= 1e3 ? `${short(value / 1e3)} kB/s` : `${short(value)} B/s`;
}

/** Of a share from 0 to 1. */
export function percent(share: number): string {
  return t('{0} %', short(share * 100));
}

export function milliseconds(value: number | undefined): string {
  if (value === undefined) return '–';
  return value >= 1000 ? `${short(value / 1000)} s` : `${short(value)} ms`;
}

export function short(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString(locale(), { maximumFractionDigits: digits });
}
