// How numbers, times and states are said in reports.
import type { StudentCheck, StudentResult } from '../../class/class-result.ts';

export function number(value: number, decimals = 2): string {
  return value.toLocaleString('es-ES', { maximumFractionDigits: decimals });
}

/** With as many figures after the comma as the others of its column. */
export function fixed(value: number, decimals: number): string {
  return value.toLocaleString('es-ES', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** `8,25 de 10`. */
export function markText(mark: number | undefined, outOf: number, decimals: number): string {
  return mark === undefined ? 'sin nota' : `${number(mark, decimals)} de ${number(outOf)}`;
}

/** In Spain's time, which is what teachers and students read on their clocks. */
export function moment(iso: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return 'momento desconocido';
  return new Intl.DateTimeFormat('es-ES', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Madrid' }).format(
    at,
  );
}

/** `3 min`, `1 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function people(count: number): string {
  return count === 1 ? '1 alumno' : `${count} alumnos`;
}

export const stateWords: Readonly<Record<StudentCheck['state'], { word: string; sign: string; kind: string }>> = {
  correcto: { word: 'Correcto', sign: '✔', kind: 'right' },
  incorrecto: { word: 'Incorrecto', sign: '✘', kind: 'wrong' },
  'no verificable': { word: 'No verificable', sign: '?', kind: 'unknown' },
  falta: { word: 'No entregado', sign: '–', kind: 'missing' },
};

export const gradeWords: Readonly<Record<StudentResult['state'], string>> = {
  calificada: 'Calificada',
  pendiente: 'Pendiente: aún hay tiempo',
  'no entregada': 'No entregada',
  'sin nota': 'Sin nota: nada se ha podido verificar',
};
