// A printer column, as `kubectl get` shows it: the server makes the cells.
import type { KubeObject } from '../../../mesh/objects.ts';

export interface Column {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format: string;
  /** 0 always shown, 1 only with -o wide. */
  priority: 0 | 1;
  /** `now` in milliseconds. */
  of(object: KubeObject, now: number): string | number | boolean | null;
}

export type Cell = ReturnType<Column['of']>;
type Of = (object: Parts, now: number) => Cell;

/** Untrusted nested data, read with `?.`: every field may be missing. */

type Loose = ReturnType<typeof JSON.parse>;
interface Parts {
  meta: KubeObject['metadata'];
  spec: Loose;
  status: Loose;
  whole: Loose;
}

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  priority: 0,
  of: (o) => o.metadata.name,
};
export const ageColumn: Column = column('Age', ({ meta }, now) => age(meta.creationTimestamp, now));

export function column(name: string, of: Of, type: Column['type'] = 'string', priority: 0 | 1 = 0): Column {
  return {
    name,
    type,
    format: '',
    priority,
    of: (o, now) => of({ meta: o.metadata, spec: o.spec ?? {}, status: o.status ?? {}, whole: o }, now),
  };
}

export function wide(name: string, of: Of): Column {
  return column(name, of, 'string', 1);
}

export function integer(name: string, of: Of): Column {
  return column(name, of, 'integer');
}

/** `3m29s`, `47h`, `5d2h`: two units while they say something, as kubectl counts. */
export function age(timestamp: string | undefined, now: number): string {
  if (!timestamp) return '<unknown>';
  return duration((now - Date.parse(timestamp)) / 1000);
}

export function duration(seconds: number): string {
  const s = Math.floor(seconds);
  if (s < -1) return '<invalid>';
  if (s < 0) return '0s';
  if (s < 120) return `${s}s`;
  const m = Math.floor(s / 60);
  if (m < 10) return s % 60 === 0 ? `${m}m` : `${m}m${s % 60}s`;
  if (m < 180) return `${m}m`;
  const h = Math.floor(m / 60);
  if (h < 8) return m % 60 === 0 ? `${h}h` : `${h}h${m % 60}m`;
  if (h < 48) return `${h}h`;
  const d = Math.floor(h / 24);
  if (h < 192) return h % 24 === 0 ? `${d}d` : `${d}d${h % 24}h`;
  if (d < 365 * 2) return `${d}d`;
  const y = Math.floor(d / 365);
  return d < 365 * 8 && d % 365 !== 0 ? `${y}y${d % 365}d` : `${y}y`;
}

/** `app=web,tier in (a,b)`. */
export function selectorText(selector: Loose): string {
  if (!selector) return '<none>';
  const labels = Object.entries(selector.matchLabels ?? (selector.matchExpressions ? {} : selector)).map(
    ([k, v]) => `${k}=${v}`,
  );
  const expressions = (selector.matchExpressions ?? []).map((e: Loose) => {
    if (e.operator === 'Exists') return e.key;
    if (e.operator === 'DoesNotExist') return `!${e.key}`;
    return `${e.key} ${e.operator === 'In' ? 'in' : 'notin'} (${(e.values ?? []).join(',')})`;
  });
  return [...labels.sort(), ...expressions].join(',') || '<none>';
}
