// Which students a table shows, and in which order.
import type { ClassViewData } from './protocol.ts';

type Row = ClassViewData['students'][number];

export interface Order {
  by: 'code' | 'name' | 'mark' | 'wrong';
  down: boolean;
}

export interface Choice {
  /** Part of the code or the name, accents and capitals apart. */
  text: string;
  /** A state, `aviso` or `ajustada`; '' for any. */
  state: string;
  check: string;
  cause: string;
  order: Order;
}

/** Rows that are equal in the order stay as they came. */
export function chosenRows(rows: readonly Row[], { text, state, check, cause, order }: Choice): Row[] {
  const wanted = plain(text);
  const kept = rows.filter(
    (row) =>
      (wanted === '' || plain(`${row.code} ${row.name}`).includes(wanted)) &&
      (state === '' ||
        row.state === state ||
        (state === 'aviso' && row.notices.length > 0) ||
        (state === 'ajustada' && row.adjusted)) &&
      (check === '' || row.wrong.includes(check)) &&
      (cause === '' || row.causes.includes(cause)),
  );
  const sign = order.down ? -1 : 1;
  return kept.toSorted((a, b) => sign * compare(a, b, order.by));
}

function compare(a: Row, b: Row, by: Order['by']): number {
  // Who has no mark comes before who has 0.
  if (by === 'mark') return (a.mark ?? -1) - (b.mark ?? -1);
  if (by === 'wrong') return a.wrong.length - b.wrong.length;
  return a[by].localeCompare(b[by], 'es', { numeric: true });
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
