import { csvRow } from '../../grading/reports/csv-cell.ts';

/** A line that spreadsheets in Spain read, and that none takes for a formula. */
export function csvLine(fields: readonly string[]): string {
  return csvRow(fields, ';');
}
