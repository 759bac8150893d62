// Something wrong in a file, where, and what would mend it.
import type { Range, TextEdit } from '../text.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface FileEdit extends TextEdit {
  uri: string;
}

export interface Fix {
  /** In the imperative: `Cambiar por «reviews»`. */
  title: string;
  edits: FileEdit[];
  /** What the editor does when asked to mend by itself. */
  preferred?: true;
}

export interface Problem {
  range: Range;
  severity: Severity;
  /** Of the catalogue: `MALLA-YML-08`. */
  code: string;
  /** Istio's own code for the same, when it has one. */
  istio?: string;
  message: string;
  fixes: Fix[];
}
