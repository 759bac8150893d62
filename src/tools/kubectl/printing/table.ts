// The server's Table answers as text.
import type { KubeObject } from '../../../mesh/objects.ts';
import { columnWidths, line } from './tabs.ts';

export interface Table {
  kind: 'Table';
  metadata?: { resourceVersion?: string };
  columnDefinitions?: { name: string; priority?: number }[];
  rows?: TableRow[];
}

export interface TableRow {
  cells: unknown[];
  object?: Partial<KubeObject>;
}

export interface TableStyle {
  wide: boolean;
  headers: boolean;
  withNamespace: boolean;
  /** `deployment.apps/`, before each name. */
  prefix: string;
  showLabels: boolean;
  labelColumns: string[];
}

/** Prints rows as they come: widths grow, headers are printed once. */
export function tablePrinter(style: TableStyle, out: (text: string) => void): (table: Table) => void {
  let widths: number[] = [];
  let headed = false;
  return (table) => {
    const shown = (table.columnDefinitions ?? []).map((c) => style.wide || (c.priority ?? 0) === 0);
    const rows = (table.rows ?? []).map((row) => cellsOf(row, shown, style));
    if (!headed && style.headers && table.columnDefinitions) rows.unshift(headerOf(table, shown, style));
    headed = true;
    const needed = columnWidths(rows);
    widths = needed.map((w, at) => Math.max(w, widths[at] ?? 0));
    for (const row of rows) out(`${line(row, widths)}\n`);
  };
}

function headerOf(table: Table, shown: boolean[], style: TableStyle): string[] {
  const names = (table.columnDefinitions ?? []).filter((_, at) => shown[at]).map((c) => c.name.toUpperCase());
  return [
    ...(style.withNamespace ? ['NAMESPACE'] : []),
    ...names,
    ...style.labelColumns.map((label) => (label.split('/').at(-1) ?? label).toUpperCase()),
    ...(style.showLabels ? ['LABELS'] : []),
  ];
}

function cellsOf({ cells, object }: TableRow, shown: boolean[], style: TableStyle): string[] {
  const texts = cells.filter((_, at) => shown[at]).map(cellText);
  const [name = '', ...rest] = texts;
  const labels = object?.metadata?.labels ?? {};
  return [
    ...(style.withNamespace ? [object?.metadata?.namespace ?? ''] : []),
    `${style.prefix}${name}`,
    ...rest,
    ...style.labelColumns.map((label) => labels[label] ?? ''),
    ...(style.showLabels ? [labelText(labels)] : []),
  ];
}

export function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '<none>';
  if (typeof cell === 'string') return oneLine(cell);
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

const labelText = (labels: Record<string, string>) => {
  const pairs = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${k}=${v}`);
  return pairs.length > 0 ? pairs.join(',') : '<none>';
};

/** A cell is one line: what follows a line break is told by an ellipsis. */
function oneLine(text: string): string {
  const at = text.search(/[\f\n\r]/);
  return at < 0 ? text : `${text.slice(0, at)}...`;
}
