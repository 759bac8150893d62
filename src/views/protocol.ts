// What a page of views may ask, and what it gets: one typed map, the same over HTTP and inside VS Code.
import type { ExplainChoices, ExplainedRequest, ExplainQuestion } from './explain/explained-request.ts';

export interface ViewRequests {
  about: { question: Record<string, never>; answer: AboutCluster };
  explainChoices: { question: Record<string, never>; answer: ExplainChoices };
  explain: { question: ExplainQuestion; answer: ExplainedRequest };
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
