import type { CatalogueEntry } from './entry.ts';

/** While an exam is being done. */
export const examCodes = {
  'MALLA-EXA-01': {
    title: 'La hoja del examen no vale',
    why: 'No existe, está cortada o no es una hoja de examen.',
    cure: 'Pide la hoja otra vez a quien te examina.',
  },
  'MALLA-EXA-02': {
    title: 'El examen no está abierto',
    why: 'Aún no es la hora, o ya se cerró.',
    cure: 'Mira la hora de apertura y de cierre con «malla examen estado».',
  },
  'MALLA-EXA-03': {
    title: 'Ya hay un examen empezado',
    why: 'Empezar otro borraría cuándo empezaste este.',
    cure: 'Entrégalo con «malla examen entregar», o déjalo con «malla examen dejar».',
  },
  'MALLA-EXA-04': {
    title: 'No hay ningún examen empezado',
    why: 'Se empieza con la hoja que da quien examina.',
    cure: 'Ejecuta «malla examen empezar HOJA --alumno CÓDIGO».',
  },
  'MALLA-EXA-05': {
    title: 'En este examen no hay soluciones',
    why: 'Los laboratorios del examen se hacen sin ver ni aplicar su solución.',
    cure: 'Hazlo tú, o entrega lo que tengas con «malla examen entregar».',
  },
  'MALLA-EXA-06': {
    title: 'La rúbrica no es de un examen',
    why: 'De ella sale la hoja que reciben los alumnos: hora, laboratorios y datos de cada uno.',
    cure: 'Añade a la rúbrica el campo «examen».',
  },
} satisfies Record<string, CatalogueEntry>;
