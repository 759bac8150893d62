// Times and durations as the HTTP API takes them.
import { parseDuration } from '../../../promql/text.ts';

/** Seconds since the epoch, with fractions, or RFC 3339. In milliseconds; undefined: neither. */
export function parseTime(text: string): number | undefined {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) {
    const milliseconds = Math.round(seconds * 1000);
    return Math.abs(milliseconds) <= MOST ? milliseconds : undefined;
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** What a Date can hold. */
const MOST = 8.64e15;

/** Seconds or `1m30s`. In milliseconds. */
export function parseDurationParameter(text: string): number | undefined {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) return Math.round(seconds * 1000);
  return parseDuration(text);
}
