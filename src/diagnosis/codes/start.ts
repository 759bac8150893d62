import type { CatalogueEntry } from './entry.ts';

/** Of the embedded cluster's process; the texts that people read at that moment are in src/cluster/embedded and src/simulator. */
export const startCodes = {
  'MALLA-CLU-01': {
    title: 'La carpeta de estado la usa otro proceso',
    why: 'Cada carpeta es de un solo clúster en marcha; dos a la vez la estropearían.',
    cure: 'Usa el clúster que ya funciona, o páralo con «malla cluster parar».',
  },
  'MALLA-CLU-02': {
    title: 'Un puerto del clúster está ocupado',
    why: 'El clúster conserva sus puertos para que sus direcciones no cambien de un día a otro.',
    cure: 'Cierra el programa que lo usa; el mensaje dice qué puerto es y cómo elegir otro.',
  },
  'MALLA-CLU-03': {
    title: 'No se puede escribir en la carpeta de estado',
    why: 'Ahí se guarda todo lo que hay en el clúster.',
    cure: 'Da permiso a tu usuario, libera espacio o elige otra carpeta con MALLA_HOME.',
  },
  'MALLA-CLU-04': {
    title: 'La carpeta no es de un clúster de Malla',
    why: 'Malla no toca ni borra lo que no ha creado.',
    cure: 'Elige otra carpeta con MALLA_HOME, o mueve a otro sitio lo que hay en esa.',
  },
  'MALLA-CLU-05': {
    title: 'Un fichero del clúster está dañado',
    why: 'Sin él no se puede continuar donde lo dejaste; Malla no lo borra por su cuenta.',
    cure: 'Sigue lo que dice el mensaje sobre ese fichero.',
  },
  'MALLA-CLU-06': {
    title: 'El clúster embebido tarda demasiado en arrancar',
    why: 'Suele tardar menos de un segundo.',
    cure: 'Vuelve a intentarlo con el equipo menos ocupado; si se repite, mira simulator.log en la carpeta de estado.',
  },
  'MALLA-CLU-07': {
    title: 'El proceso del clúster embebido se cierra al arrancar',
    why: 'Algo le impide seguir en marcha; el mensaje lleva lo último que escribió.',
    cure: 'Repite la orden; si se repite, reinstala Malla o mira simulator.log en la carpeta de estado.',
  },
  'MALLA-CLU-08': {
    title: 'El proceso del clúster embebido no contesta',
    why: 'Existe, pero no responde a tiempo.',
    cure: 'Páralo con «malla cluster parar» y arráncalo otra vez; lo que tenías sigue guardado.',
  },
  'MALLA-CLU-09': {
    title: 'Un argumento del proceso del clúster no vale',
    why: 'El programa no arranca con una orden que no entiende entera.',
    cure: 'Corrige la orden y repítela.',
  },
  'MALLA-CLU-20': {
    title: 'El proceso del clúster embebido no se deja parar',
    why: 'No termina aunque se le pide.',
    cure: 'Ciérralo desde el administrador de tareas de tu sistema; lo que tenías sigue guardado.',
  },
  'MALLA-CLU-21': {
    title: 'No se puede borrar la carpeta del clúster',
    why: 'Otro programa la usa, o falta permiso.',
    cure: 'Cierra los programas que la usen y repite la orden.',
  },
  'MALLA-SIS-98': {
    title: 'El clúster embebido ha fallado',
    why: 'Es un error de Malla, no tuyo.',
    cure: 'Repite la orden; si vuelve a pasar, avisa con el fichero simulator.log de la carpeta de estado.',
  },
  'MALLA-SIS-99': {
    title: 'Malla ha fallado',
    why: 'Es un error de Malla, no tuyo.',
    cure: 'Repite la orden; si vuelve a pasar, avisa con el mensaje y lo que estabas haciendo.',
  },
  'MALLA-EST-01': {
    title: 'El contenido del clúster está dañado',
    why: 'La base de datos del clúster embebido no se puede leer: un disco que falla, una copia a medias, un programa que la tocó.',
    cure: 'Pon en su lugar una copia si la tienes; si no, empieza de cero con «malla cluster borrar».',
  },
  'MALLA-EST-02': {
    title: 'El contenido del clúster no se puede abrir para escribir',
    why: 'Falta permiso, el disco es de solo lectura o no queda espacio.',
    cure: 'Devuelve el permiso o libera espacio; o usa otra carpeta con MALLA_HOME.',
  },
  'MALLA-EST-03': {
    title: 'El contenido del clúster es de una versión más nueva de Malla',
    why: 'Esta versión podría estropear lo que escribió una posterior.',
    cure: 'Actualiza Malla o usa otra carpeta con MALLA_HOME.',
  },
  'MALLA-EST-04': {
    title: 'Un cambio no se ha podido guardar',
    why: 'El disco se ha llenado o ha perdido el permiso mientras el clúster funcionaba.',
    cure: 'Libera espacio o devuelve el permiso, y repite el cambio: lo confirmado antes sigue guardado.',
  },
} satisfies Record<string, CatalogueEntry>;
