import type { CatalogueEntry } from './entry.ts';

/** For who grades a class. */
export const marksCodes = {
  'MALLA-NOT-01': {
    title: 'Dos alumnos de la lista tienen el mismo código',
    why: 'No se sabría de quién es cada entrega.',
    cure: 'Corrige la lista, o haz códigos nuevos con «malla calificar codigos».',
  },
  'MALLA-NOT-02': {
    title: 'El fichero de los códigos ya existe',
    why: 'Si se pisara, no se sabría de quién son las entregas hechas con los códigos de antes.',
    cure: 'Elige otro nombre con --salida.',
  },
  'MALLA-NOT-03': {
    title: 'El registro de la clase no es como se escribió',
    why: 'Cada línea lleva la huella de la anterior: alguien ha cambiado, quitado o movido una, o el fichero está cortado.',
    cure: 'Recupera registro.jsonl de una copia.',
  },
} satisfies Record<string, CatalogueEntry>;
