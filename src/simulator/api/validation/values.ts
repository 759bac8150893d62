// Small readings and rules that several kinds share.
import { isMap } from '../patch-merge.ts';
import type { Problems } from './problems.ts';

type Map = Record<string, unknown>;

/** The largest of Go's int32. */
export const most = 2 ** 31 - 1;

export const list = (value: unknown): Map[] => (Array.isArray(value) ? value.filter(isMap) : []);

export function oneOf(value: unknown, supported: string[], problems: Problems): void {
  if (value !== undefined && value !== null && !supported.includes(String(value)))
    problems.notSupported(value, supported);
}

export function checkUser(context: Map, problems: Problems): void {
  for (const field of ['runAsUser', 'runAsGroup', 'fsGroup']) {
    const value = context[field];
    if (typeof value === 'number' && (value < 0 || value > most))
      problems.at(field).invalid(value, `must be between 0 and ${most}, inclusive`);
  }
}

/** Whether the two differ in any field but those. */
export function changed(after: Map, before: Map, except: string[]): boolean {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].some(
    (name) => !except.includes(name) && JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
}
