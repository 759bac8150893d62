import type { CatalogueEntry } from './entry.ts';

export const podRequestCodes = {
  'MALLA-PET-01': {
    title: 'En el contenedor no hay curl',
    why: 'La petición se envía con el curl del propio pod, y esa imagen no lo trae.',
    cure: 'Despliega el cliente que dice el paso, con su imagen.',
  },
  'MALLA-PET-02': {
    title: 'El nombre no se resuelve',
    why: 'Dentro del clúster solo se resuelven los nombres de los Services: «servicio», o «servicio.espacio» desde otro espacio de nombres.',
    cure: 'Comprueba que el Service existe, en qué espacio de nombres está y cómo se llama.',
  },
  'MALLA-PET-03': {
    title: 'La respuesta no es la que se espera',
    why: 'La petición ha llegado a alguien, y ha respondido otra cosa.',
    cure: 'Repite la petición con curl -v desde el mismo pod y mira los registros de los dos sidecars.',
  },
  'MALLA-PET-04': {
    title: 'El texto de la respuesta no es el que se espera',
    why: 'El código de estado es el bueno, pero el contenido dice otra cosa.',
    cure: 'Repite la petición desde el mismo pod y compara lo que ves con lo que pide el paso.',
  },
  'MALLA-PET-05': {
    title: 'La petición falla sin respuesta',
    why: 'La conexión se corta, se rechaza o no contesta nadie: no llega a haber HTTP.',
    cure: 'Mira si el Service tiene pods listos y repite la petición con curl -v.',
  },
  'MALLA-PET-06': {
    title: 'La petición debía fallar, y tiene respuesta',
    why: 'Algo que debía cortarla la deja pasar.',
    cure: 'Repasa qué objeto debía impedirla y a qué pods se aplica.',
  },
  'MALLA-PET-07': {
    title: 'El Service no existe',
    why: 'El nombre de la dirección no es el de ningún Service que se vea desde ese pod.',
    cure: 'Mira los Services con «kubectl get services -A» y compara el nombre, letra por letra.',
  },
} satisfies Record<string, CatalogueEntry>;
