import type { CatalogueEntry } from './entry.ts';

export const matchesCodes = {
  'MALLA-RUT-21': {
    title: 'Otra regla recoge antes la petición',
    why: 'Las reglas se prueban en el orden del fichero y gana la primera que casa, aunque otra de más abajo sea más precisa.',
    cure: 'Pon delante la regla que debe ganar cuando una petición casa con las dos.',
  },
  'MALLA-RUT-22': {
    title: 'La condición compara el valor de otra manera',
    why: 'exact pide el valor entero, prefix su comienzo, y regex una expresión RE2 que case con el valor entero, no con un trozo.',
    cure: 'Elige exact, prefix o regex según lo que quieras comparar; para «contiene» escribe regex con .* a los dos lados.',
  },
  'MALLA-RUT-23': {
    title: 'La petición no cumple la condición de la regla',
    why: 'Si falta la cabecera, o su valor es otro, la regla se salta y decide la siguiente.',
    cure: 'Compara letra a letra el nombre y el valor de la cabecera con los que envía el cliente.',
  },
  'MALLA-RUT-24': {
    title: 'Quien llama no reenvía esa cabecera',
    why: 'El proxy solo ve lo que lleva cada llamada. Una cabecera que llega a un servicio no pasa al siguiente si el programa no la copia.',
    cure: 'Pon la regla en el salto al que la cabecera llega, o usa una que la aplicación reenvíe.',
  },
  'MALLA-RUT-25': {
    title: 'La regla alcanza a más peticiones de las debidas',
    why: 'Sin match, o con una condición demasiado amplia, la regla vale también para quien debía quedar fuera.',
    cure: 'Añade a la regla una condición que solo cumplan las peticiones que quieres, y deja detrás la regla general.',
  },
  'MALLA-RUT-26': {
    title: 'Las condiciones están en entradas distintas de match',
    why: 'Cada guion de match es una alternativa: basta con una. Las condiciones que deben cumplirse a la vez van en la misma entrada.',
    cure: 'Junta las condiciones bajo un solo guion.',
  },
} satisfies Record<string, CatalogueEntry>;
