// An exam in words.
import { type Exam, phaseOf } from '../../grading/exam/exam-state.ts';

export function describeExam({ sheet, student, begun }: Exam, now: number): string {
  const { phase, left } = phaseOf(sheet, now, Date.parse(begun));
  const without = [...(sheet.hints ? [] : ['pistas']), ...(sheet.solutions ? [] : ['soluciones'])];
  return `${[
    `${sheet.title}, para ${student}.`,
    phase === 'acabado'
      ? 'El tiempo se ha acabado: entrega ya lo que tengas.'
      : left === undefined
        ? 'Sin límite de tiempo.'
        : `Quedan ${describeTime(left)}.`,
    `Entran: ${sheet.labs.join(', ')}.${without.length > 0 ? ` Sin ${without.join(' ni ')}.` : ''}`,
    'Cada comprobación queda guardada según la haces. Al acabar: «malla examen entregar».',
    ...(left === undefined || phase === 'acabado'
      ? []
      : ['Deja «malla examen reloj» en otro terminal, o VS Code abierto: cuando se acabe el tiempo, se entrega sola.']),
    'Si trabajas en VS Code, recarga la ventana: tus laboratorios ya llevan tus datos.',
  ].join('\n')}\n`;
}

/** `1 h 5 min`; `40 s`. */
export function describeTime(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes === 0) return `${Math.ceil(milliseconds / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const days = Math.floor(minutes / 1440);
  return days > 0
    ? `${days} d ${Math.floor((minutes % 1440) / 60)} h`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
