import type { CatalogueEntry } from './entry.ts';

/** Of a cluster for a whole class. The texts that people read at that moment are in src/cluster/classroom. */
export const classroomCodes = {
  'MALLA-AUL-01': {
    title: 'La lista de la clase no se puede leer',
    why: 'No existe, está vacía, es binaria o no es un CSV.',
    cure: 'Guárdala desde la hoja de cálculo como CSV, con un alumno por línea y los títulos arriba.',
  },
  'MALLA-AUL-02': {
    title: 'Un alumno de la lista no vale',
    why: 'Su usuario está repetido o su nombre lleva caracteres que no se escriben: no se sabría de quién es cada espacio.',
    cure: 'Corrige esa línea de la lista.',
  },
  'MALLA-AUL-03': {
    title: 'El clúster no sirve para una clase',
    why: 'Separar a los alumnos necesita usuarios, las políticas de admisión de Kubernetes 1.30 y un Istio de sidecars.',
    cure: 'Usa un clúster real de esa versión, con Istio instalado.',
  },
  'MALLA-AUL-04': {
    title: 'Tu usuario no puede preparar la clase',
    why: 'Hay que crear espacios, permisos y políticas de admisión.',
    cure: 'Usa el kubeconfig de administración del clúster.',
  },
  'MALLA-AUL-05': {
    title: 'Un espacio de la clase ya es de otra cosa',
    why: 'Malla no toca ni borra lo que no ha creado.',
    cure: 'Elige otro nombre de clase con --nombre.',
  },
  'MALLA-AUL-06': {
    title: 'El token de un alumno no llega',
    why: 'Lo escribe kube-controller-manager un momento después de pedirlo.',
    cure: 'Mira si ese programa funciona y repite la orden.',
  },
  'MALLA-AUL-07': {
    title: 'Los alumnos no llegarían al clúster',
    why: 'La dirección del API que hay en tu kubeconfig es de tu propia máquina.',
    cure: 'Da la que vale para todos con --servidor.',
  },
  'MALLA-AUL-08': {
    title: 'Un espacio de la clase no acaba de borrarse',
    why: 'Algo que hay en él espera a que otro lo suelte (un finalizer).',
    cure: 'Mira qué lo retiene con «kubectl describe namespace» y repite la orden.',
  },
  'MALLA-AUL-09': {
    title: 'El nombre de la clase no vale',
    why: 'De él salen los nombres de los espacios, y Kubernetes los quiere en minúsculas, con cifras y guiones.',
    cure: 'Elige otro con --nombre.',
  },
  'MALLA-AUL-10': {
    title: 'El laboratorio no cabe en un espacio de nombres',
    why: 'Cambia cosas de todo el clúster: Istio mismo, espacios de nombres o piezas que son de todos.',
    cure: 'Hazlo en el clúster embebido, donde todo es tuyo.',
  },
} satisfies Record<string, CatalogueEntry>;
