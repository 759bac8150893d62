// What came out of each hand-in as a table, without any rubric: a row for each lab, and one for a hand-in that has none.
import { acrossClass } from '../replay/across-class.ts';
import type { Graded, GradedLab } from '../replay/graded.ts';
import { csvRow } from './csv-cell.ts';

const columns = [
  'entrega',
  'alumno',
  'sello',
  'resultado',
  'entregada',
  'laboratorio',
  'bien',
  'comprobaciones',
  'avisos',
];

/** By name of the hand-in, whatever the order in which they were graded. */
export function handInsCsv(graded: readonly Graded[]): string {
  const rows = acrossClass(graded).flatMap((own) => {
    const notices = [...new Set(own.problems.filter((p) => p.severity !== 'nota').map((p) => p.code))].toSorted();
    const about = [own.submission, own.student ?? '', own.seal, own.outcome, own.at ?? ''];
    const labs = own.labs.filter((lab) => !lab.chapter);
    if (labs.length === 0) return [[...about, '', '', '', notices.join(' ')]];
    return labs.map((lab) => [...about, lab.lab, ...pointsOf(lab), notices.join(' ')]);
  });
  return [columns, ...rows].map((row) => csvRow(row, ',')).join('');
}

/** Right ones, and all. What could not be verified counts in neither. */
function pointsOf({ steps }: GradedLab): [string, string] {
  const states = steps.flatMap((s) => s.checks.map((c) => c.replayed?.state));
  const right = states.filter((s) => s === 'correcto').length;
  return [String(right), String(states.filter((s) => s !== 'no verificable').length)];
}
