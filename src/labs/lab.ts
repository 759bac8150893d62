// The course as data: what labs/<id>/lab.md becomes. Parsed by parse.ts; format in docs/escribir-un-lab.md.

export type ClusterKind = 'embebido' | 'kind' | 'kubeadm';

export interface Lab {
  id: string;
  title: string;
  minutes: number;
  clusters: ClusterKind[];
  /** Labs whose state this one starts from, in order. */
  requires: string[];
  objectives: string[];
  /** Markdown before the first step. */
  introduction: string;
  steps: Step[];
  /** Actions that leave the cluster as the lab found it. */
  cleanup: Action[];
  /** Absolute folder of lab.md. */
  folder: string;
}

export interface Step {
  id: string;
  title: string;
  /** Markdown of the step without checks, solution and mistakes; what the student reads. */
  markdown: string;
  hints: string[];
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
  | { type: 'run'; argv: [Program, ...string[]]; line: number };
export type Program = 'kubectl' | 'istioctl' | 'curl';

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

export type CheckDeclaration = CheckBase &
  (
    | { type: 'objeto'; object: ObjectPattern }
    | { type: 'pods'; pods: PodsPattern }
    | { type: 'inyeccion'; namespace: string }
    | { type: 'http'; http: HttpPattern }
    | { type: 'reparto'; split: SplitPattern }
  );
export type CheckType = CheckDeclaration['type'];

export interface ObjectPattern {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  /** False: the object must not exist. */
  exists: boolean;
  /** Partial match: maps are subsets; lists have the same length and match item by item. */
  matches?: unknown;
}

export interface PodsPattern {
  namespace: string;
  /** Label selector, kubectl syntax. */
  selector: string;
  /** At least this many Ready pods, and no pod of the selector that is not. */
  atLeast: number;
  /** True: each has istio-proxy; false: none has; undefined: does not matter. */
  sidecar?: boolean;
}

export interface HttpPattern {
  /** Path at the entry address. */
  path: string;
  method: string;
  headers: Record<string, string>;
  status: number;
  /** Every text must appear in the body. */
  contains: string[];
}

export interface SplitPattern {
  path: string;
  headers: Record<string, string>;
  /** Class → RE2 pattern searched in the body. A body that matches none is class `otro`. */
  classes: Record<string, string>;
  /** Class → weight; any scale. Missing classes weigh 0. */
  expected: Record<string, number>;
}
