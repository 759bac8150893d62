import type { CatalogueEntry } from './entry.ts';

/** Of the programs that Malla runs: kind, docker, kubectl, istioctl. The texts are in src/cluster/programs. */
export const programsCodes = {
  'MALLA-PRG-01': {
    title: 'Un programa no existe',
    why: 'Malla iba a ejecutarlo y ya no está donde estaba.',
    cure: 'Comprueba que está instalado y que su carpeta está en PATH; «malla kind herramientas» dice los que faltan.',
  },
  'MALLA-PRG-02': {
    title: 'Un programa no se puede ejecutar',
    why: 'Le falta el permiso de ejecución, o es de otro sistema o de otro procesador.',
    cure: 'Comprueba sus permisos y que es la versión para tu sistema; si hace falta, instálalo otra vez.',
  },
  'MALLA-PRG-03': {
    title: 'Un programa ha terminado con un error',
    why: 'El mensaje lleva la orden, su código de salida y lo último que escribió.',
    cure: 'Lee lo que dice el programa; repite la orden a mano para ver el fallo entero.',
  },
  'MALLA-PRG-04': {
    title: 'Algo ha matado a un programa',
    why: 'Suele ser el sistema, cuando se queda sin memoria, o una persona.',
    cure: 'Mira si a la máquina le falta memoria y repite la orden.',
  },
  'MALLA-PRG-05': {
    title: 'Un programa tarda demasiado',
    why: 'Malla pone un plazo a cada programa y lo para cuando se cumple, con lo que él haya arrancado.',
    cure: 'Mira si la máquina está muy ocupada o si el programa espera algo; luego repite la orden.',
  },
  'MALLA-PRG-06': {
    title: 'Se ha cancelado un programa',
    why: 'Lo has pedido tú, con Ctrl-C o con el botón de cancelar.',
    cure: 'Repite la orden cuando quieras.',
  },
  'MALLA-PRG-07': {
    title: 'Un programa escribe demasiado',
    why: 'Malla guarda lo que escriben los programas y pone un tope, para no llenar la memoria.',
    cure: 'Comprueba que ese programa es el que crees.',
  },
} satisfies Record<string, CatalogueEntry>;
