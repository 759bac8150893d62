// Marks as Moodle's gradebook imports them (Grade import, CSV file): a row for each person, whom it finds by user, mail or
// ID number; a mark; a comment. Facts of that import: a person that the course does not have stops it whole, so strangers
// are left out; an empty mark deletes the one there is, so who has none is left out too; a new item of the gradebook takes
// a decimal point only, and one that exists takes also the comma of the site's language.
import type { ClassResult, StudentResult } from '../class/class-result.ts';
import { csvRow, type Separator } from './csv-cell.ts';

export interface MoodleOptions {
  separator: Separator;
  /** `,` only for a Moodle in Spanish and an item that exists. */
  decimal: '.' | ',';
}

export interface MoodleFile {
  /** UTF-8 without its mark, which Moodle's import would take for a part of the first title. */
  text: string;
  /** Codes of who is not in it, with the reason in Spanish. */
  leftOut: { code: string; why: string }[];
}

export function moodleCsv({ rubric, students }: ClassResult, { separator, decimal }: MoodleOptions): MoodleFile {
  const leftOut: MoodleFile['leftOut'] = [];
  const rows = students.flatMap((student) => {
    const why = whyNot(student);
    if (why !== undefined) {
      leftOut.push({ code: student.code, why });
      return [];
    }
    const mark = (student.mark ?? 0).toFixed(rubric.decimals).replace('.', decimal);
    return [[student.code, student.user, student.mail, student.name, mark, commentOf(student)]];
  });
  const titles = ['Número de ID', 'Nombre de usuario', 'Dirección de correo', 'Nombre', rubric.title, 'Comentarios'];
  return { text: [titles, ...rows].map((row) => csvRow(row, separator)).join(''), leftOut };
}

function whyNot({ stranger, mark, state }: StudentResult): string | undefined {
  if (stranger) return 'no está en la lista de la clase';
  if (mark === undefined) return state === 'pendiente' ? 'aún no ha entregado, y hay tiempo' : 'no tiene nota';
  return undefined;
}

/** One line: Moodle may show it as HTML, so nothing in it opens a tag. */
function commentOf({ checks, state, daysLate }: StudentResult): string {
  if (state === 'no entregada') return 'No entregada.';
  const wrong = checks.filter((c) => c.visible !== 'nada' && (c.state === 'incorrecto' || c.state === 'falta'));
  const right = checks.filter((c) => c.state === 'correcto').length;
  const late = daysLate > 0 ? [`Entregada con ${daysLate === 1 ? 'un día' : `${daysLate} días`} de retraso.`] : [];
  const named = wrong
    .slice(0, 8)
    .map((c) => `${c.lab}, ${c.title}${c.visible === 'nombre' || !c.cause ? '' : ` (${c.cause.code})`}`);
  const more = wrong.length > 8 ? [`y ${wrong.length - 8} más`] : [];
  const list = wrong.length > 0 ? [`Por revisar: ${[...named, ...more].join('; ')}.`] : [];
  return [`${right} de ${checks.length} comprobaciones bien.`, ...late, ...list].join(' ').replace(/[<>]/g, '');
}
