// The marks of a class in a terminal.
import type { ClassResult, StudentResult } from '../../grading/class/class-result.ts';
import { safeText } from '../../grading/handin/safe-text.ts';
import type { Moves } from '../../grading/record/moves.ts';
import type { Paint } from '../style.ts';

export function describeClass(
  { students, unassigned, misconceptions, likenesses, rubric }: ClassResult,
  paint: Paint,
): string {
  const width = Math.max(6, ...students.map((s) => [...s.code].length));
  const lines = students.map((s) => {
    const mark = s.mark === undefined ? '—' : number(s.mark);
    const colour = s.mark === undefined ? 'yellow' : s.mark >= rubric.outOf / 2 ? 'green' : 'red';
    return `  ${safeText(s.code, 70).padEnd(width)}  ${paint(colour, mark.padStart(6))}  ${paint('dim', notesOf(s))}`;
  });
  const marks = students.flatMap((s) => (s.mark === undefined ? [] : [s.mark]));
  const mean = marks.length === 0 ? '—' : number(marks.reduce((a, b) => a + b, 0) / marks.length);
  const [first] = misconceptions;
  return `${[
    paint('bold', rubric.title),
    ...lines,
    `${students.length} alumnos, ${marks.length} con nota; media ${mean} sobre ${number(rubric.outOf)}.`,
    ...(first ? [`Lo que más ha costado: ${first.title.toLowerCase()} (${first.code}), a ${first.students}.`] : []),
    ...unassigned.map((u) =>
      paint('yellow', `Sin dueño: ${safeText(u.submission)}: ${u.problems[0]?.message ?? 'no se puede leer'}`),
    ),
    ...(likenesses.length > 0
      ? [`Hay ${likenesses.length} cosas en común entre entregas: están en clase.html, para que las mires.`]
      : []),
  ].join('\n')}\n`;
}

function notesOf({ state, daysLate, stranger, submissions, lines, name }: StudentResult): string {
  const notices = new Set(
    submissions.flatMap((s) => s.problems.filter((p) => p.severity !== 'nota').map((p) => p.code)),
  );
  return [
    ...(name === '' ? [] : [safeText(name, 60)]),
    ...(state === 'calificada' ? [] : [state]),
    ...(stranger ? ['no está en la lista'] : []),
    ...(daysLate > 0 ? [`${daysLate} d tarde`] : []),
    ...(lines.some((l) => l.kind === 'ajuste') ? ['ajustada'] : []),
    ...notices,
  ].join(' · ');
}

/** `done`: the reports are of the new marks already. */
export function describeMoves({ moves, same, changed }: Moves, done: boolean): string {
  if (moves.length === 0) return changed.length === 0 ? '' : `${changed.join(' ')} Ninguna nota cambia.\n`;
  const lines = moves.map((m) => {
    const checks = m.checks.slice(0, 3).map((c) => `${c.check}: ${c.before} → ${c.after}`);
    return `  ${safeText(m.student, 70)}: ${told(m.before)} → ${told(m.after)}${checks.length > 0 ? ` (${checks.join('; ')}${m.checks.length > 3 ? '…' : ''})` : ''}`;
  });
  const heading = `${done ? 'Cambia' : 'Cambiaría'} la nota, o algo de ella, a ${moves.length}; a ${same}, no.`;
  return `${[...changed, heading, ...lines].join('\n')}\n`;
}

function told(mark: number | undefined): string {
  return mark === undefined ? 'sin nota' : number(mark);
}

function number(value: number): string {
  return value.toLocaleString('es-ES', { maximumFractionDigits: 2 });
}
