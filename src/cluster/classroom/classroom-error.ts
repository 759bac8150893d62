// What a class cannot be made or kept for.
import { CodedError } from '../coded-error.ts';

const texts = {
  'MALLA-AUL-03': {
    expected: 'un clúster real, de Kubernetes 1.30 o posterior, con un Istio de sidecars ya instalado',
    todo: 'Únete a él con «malla kubeadm unir» e instala Istio con «malla istio instalar»; o da su kubeconfig con --kubeconfig.',
  },
  'MALLA-AUL-04': {
    expected: 'un usuario que administre el clúster',
    todo: 'Usa el kubeconfig de administración, como /etc/kubernetes/admin.conf.',
  },
  'MALLA-AUL-05': {
    expected: 'que ese nombre no lo use otra cosa',
    todo: 'Elige otro nombre de clase con --nombre; lo que ya hay en ese espacio no se toca.',
  },
  'MALLA-AUL-06': {
    expected: 'un token para cada alumno en menos de un minuto',
    todo: 'Mira si funciona kube-controller-manager («kubectl get pods -n kube-system») y repite la orden: lo hecho no se repite.',
  },
  'MALLA-AUL-07': {
    expected: 'una dirección por la que las máquinas de los alumnos lleguen al API del clúster',
    todo: 'Da la dirección con --servidor, por ejemplo --servidor https://192.168.1.10:6443.',
  },
  'MALLA-AUL-08': {
    expected: 'que los espacios de la clase desaparezcan en unos minutos',
    todo: 'Mira qué los retiene con «kubectl describe namespace», y repite la orden.',
  },
  'MALLA-AUL-09': {
    expected: 'un nombre de clase en minúsculas, con cifras y guiones, de 20 letras como mucho',
    todo: 'Elige otro con --nombre, por ejemplo --nombre mesh-2026.',
  },
} as const;

export function classroomError(code: keyof typeof texts, happened: string, cause?: unknown): CodedError {
  return new CodedError({ code, happened, ...texts[code], ...(cause === undefined ? {} : { cause }) });
}
