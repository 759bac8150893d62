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
  'MALLA-NOT-04': {
    title: 'Ese alumno no es de la clase',
    why: 'Un ajuste para quien no existe no cambiaría la nota de nadie.',
    cure: 'Comprueba el código, o da la lista de la clase con --lista.',
  },
  'MALLA-NOT-05': {
    title: 'No hay resultados que calificar',
    why: 'La nota sale de repetir las entregas, y ahí no se ha repetido ninguna.',
    cure: 'Ejecuta antes «malla calificar ENTREGAS --salida CARPETA».',
  },
  'MALLA-NOT-06': {
    title: 'El fichero no es el informe de una clase',
    why: 'Sin él no se puede decir a quién le cambia la nota.',
    cure: 'Da el clase.json de un informe anterior.',
  },
  'MALLA-NOT-07': {
    title: 'La entrega de un examen no tiene los datos de su alumno',
    why: 'En un examen cada uno tiene los suyos: con los de otro, las respuestas copiadas saldrían bien.',
    cure: 'Entrega lo que hiciste después de «malla examen empezar» con tu código.',
  },
  'MALLA-NOT-08': {
    title: 'Un paso del examen se hizo fuera de hora',
    why: 'Solo cuenta lo que se comprobó entre la apertura y el cierre, según el reloj de la máquina del alumno.',
    cure: 'Si el reloj iba mal, decide tú sobre esas comprobaciones con «malla calificar ajustar».',
  },
} satisfies Record<string, CatalogueEntry>;
