import type { CatalogueEntry } from './entry.ts';

/** For who writes the rubric of a class. */
export const rubricCodes = {
  'MALLA-RUB-01': {
    title: 'La rúbrica no es YAML válido',
    why: 'No se puede leer ninguno de sus campos.',
    cure: 'Corrige la sintaxis de la línea que se señala.',
  },
  'MALLA-RUB-02': {
    title: 'El fichero no es una rúbrica',
    why: 'Es demasiado grande, usa alias de YAML o no es una lista de campos.',
    cure: 'Empieza por «formato: malla-rubrica/1»; hay un ejemplo en docs/instructores.md.',
  },
  'MALLA-RUB-03': {
    title: 'Un campo de la rúbrica no vale',
    why: 'Falta, sobra o no tiene la forma que debe.',
    cure: 'Corrige la línea que se señala.',
  },
  'MALLA-RUB-04': {
    title: 'La rúbrica nombra un laboratorio que no existe',
    why: 'Nadie podría entregarlo.',
    cure: 'Corrige el nombre; «malla labs» los da todos.',
  },
  'MALLA-RUB-05': {
    title: 'La rúbrica nombra una comprobación que no existe',
    why: 'Su peso no contaría, y las demás pesarían más de lo que crees.',
    cure: 'Escribe PASO/COMPROBACIÓN con los identificadores del laboratorio.',
  },
  'MALLA-RUB-06': {
    title: 'Algo está dos veces en la rúbrica',
    why: 'No se sabría cuál de los dos pesos vale.',
    cure: 'Deja uno de los dos.',
  },
  'MALLA-RUB-07': {
    title: 'Las fechas de la rúbrica no cuadran',
    why: 'Con ellas nadie podría entregar a tiempo, o una prórroga quitaría tiempo en vez de darlo.',
    cure: 'Pon cada fecha en su orden: abrir, cerrar, prórrogas.',
  },
  'MALLA-RUB-08': {
    title: 'Algo de la rúbrica no cuenta nada',
    why: 'Si todo pesa 0 no hay nota que dar.',
    cure: 'Da peso a algo, o quítalo.',
  },
  'MALLA-RUB-09': {
    title: 'La rúbrica no se puede usar',
    why: 'No existe, no se puede leer o tiene faltas: con ella no se califica a nadie.',
    cure: 'Corrígela con «malla calificar rubrica comprobar».',
  },
} satisfies Record<string, CatalogueEntry>;
