import type { KubeObject } from '../mesh/objects.ts';
import { type Code, catalogue } from './catalogue.ts';
import type { Diagnosis } from './diagnosis.ts';

export interface Details {
  /** The object at fault, with the YAML path inside it. */
  at?: KubeObject | undefined;
  path?: string | undefined;
  /** Instead of the catalogue's cure, when more can be said. */
  hint?: string | undefined;
}

/** A diagnosis under a code of the catalogue. `message` says what was seen here, in Spanish. */
export function diagnose(code: Code, message: string, { at, path, hint }: Details = {}): Diagnosis {
  return { code, message, hint: hint ?? catalogue[code].cure, ...(at ? { at: place(at, path) } : {}) };
}

/** Causes that are the cluster's, not the student's: with one of these a verdict is "no verificable". */
export function isClusterFault({ code }: Diagnosis): boolean {
  return code.startsWith('MALLA-SAL-') || code.startsWith('MALLA-CLU-');
}

/** `VirtualService default/reviews`, as people and istioctl write it. */
export function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

function place({ kind, metadata }: KubeObject, path: string | undefined): NonNullable<Diagnosis['at']> {
  return {
    kind,
    name: metadata.name,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    ...(path ? { path } : {}),
  };
}
