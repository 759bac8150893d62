// Why the labs cannot go on a cluster, however well it was reached.
import { CodedError } from '../../coded-error.ts';
import type { Survey } from './survey.ts';

/** Certificates and tokens made a moment ago are refused from about here on. */
const mostSkew = 120;

/** The first reason that no agreement helps against; undefined when there is none. */
export function refusalOf({ version, meshes, rights, clockAhead, nodes }: Survey): CodedError | undefined {
  if (version.state === 'too-old' || version.state === 'unknown')
    return new CodedError({
      code: 'MALLA-KCF-40',
      happened: `No se puede trabajar ahí: ${version.text}.`,
      expected: 'Un Kubernetes de las versiones con las que funcionan Istio y los laboratorios.',
      todo: 'Actualiza el clúster, usa otro, o trabaja en el embebido con «malla cluster usar embebido».',
    });
  if (meshes.ambient !== undefined || meshes.others.length > 0) {
    const what = [
      ...meshes.others,
      ...(meshes.ambient === undefined ? [] : [`Istio en modo ambient (${meshes.ambient})`]),
    ];
    return new CodedError({
      code: 'MALLA-KCF-41',
      happened: `Ese clúster ya tiene otra malla: ${what.join(', ')}.`,
      expected: 'Un clúster sin malla, o con un Istio de sidecars.',
      todo: 'Los laboratorios son de sidecars y las dos mallas se estorbarían: usa otro clúster.',
    });
  }
  if (clockAhead !== undefined && Math.abs(clockAhead) > mostSkew)
    return new CodedError({
      code: 'MALLA-KCF-42',
      happened: `El reloj de esta máquina va ${Math.abs(clockAhead)} s ${clockAhead > 0 ? 'adelantado' : 'atrasado'} respecto al del clúster.`,
      expected: `Menos de ${mostSkew} s de diferencia: con más, certificados y tokens recién hechos no valen, y las medidas engañan.`,
      todo: 'Pon en hora las dos máquinas: «timedatectl set-ntp true» en Linux.',
    });
  const denied = rights.filter((r) => !r.allowed);
  if (denied.length > 0) {
    const list = denied.map((r) => `  ${r.verb} ${r.resource}${r.group ? `.${r.group}` : ''}: ${r.purpose}`).join('\n');
    return new CodedError({
      code: 'MALLA-KCF-43',
      happened: `A tu usuario le faltan permisos${denied[0]?.namespace ? ` en el espacio ${denied[0].namespace}` : ''}:\n${list}`,
      expected: 'Un usuario que pueda hacer todo lo que piden los laboratorios.',
      todo: 'Pídelos a quien administra el clúster. Si es un clúster de clase, usa el kubeconfig que te dieron; para quedarte en un espacio tuyo, --espacio NOMBRE.',
    });
  }
  if (nodes.length > 0 && !nodes.some((n) => n.ready))
    return new CodedError({
      code: 'MALLA-KCF-44',
      happened: 'Ningún nodo del clúster está listo.',
      expected: 'Por lo menos un nodo listo.',
      todo: 'Mira «kubectl get nodes» y «kubectl describe node»: suele faltar la red de pods (CNI).',
    });
  return undefined;
}
