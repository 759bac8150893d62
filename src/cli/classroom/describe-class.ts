// A class before it is made, and as it is, as text.
import { namespaceOf } from '../../cluster/classroom/class.ts';
import type { ClassesStatus } from '../../cluster/classroom/class-status.ts';
import type { Student } from '../../cluster/classroom/roster.ts';
import type { ClassGround } from '../../cluster/classroom/settings.ts';

export function describeCreation(
  { settings, survey, warnings }: ClassGround,
  students: readonly Student[],
  folder: string,
): string {
  const { cpu, memory, pods } = settings.limits;
  return [
    `Clase «${settings.name}»: ${students.length} alumnos en ${survey.nodes.length} nodos, con ${survey.version.text}.`,
    ...students.map((s) => `  ${namespaceOf(settings, s)}  (${s.name})`),
    `Cada uno tendrá en su espacio hasta ${cpu} de procesador, ${memory} de memoria y ${pods} pods, una pasarela suya y permiso solo ahí.`,
    'Para todos: políticas de admisión que separan los espacios, y permiso de lectura de los nodos y de las piezas de Istio.',
    `En ${folder}: un kubeconfig por alumno, que solo tú puedes leer, y clase.csv.`,
    ...warnings.map((w) => `Ojo: ${w}.`),
    '',
  ].join('\n');
}

export function describePlaces({ places, missing }: ClassesStatus): string {
  if (places.length === 0) return 'No hay nada de esa clase.\n';
  const lines = places.map((p) => {
    const state = p.deleting ? 'borrándose' : p.gatewayReady ? 'pasarela lista' : 'pasarela SIN ESTAR LISTA';
    const lost = p.missing.length > 0 ? `; FALTA ${p.missing.join(', ')}` : '';
    return `  ${p.namespace}  ${p.name}: ${state}, ${p.pods.ready} de ${p.pods.all} pods listos, procesador ${p.used.cpu}, memoria ${p.used.memory}${p.entry ? `, ${p.entry}` : ''}${lost}`;
  });
  const guards =
    missing.length > 0 ? [`Falta lo que es de todos: ${missing.join(', ')}. Repite «malla aula crear».`] : [];
  return `${[`${places.length} alumnos:`, ...lines, ...guards].join('\n')}\n`;
}
