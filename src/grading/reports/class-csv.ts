// The marks of a class as a table for a spreadsheet: a row for each student, a column for each lab.
import type { ClassResult, StudentResult } from '../class/class-result.ts';
import { csvRow, type Separator } from './csv-cell.ts';

/** UTF-8 with its mark, without which Excel reads accents wrongly. */
export function classCsv({ rubric, students }: ClassResult, separator: Separator, decimal: '.' | ','): string {
  const number = (value: number): string => value.toFixed(rubric.decimals).replace('.', decimal);
  const labs = [...new Set(students.flatMap((s) => s.lines.flatMap((l) => l.lab ?? [])))];
  const titles = ['codigo', 'nombre', 'estado', 'nota', ...labs, 'dias de retraso', 'entregada', 'fichero', 'avisos'];
  const rows = students.map((student) => [
    student.code,
    student.name,
    student.state,
    student.mark === undefined ? '' : number(student.mark),
    ...labs.map((lab) => number(pointsIn(student, lab))),
    String(student.daysLate),
    student.handedIn ?? '',
    student.submission ?? '',
    noticesOf(student).join(' '),
  ]);
  return `\uFEFF${[titles, ...rows].map((row) => csvRow(row, separator)).join('')}`;
}

function pointsIn({ lines }: StudentResult, lab: string): number {
  return lines.filter((l) => l.lab === lab).reduce((sum, l) => sum + l.points, 0);
}

/** Codes of what the teacher should look at, each once. */
function noticesOf({ submissions, stranger }: StudentResult): string[] {
  const codes = submissions.flatMap((s) => s.problems.filter((p) => p.severity !== 'nota').map((p) => p.code));
  return [...new Set([...(stranger ? ['fuera-de-lista'] : []), ...codes])];
}
