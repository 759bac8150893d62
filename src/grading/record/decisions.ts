// The decisions of a record that are in force, as grading takes them.
import type { Adjustment } from '../rubric/work.ts';
import type { RecordLine } from './record.ts';

/** Code → decisions, oldest first. One that was taken back is not there. */
export function decisionsIn(lines: readonly RecordLine[]): Map<string, Adjustment[]> {
  const takenBack = new Set(lines.flatMap(({ entry }) => (entry.kind === 'anulacion' ? [entry.number] : [])));
  const decisions = new Map<string, Adjustment[]>();
  for (const { number, entry } of lines) {
    if (takenBack.has(number) || (entry.kind !== 'puntos' && entry.kind !== 'comprobacion')) continue;
    const { student, reason, by } = entry;
    const decision: Adjustment =
      entry.kind === 'puntos'
        ? { kind: 'puntos', points: entry.points, reason, by }
        : { kind: 'comprobacion', lab: entry.lab, check: entry.check, right: entry.right, reason, by };
    decisions.set(student, [...(decisions.get(student) ?? []), decision]);
  }
  return decisions;
}
