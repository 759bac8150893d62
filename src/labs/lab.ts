// The course as data: what labs/<id>/lab.md becomes. Parsed by parse.ts; format in docs/escribir-un-lab.md.

import type { PatternOf } from './check-kinds/form.ts';
import type { CheckType, forms } from './check-kinds/forms.ts';
import type { Question } from './question.ts';

export type ClusterKind = 'embebido' | 'kind' | 'kubeadm';

export interface Lab {
  id: string;
  title: string;
  /** A chapter of theory: no cluster, and its steps are done when their questions are answered right. */
  chapter: boolean;
  minutes: number;
  clusters: ClusterKind[];
  /** On the embedded place to work it begins with three machines that are no cluster yet, beside the usual cluster. */
  machines?: true;
  /** Labs whose state this one starts from, in order. */
  requires: string[];
  objectives: string[];
  /** Requests that Malla keeps sending by the entry address while the lab is worked on, so that there is something to see. */
  traffic: TrafficFlow[];
  /** Markdown before the first step. */
  introduction: string;
  /** Those of the introduction. */
  questions: Question[];
  steps: Step[];
  /** Actions that leave the cluster as the lab found it. */
  cleanup: Action[];
  /** Absolute folder of lab.md. */
  folder: string;
  /** Where its objects go that name no namespace; `default` when undefined. */
  namespace?: string;
  /** Why it cannot be done where the student works, in Spanish without a final period. */
  notHere?: string;
}

export interface TrafficFlow {
  /** Path at the entry address. */
  path: string;
  headers: Record<string, string>;
  /** Requests per second; all flows of a lab together, at most 20. */
  rate: number;
}

export interface Step {
  id: string;
  title: string;
  /** Markdown of the step without checks, solution and mistakes; what the student reads. */
  markdown: string;
  hints: string[];
  questions: Question[];
  checks: CheckDeclaration[];
  solution: Action[];
  /** The solution as its author wrote it, prose included. */
  solutionMarkdown?: string;
  mistakes: Mistake[];
  /** Line of the heading in lab.md, from 1. */
  line: number;
}

/** The closed list of what a lab may ask for (diseno §5). */
export type Action =
  | { type: 'file'; path: string; content: string; line: number }
  | { type: 'run'; argv: [Program, ...string[]]; line: number }
  /** Answers a check of kind `respuesta`. */
  | { type: 'answer'; lab: string; step: string; check: string; text: string; line: number };
/** `malla` in one form only: `malla ssh MACHINE -- words…`. */
export type Program = 'kubectl' | 'istioctl' | 'curl' | 'malla';

/** A typical mistake: done instead of the solution, `check` must be incorrecto with cause `cause`. */
export interface Mistake {
  title: string;
  /** Error code, documented in docs/errores.md. */
  cause: string;
  /** Id of the check of this step that must fail. */
  check: string;
  actions: Action[];
  markdown: string;
  line: number;
}

export interface CheckBase {
  id: string;
  /** What the student reads beside the tick. */
  title: string;
  line: number;
}

/** What a kind of check must find: `Patterns[type]` is written by labs/check-kinds/<type>.ts. */
export type Patterns = { [T in CheckType]: PatternOf<(typeof forms)[T]> };
export type CheckDeclaration = { [T in CheckType]: CheckBase & { type: T; pattern: Patterns[T] } }[CheckType];
export type { CheckType } from './check-kinds/forms.ts';
