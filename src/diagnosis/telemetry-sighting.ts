// What the checks of logs, metrics and traces saw, as their diagnoses get it. Plain data.
import type { Answer } from '../traffic/load.ts';

export interface LogSighting {
  /** Pods of the selector whose log could be read. */
  pods: number;
  /** Containers of a pod that has none of that name. */
  otherContainers?: string[];
  /** Lines of the access log, whatever they say. */
  requests: number;
  /** The newest of them. */
  last?: string;
  /** Lines that are as asked. */
  found: number;
  /** Of the request that the check sent. */
  answer?: { url: URL; answer: Answer };
  /** Of the second log: whether it has requests at all. Undefined when there is none, or when the first one fails. */
  also?: { pods: number; requests: number };
  meshConfig: MeshConfig;
}

/** The mesh configuration as istiod has it, unvalidated. */
export type MeshConfig = Readonly<Record<string, unknown>>;

export interface MetricSighting {
  /** How far the question got. */
  outcome:
    | { kind: 'no query'; configMap: boolean; keys: string[] }
    | { kind: 'absent' }
    | { kind: 'silent'; detail: string }
    | { kind: 'refused'; detail: string }
    | { kind: 'values'; values: number[]; reference?: number };
  /** PromQL as it was asked. */
  query: string;
  /** Of each selector of the query, when the answer was not as asked. */
  selectors: SelectorFacts[];
  /** Where traffic comes in. */
  entry?: URL;
  /** Pods that Prometheus scrapes, or tries to. */
  targets: { namespace: string; pod: string; up: boolean; error: string }[];
}

/** A selector of a query beside what Prometheus has. */
export interface SelectorFacts {
  metric: string;
  /** It has a range: `metric[1m]`. */
  ranged: boolean;
  /** Whether Prometheus has the metric; else, the names that it has. */
  known: boolean;
  metrics: string[];
  /** Labels of the metric. */
  labels: string[];
  matchers: { name: string; operator: string; value: string; values: string[] }[];
}

export interface TraceSighting {
  url: URL;
  answer: Answer;
  outcome:
    | { kind: 'absent' }
    | { kind: 'silent'; detail: string }
    | { kind: 'none' }
    | { kind: 'trace'; spans: SeenSpan[] };
  /** Services that began a trace of their own meanwhile, where a trace was going by. */
  strays: string[];
  meshConfig: MeshConfig;
}

export interface SeenSpan {
  id: string;
  parent: string;
  service: string;
  side: 'client' | 'server' | 'other';
}
