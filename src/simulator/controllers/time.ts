import type { Clock } from '../contract.ts';

/** Now, as Kubernetes writes times in objects: UTC, whole seconds. */
export function timestamp(clock: Clock): string {
  return formatTime(clock.now());
}

export function formatTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds of a time in an object; 0 when it has none. */
export function parseTime(text: string | null | undefined): number {
  return text ? Date.parse(text) || 0 : 0;
}
