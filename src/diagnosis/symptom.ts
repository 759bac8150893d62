// What went wrong with a check, as the diagnosis gets it.
import type { MachineFacts } from '../cluster/machines/machines.ts';
import type { Patterns } from '../labs/lab.ts';
import type { Judged } from '../labs/same-answer.ts';
import type { KubeObject } from '../mesh/objects.ts';
import type { CurlAnswer } from '../traffic/curl-request.ts';
import type { Answer } from '../traffic/load.ts';
import type { Pod } from './scene.ts';
import type { LogSighting, MetricSighting, TraceSighting } from './telemetry-sighting.ts';

export type Symptom =
  | {
      type: 'objeto';
      pattern: Patterns['objeto'];
      found: KubeObject | undefined;
      differences: Difference[];
      broken?: string;
    }
  | { type: 'pods'; pattern: Patterns['pods'] }
  | { type: 'inyeccion'; pattern: Patterns['inyeccion'] }
  | ({ type: 'http'; pattern: Patterns['http']; url: URL } & HttpSeen)
  | {
      type: 'latencia';
      pattern: Patterns['latencia'];
      url: URL;
      measured: MeasuredLatency;
      /** Milliseconds that the API took meanwhile to answer a question that goes by no rule. */
      answering?: number;
    }
  | { type: 'proxy'; pattern: Patterns['proxy']; pod?: Pod; seen?: ProxySeen }
  | ({ type: 'peticion'; pattern: Patterns['peticion'] } & PodRequestSeen)
  | { type: 'reparto'; pattern: Patterns['reparto']; url: URL; measured: MeasuredSplit }
  | { type: 'registro'; pattern: Patterns['registro']; sighting: LogSighting }
  | { type: 'metrica'; pattern: Patterns['metrica']; sighting: MetricSighting }
  | {
      type: 'respuesta';
      pattern: Patterns['respuesta'];
      /** Undefined when nothing was answered. */
      answer: string | undefined;
      judged: Judged | undefined;
    }
  /** `machines`: what was seen on the machines themselves, where there is a way in. */
  | { type: 'nodos'; pattern: Patterns['nodos']; machines?: readonly MachineFacts[] }
  | { type: 'traza'; pattern: Patterns['traza']; sighting: TraceSighting };

/** What was found in a section of a proxy's configuration. */
export interface ProxySeen {
  total: number;
  /** Those with the name. */
  named: number;
  /** Those of them that are as asked. */
  matching: number;
  /** Of the one that is nearest. */
  difference?: Difference;
}

export interface PodRequestSeen {
  /** The pod that sent it; undefined when none was ready. */
  client?: Pod;
  answer?: CurlAnswer;
}

export interface HttpSeen {
  answer: Answer;
  /** The answer outside the rule; absent when it was not asked for. */
  contrast?: Answer;
  /** Response flags of the lines that the request left in the log that the check names. */
  flags?: string[];
}

/** Milliseconds. */
export interface MeasuredLatency {
  decision: 'seguir' | 'correcto' | 'incorrecto';
  requests: number;
  /** Answers by status or by failure. */
  statuses: Record<string, number>;
  /** Answers of the status that is asked about. */
  timed: number;
  estimate: number;
}

/** A field that is not as the pattern says. */
export interface Difference {
  /** `spec.http[0].route[1].weight`; empty for the whole object. */
  path: string;
  expected: unknown;
  found: unknown;
}

export interface MeasuredSplit {
  decision: 'seguir' | 'correcto' | 'incorrecto' | 'dependiente';
  requests: number;
  counts: Record<string, number>;
  /** By status or by failure: `503`, `refused`. */
  failures: Record<string, number>;
}
