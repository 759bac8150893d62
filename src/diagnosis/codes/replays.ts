import type { CatalogueEntry } from './entry.ts';

/** Of grading a folder of hand-ins, and of replaying them. */
export const replayCodes = {
  'MALLA-ENT-01': {
    title: 'Una entrega no es un fichero normal',
    why: 'Un enlace o un dispositivo puede llevar a otro sitio de la máquina que corrige.',
    cure: 'Copia el fichero mismo en la carpeta de entregas.',
  },
  'MALLA-ENT-23': {
    title: 'Hay dos entregas del mismo alumno',
    why: 'No se sabe cuál cuenta; se corrigen las dos y se dice.',
    cure: 'Deja una, o di en la rúbrica cuál vale.',
  },
  'MALLA-ENT-24': {
    title: 'Dos entregas tienen los mismos registros',
    why: 'Una comprobación hecha en una máquina a una hora con las mismas medidas no sale dos veces: una viene de la otra, o compartieron máquina.',
    cure: 'Pregunta a los dos. La nota de cada una sale igualmente de repetir su trabajo.',
  },
  'MALLA-ENT-25': {
    title: 'La entrega trae un laboratorio que este curso no tiene',
    why: 'Sin él no se sabe qué comprobar.',
    cure: 'Corrige con el curso que usaron los alumnos (MALLA_LABS).',
  },
  'MALLA-ENT-26': {
    title: 'El laboratorio de la entrega no es el de esta Malla',
    why: 'Su texto ha cambiado, o la semilla no es la del alumno. Se corrige con el de aquí.',
    cure: 'Corrige con la misma versión del curso, o mira si el cambio afecta a lo que se pide.',
  },
  'MALLA-ENT-29': {
    title: 'La entrega trae un objeto que no es de su laboratorio',
    why: 'Es de todo el clúster o de un espacio de nombres ajeno: no se aplica.',
    cure: 'Mira por qué está ahí; no afecta al resto.',
  },
  'MALLA-ENT-31': {
    title: 'Repetir la entrega ha tardado demasiado',
    why: 'Algo de ella no acaba nunca, o casi. Se para y se sigue con las demás.',
    cure: 'Mira sus objetos; si son normales, sube el límite con --limite SEGUNDOS.',
  },
  'MALLA-ENT-32': {
    title: 'Repetir la entrega ha agotado la memoria o ha hecho caer su proceso',
    why: 'Cada una se repite en un proceso aparte con memoria limitada, y el suyo ha acabado. Las demás siguen.',
    cure: 'Mira sus objetos.',
  },
  'MALLA-ENT-33': {
    title: 'Este laboratorio no se puede repetir aquí',
    why: 'Se hace en máquinas, con órdenes que no dejan manifiestos: de él solo está lo que dice el registro.',
    cure: 'Compruébalo en la máquina del alumno, o di en la rúbrica si vale lo que dice el registro.',
  },
  'MALLA-ENT-34': {
    title: 'El alumno no comprobó nunca este paso',
    why: 'No hay nada suyo que repetir.',
    cure: 'Nada: cuenta como no hecho.',
  },
  'MALLA-ENT-35': {
    title: 'El clúster no acepta un objeto de la entrega',
    why: 'La API o Istio lo rechazan al repetir.',
    cure: 'El mensaje dice qué campo; el alumno lo habría visto igual al aplicarlo.',
  },
  'MALLA-ENT-36': {
    title: 'Lo que dice el registro y lo que sale al repetir no es lo mismo',
    why: 'Cuenta lo que sale al repetir. Puede deberse a otra clase de clúster, a otros objetos que había en él o a un registro cambiado.',
    cure: 'Mira los dos veredictos y el YAML.',
  },
  'MALLA-ENT-40': {
    title: 'No se puede preparar el comienzo de un laboratorio',
    why: 'La solución escrita de un laboratorio anterior no sale bien en esta Malla.',
    cure: 'Pruébalo con «malla autor probar LAB».',
  },
  'MALLA-ENT-41': {
    title: 'Se han pedido notas de una carpeta que no se puede leer o no tiene entregas',
    why: 'Hace falta una carpeta con un fichero .zip por entrega.',
    cure: 'Comprueba la ruta.',
  },
  'MALLA-ENT-42': {
    title: 'La carpeta de salida es de otra corrección',
    why: 'Ya tiene resultados de otras entregas, otros laboratorios u otra Malla: mezclarlos daría notas falsas.',
    cure: 'Elige otra carpeta con --salida, o borra esa.',
  },
  'MALLA-ENT-43': {
    title: 'La clave del curso no se puede leer',
    why: 'No es el fichero que hace «malla calificar clave crear».',
    cure: 'Comprueba la ruta, o corrige sin --clave: los sellos quedan sin comprobar.',
  },
  'MALLA-ENT-44': {
    title: 'Ya hay una clave en ese fichero',
    why: 'Con otra clave, los sellos que diste dejarían de valer.',
    cure: 'Usa la que hay, o elige otro fichero.',
  },
  'MALLA-ENT-45': {
    title: 'Dos partes de una corrección se contradicen',
    why: 'La misma entrega está en dos carpetas de resultados con resultados distintos: no se sabe cuál vale.',
    cure: 'Corrige esa entrega otra vez en una sola máquina y junta de nuevo.',
  },
  'MALLA-ENT-46': {
    title: 'Un laboratorio no cabe en el espacio de un alumno',
    why: 'Trabaja en todo el clúster o en otros espacios: allí no se puede haber hecho, y no cuenta ni a favor ni en contra.',
    cure: 'Pide también una entrega, hecha en el clúster embebido de cada alumno.',
  },
  'MALLA-ENT-47': {
    title: 'Una respuesta no está en el clúster',
    why: 'Lo que se contesta se guarda en la máquina del alumno; al corregir en vivo no se ve, y no cuenta.',
    cure: 'Pide también su entrega, o no cuentes esa comprobación en la rúbrica.',
  },
  'MALLA-ENT-48': {
    title: 'No hay ninguna clase en ese clúster',
    why: 'Se corrige en vivo en los espacios que hace «malla aula crear», que se reconocen por sus etiquetas.',
    cure: 'Mira qué hay con «malla aula estado», o da otro kubeconfig.',
  },
  'MALLA-ENT-49': {
    title: 'Un paso ya no se ve, porque otro posterior está hecho',
    why: 'En vivo solo se ve el clúster como está ahora. Lo que un paso pedía puede haberlo cambiado el siguiente: no cuenta en contra.',
    cure: 'Pide también una entrega: en ella está cómo estaba cada paso.',
  },
  'MALLA-ENT-60': {
    title: 'El espacio de nombres para corregir ya existe',
    why: 'Al acabar se borra con todo lo que tiene: podría ser de alguien.',
    cure: 'Elige otro con --espacio, o borra ese si es de una corrección que se interrumpió.',
  },
  'MALLA-ENT-61': {
    title: 'El clúster no ha podido corregir las entregas',
    why: 'Sus pods no arrancan, se quedan sin memoria o no encuentran la imagen o el volumen.',
    cure: 'Repite con --conservar y mira sus pods; o corrige sin --en-cluster.',
  },
  'MALLA-ENT-62': {
    title: 'Ese clúster no sirve para corregir',
    why: 'El clúster embebido es un simulador: no ejecuta programas de verdad.',
    cure: 'Da el kubeconfig de uno real con --kubeconfig; o quita --en-cluster: en tu portátil basta.',
  },
  'MALLA-ENT-63': {
    title: 'La imagen lleva otra Malla u otro curso',
    why: 'Sus notas no serían las que saldrían aquí: no se juntan.',
    cure: 'Haz la imagen con esta misma Malla: docs/entregas.md dice cómo.',
  },
} satisfies Record<string, CatalogueEntry>;
