// A class on one cluster: how its parts are called. Everything carries these names, so that it is found again.

import { placeLabel, studentLabel } from '../kubeadm/place.ts';
import { managedLabel } from '../managed-label.ts';
import type { Student } from './roster.ts';

export interface ClassSettings {
  /** Lower case, digits and hyphens; namespaces are `<name>-<student>`. */
  name: string;
  /** Namespace of istiod. */
  istio: string;
  /** Of the injection label: '' for `istio-injection: enabled`, else `istio.io/rev`. */
  revision: string;
  /** Of the nodes, where they have them: what is not sent from there comes from outside. */
  podRanges: string[];
  limits: Limits;
}

export interface Limits {
  /** Cores that all pods of a student may ask for. */
  cpu: string;
  memory: string;
  pods: number;
}

export const usualLimits: Limits = { cpu: '2', memory: '3Gi', pods: 25 };

export const nameAnnotation = 'malla.dev/nombre';

/** The student's own ServiceAccount, and the Secret with its token. */
export const account = 'alumno';
export const tokenSecret = 'alumno-token';

/** Guards and rights to read that all classes of a cluster share. */
export const sharedName = 'malla-aula';

export function namespaceOf({ name }: Pick<ClassSettings, 'name'>, student: Pick<Student, 'id'>): string {
  return `${name}-${student.id}`;
}

export function labelsOf({ name }: Pick<ClassSettings, 'name'>, { id }: Pick<Student, 'id'>): Record<string, string> {
  return { ...managedLabel, [placeLabel]: name, [studentLabel]: id };
}
