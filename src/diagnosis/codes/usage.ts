import type { CatalogueEntry } from './entry.ts';

export const usageCodes = {
  'MALLA-USO-01': {
    title: 'La orden no se entiende',
    why: 'Falta algo, sobra algo o un nombre no existe.',
    cure: 'Escribe «malla --help» para ver los verbos y sus opciones.',
  },
  'MALLA-USO-02': {
    title: 'No existe ese laboratorio',
    why: 'Los laboratorios se nombran por su identificador.',
    cure: 'Escribe «malla labs» para ver la lista.',
  },
  'MALLA-USO-03': {
    title: 'El laboratorio no tiene ese paso',
    why: 'Un paso se nombra por su número o por su identificador.',
    cure: 'Escribe «malla lab» y el laboratorio para ver sus pasos.',
  },
  'MALLA-USO-09': {
    title: 'El laboratorio no tiene tráfico que enviar',
    why: 'Solo lo llevan los laboratorios en los que hay algo que mirar: grafos, paneles, trazas o registros.',
    cure: 'Pide tú las páginas con curl o con el navegador.',
  },
  'MALLA-USO-11': {
    title: 'No existe esa pregunta',
    why: 'Las preguntas se nombran por su paso y su nombre.',
    cure: 'Escribe «malla lab», el laboratorio y el paso para leer sus preguntas.',
  },
  'MALLA-USO-12': {
    title: 'La respuesta no nombra ninguna opción',
    why: 'Las opciones de una pregunta se nombran por su letra.',
    cure: 'Contesta con una letra, o con varias separadas por comas.',
  },
  'MALLA-USO-13': {
    title: 'Un capítulo de teoría no se resuelve',
    why: 'No hay nada que aplicar en un clúster.',
    cure: 'Léelo con «malla lab» y contesta a sus preguntas.',
  },
  'MALLA-USO-40': {
    title: 'Ese código no es de un peligro',
    why: 'Una aceptación que no significa nada podría parecer que significa algo.',
    cure: 'Repite la orden sin --acepto: dirá qué códigos hacen falta.',
  },
} satisfies Record<string, CatalogueEntry>;
