// A chart of a dashboard as PromQL.
import type { Chart } from './dashboard.ts';

export interface ChartQueries {
  id: string;
  title: string;
  unit: Chart['unit'];
  /** Title of a series, or the label that gives it when a query has several. */
  queries: { title: string; byLabel?: string; query: string }[];
}

/** The range that rates are taken over. */
export const OVER = '[1m]';

/** A PromQL string: names come from a form. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
