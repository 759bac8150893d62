// From a failed check to its cause, as data that can be serialised.

export interface Diagnosis {
  /** Stable code documented in docs/errores.md, e.g. MALLA-INY-01. */
  code: string;
  /** One sentence in Spanish: what is wrong. */
  message: string;
  /** What to do about it, without giving the solution away. */
  hint: string;
  /** The object at fault and the YAML path inside it; and, when the student's files have it, where it is written. */
  at?: { kind: string; namespace?: string; name: string; path?: string; file?: string; line?: number };
}
