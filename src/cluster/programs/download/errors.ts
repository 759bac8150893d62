// What can go wrong with the download of a tool. Nothing of it is left then.
import { CodedError } from '../../coded-error.ts';

export function downloadFailed(url: string, why: string, cause?: unknown): CodedError {
  return new CodedError({
    code: 'MALLA-KND-30',
    happened: `No se ha podido bajar ${url}: ${why}.`,
    expected: 'Ese fichero, por HTTPS, entero y en unos minutos.',
    todo: 'Comprueba la conexión y el proxy y repite la orden; o instala el programa tú desde su página oficial.',
    cause,
  });
}

export function wrongSum(url: string, expected: string, found: string): CodedError {
  return new CodedError({
    code: 'MALLA-KND-31',
    happened: `Lo que ha llegado de ${url} no es lo que se esperaba: su SHA-256 es ${found}. Se ha borrado.`,
    expected: `SHA-256 ${expected}.`,
    todo: 'Puede ser un proxy que cambia lo que pasa por él, o algo peor. Prueba desde otra red; no uses ese fichero.',
  });
}

export function noRelease(tool: string, system: string, page: string): CodedError {
  return new CodedError({
    code: 'MALLA-KND-32',
    happened: `Malla no sabe bajar ${tool} para este sistema (${system}).`,
    expected: 'Linux o macOS, con procesador amd64 o arm64.',
    todo: `Instálalo tú: ${page}`,
  });
}

export function notInside(url: string, inside: string, cause?: unknown): CodedError {
  return new CodedError({
    code: 'MALLA-KND-33',
    happened: `En ${url} no está ${inside}, o el fichero está roto.`,
    expected: 'Un .tar.gz con ese programa dentro.',
    todo: 'Instala el programa tú desde su página oficial, y avisa de este texto.',
    cause,
  });
}

export function cannotKeep(path: string, cause: unknown): CodedError {
  return new CodedError({
    code: 'MALLA-KND-34',
    happened: `No se puede guardar ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    expected: 'Una carpeta de Malla en la que tu usuario pueda escribir, con 200 MB libres.',
    todo: 'Libera espacio o da permiso, o elige otra carpeta con MALLA_HOME.',
    cause,
  });
}
