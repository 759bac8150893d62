// What keeps an exam from being begun, done or handed in.
import { CodedError } from '../../cluster/coded-error.ts';

const texts = {
  'MALLA-EXA-01': { expected: 'la hoja que da quien examina, un fichero JSON', todo: 'Pídesela otra vez.' },
  'MALLA-EXA-02': { expected: 'que el examen esté abierto', todo: 'Espera a la hora, o habla con quien te examina.' },
  'MALLA-EXA-03': {
    expected: 'un examen cada vez',
    todo: 'Entrégalo con «malla examen entregar», o déjalo con «malla examen dejar».',
  },
  'MALLA-EXA-04': {
    expected: 'un examen empezado',
    todo: 'Empiézalo con «malla examen empezar HOJA --alumno CÓDIGO».',
  },
  'MALLA-EXA-05': {
    expected: 'que lo hagas tú: es un laboratorio del examen',
    todo: 'Sigue con otro paso, o entrega lo que tengas con «malla examen entregar».',
  },
  'MALLA-EXA-06': {
    expected: 'una rúbrica con el campo «examen»',
    todo: 'Añádelo: hay un ejemplo en docs/instructores.md.',
  },
} as const;

export function examError(code: keyof typeof texts, happened: string): CodedError {
  return new CodedError({ code, happened, ...texts[code] });
}
