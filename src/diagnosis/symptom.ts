// What went wrong with a check, as the diagnosis gets it.
import type { Patterns } from '../labs/lab.ts';
import type { KubeObject } from '../mesh/objects.ts';
import type { Answer } from '../traffic/load.ts';
import type { LogSighting, MetricSighting, TraceSighting } from './telemetry-sighting.ts';

export type Symptom =
  | { type: 'objeto'; pattern: Patterns['objeto']; found: KubeObject | undefined; differences: Difference[] }
  | { type: 'pods'; pattern: Patterns['pods'] }
  | { type: 'inyeccion'; pattern: Patterns['inyeccion'] }
  | { type: 'http'; pattern: Patterns['http']; url: URL; answer: Answer }
  | { type: 'reparto'; pattern: Patterns['reparto']; url: URL; measured: MeasuredSplit }
  | { type: 'registro'; pattern: Patterns['registro']; sighting: LogSighting }
  | { type: 'metrica'; pattern: Patterns['metrica']; sighting: MetricSighting }
  | { type: 'traza'; pattern: Patterns['traza']; sighting: TraceSighting };

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
