// What can go wrong between Malla and the process of the embedded cluster. The process's own errors (MALLA-CLU-01 to -05,
// MALLA-EST-…) arrive with their texts and keep their codes.
import { CodedError } from '../coded-error.ts';

export function startTimedOut(seconds: number, logTail: string): CodedError {
  return new CodedError({
    code: 'MALLA-CLU-06',
    happened: `El clúster embebido no ha arrancado en ${seconds} s.${lastLines(logTail)}`,
    expected: 'Suele tardar menos de un segundo.',
    todo: 'Vuelve a intentarlo cuando el equipo esté menos ocupado; si se repite, avisa con el fichero simulator.log de la carpeta de estado.',
  });
}

export function startDied(how: string, logTail: string): CodedError {
  return new CodedError({
    code: 'MALLA-CLU-07',
    happened: `El proceso del clúster embebido se ha cerrado al arrancar (${how}).${lastLines(logTail)}`,
    expected: 'Un proceso que sigue en marcha y dice dónde está.',
    todo: 'Repite la orden; si se repite, reinstala Malla o avisa con el fichero simulator.log de la carpeta de estado.',
  });
}

export function notAnswering(pid: number): CodedError {
  return new CodedError({
    code: 'MALLA-CLU-08',
    happened: `El proceso ${pid} del clúster embebido existe, pero no contesta.`,
    expected: 'Una respuesta en unos segundos.',
    todo: 'Páralo con «malla cluster parar» y arráncalo otra vez; lo que tenías sigue guardado.',
  });
}

export function cannotStop(pid: number): CodedError {
  return new CodedError({
    code: 'MALLA-CLU-20',
    happened: `El proceso ${pid} del clúster embebido no se deja parar.`,
    expected: 'Que termine en unos segundos.',
    todo: 'Ciérralo desde el administrador de tareas de tu sistema; lo que tenías sigue guardado.',
  });
}

export function notOurFolder(folder: string): CodedError {
  return new CodedError({
    code: 'MALLA-CLU-04',
    happened: `La carpeta ${folder} tiene cosas que no son de un clúster de Malla.`,
    expected: 'Una carpeta con un clúster de Malla: no se borra nada más.',
    todo: 'Si de verdad sobra, bórrala tú.',
  });
}

export function cannotDelete(folder: string, cause: unknown): CodedError {
  return new CodedError({
    code: 'MALLA-CLU-21',
    happened: `No se ha podido borrar la carpeta ${folder} (${cause instanceof Error ? cause.message : String(cause)}).`,
    expected: 'Permiso para borrar lo que Malla escribió.',
    todo: 'Cierra los programas que usen esa carpeta y repite la orden.',
    cause,
  });
}

function lastLines(text: string): string {
  return text === '' ? '' : ` Lo último que escribió: ${text}`;
}
