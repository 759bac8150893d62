// Kubernetes' own conformance tests of the API machinery against the embedded cluster: what is kept of a run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const RESULTS = join(import.meta.dirname, 'results.json');

export interface ConformanceResults {
  /** Of Kubernetes, whose tests they are. */
  version: string;
  /** RFC 3339. */
  date: string;
  tests: Record<string, ConformanceResult>;
}

export interface ConformanceResult {
  state: 'passed' | 'failed' | 'needs a container';
  /** The test's own words. */
  why?: string;
  seconds?: number;
}

export function readResults(): ConformanceResults {
  return JSON.parse(readFileSync(RESULTS, 'utf8')) as ConformanceResults;
}

/**
 * Tests that are about a program in a container that somebody wrote for them: a webhook or an API server of their own. The
 * simulator models programs and runs none.
 */
const PROGRAMS: readonly [start: string, program: string][] = [
  ['[sig-api-machinery] AdmissionWebhook ', 'un webhook propio, en la imagen agnhost'],
  ['[sig-api-machinery] CustomResourceConversionWebhook ', 'un webhook de conversión, en la imagen agnhost'],
  ['[sig-api-machinery] CustomResourceFieldSelectors ', 'un webhook de conversión, en la imagen agnhost'],
  ['[sig-api-machinery] Aggregator ', 'un servidor de API propio, en la imagen sample-apiserver'],
];

/** What program a test needs to run inside the cluster; undefined: none. */
export function programNeeded(test: string): string | undefined {
  return PROGRAMS.find(([start]) => test.startsWith(start))?.[1];
}

/** Tests that passed before and do not now. */
export function regressions(before: ConformanceResults, now: ConformanceResults): string[] {
  const passes = ({ tests }: ConformanceResults, name: string) => tests[name]?.state === 'passed';
  return Object.keys(now.tests).filter((name) => passes(before, name) && !passes(now, name));
}

/** Of the tests that need no container, the share that passes. */
export function passing({ tests }: ConformanceResults): { passed: number; of: number } {
  const own = Object.values(tests).filter(({ state }) => state !== 'needs a container');
  return { passed: own.filter(({ state }) => state === 'passed').length, of: own.length };
}
