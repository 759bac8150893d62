import type { Clock } from '../contract.ts';

/** Now, as Kubernetes writes times in objects: UTC, whole seconds. */
export function timestamp(clock: Clock): string {
  return formatTime(clock.now());
}

export function formatTime(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1_000);
  if (second !== last.second) last = { second, text: `${new Date(milliseconds).toISOString().slice(0, 19)}Z` };
  return last.text;
}

/** Most times that are written are of the same second. */
let last = { second: Number.NaN, text: '' };

/** Milliseconds of a time in an object; 0 when it has none. */
export function parseTime(text: string | null | undefined): number {
  return text ? Date.parse(text) || 0 : 0;
}
