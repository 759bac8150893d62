import type { CatalogueEntry } from './entry.ts';

/** Of labs that vary by seed, that ask, and of chapters. */
export const questionCodes = {
  'MALLA-LAB-30': {
    title: 'Un parámetro está mal escrito',
    why: 'Cada parámetro dice de dónde sale su valor: un intervalo, una lista o un cálculo.',
    cure: 'Mira cómo se escriben en docs/escribir-un-lab.md.',
  },
  'MALLA-LAB-31': {
    title: 'El texto usa un parámetro que no existe',
    why: 'Quien lo lea vería las llaves en lugar de un valor.',
    cure: 'Corrige el nombre, o declara el parámetro en la cabecera.',
  },
  'MALLA-LAB-32': {
    title: 'Un parámetro no se puede calcular',
    why: 'La fórmula no da un número, o depende de sí misma.',
    cure: 'Usa números, otros parámetros que sean números, + - * / % y paréntesis.',
  },
  'MALLA-LAB-34': {
    title: 'Una pregunta no se puede hacer',
    why: 'Necesita un enunciado, dos respuestas como poco, alguna buena y la explicación.',
    cure: 'Completa lo que dice el mensaje.',
  },
  'MALLA-LAB-35': {
    title: 'Se contesta a una comprobación que no está',
    why: 'Un bloque «respuesta=» contesta a una comprobación de tipo respuesta del mismo paso.',
    cure: 'Corrige el id, o añade la comprobación.',
  },
  'MALLA-LAB-36': {
    title: 'Un capítulo no es solo para leer',
    why: 'Los capítulos se leen sin clúster: sus pasos se dan por hechos al contestar bien sus preguntas.',
    cure: 'Añade una pregunta al paso, o quita «capitulo: true».',
  },
} satisfies Record<string, CatalogueEntry>;
