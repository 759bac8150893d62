// What a page of views may ask, and what it gets: one typed map, the same over HTTP and inside VS Code.
import type { Dashboard, DashboardQuestion } from './dashboards/dashboard.ts';
import type {
  ComparedRequest,
  ExplainChoices,
  ExplainedRequest,
  ExplainQuestion,
} from './explain/explained-request.ts';
import type { GraphQuestion, MeshGraph } from './graph/mesh-graph.ts';
import type { TraceList, TracesQuestion, TraceTree } from './traces/trace.ts';

export interface ViewRequests {
  about: { question: Record<string, never>; answer: AboutCluster };
  explainChoices: { question: Record<string, never>; answer: ExplainChoices };
  graph: { question: GraphQuestion; answer: MeshGraph };
  dashboard: { question: DashboardQuestion; answer: Dashboard };
  traces: { question: TracesQuestion; answer: TraceList };
  trace: { question: { id: string }; answer: TraceTree };
  explain: { question: ExplainQuestion; answer: ExplainedRequest };
  /** Sends it. */
  compare: { question: ExplainQuestion; answer: ComparedRequest };
}

export type ViewName = keyof ViewRequests;

export interface AboutCluster {
  serverVersion: string;
  /** The server says that it is Malla's simulator. */
  simulated: boolean;
  /** Undefined: Istio is not installed. */
  istio?: string;
}

/** A question as it travels. `id` comes back with the answer. */
export interface ViewCall {
  id: number;
  view: ViewName;
  question: unknown;
}

export type ViewReply = { id: number } & ({ answer: unknown } | { problem: ViewProblem });

/** The errors of Malla, as its command line says them. */
export interface ViewProblem {
  code: string;
  happened: string;
  expected: string;
  todo: string;
}
