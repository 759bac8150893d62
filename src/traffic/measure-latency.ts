// Measures a latency with real traffic until the sequential test decides.
import type { Interval } from './latency.ts';
import { createLatencyTest, type LatencyDecision } from './latency-test.ts';
import { sendAtRate } from './open-loop.ts';

export interface LatencyOptions {
  /** Absolute URL. */
  url: string;
  headers?: Record<string, string>;
  /** 0.5 for the median. */
  quantile: number;
  /** Milliseconds; 0 and Infinity when there is no such end. */
  minimum: number;
  maximum: number;
  errorProbability: number;
  /** Only answers with this status are timed; without it, any answer. */
  status?: number;
  /** Gives up undecided after this many requests. */
  limit?: number;
  /** Connections at most. */
  concurrency?: number;
  /** Requests a second. */
  rate?: number;
  signal?: AbortSignal;
}

export interface LatencyMeasurement {
  /** `seguir`: the limit came, or the signal, before a decision. */
  decision: LatencyDecision;
  /** Answers looked at, of any status. */
  requests: number;
  /** Answers by status or by failure: `200`, `504`, `refused`. */
  statuses: Record<string, number>;
  /** Answers that were timed. */
  timed: number;
  /** The quantile of the timed ones, milliseconds, and where the true one is with an error ≤ errorProbability. */
  estimate: number;
  interval: Interval;
  errorProbability: number;
  milliseconds: number;
}

/** This many answers without one to time settle that there is no latency to judge. */
const hopeless = 10;

export async function measureLatency(options: LatencyOptions): Promise<LatencyMeasurement> {
  const { url, headers, signal, status, limit = 300, concurrency = 128, rate = 20, errorProbability } = options;
  const begun = performance.now();
  const test = createLatencyTest(options);
  const statuses: Record<string, number> = {};
  let requests = 0;
  const load = { url, limit, rate, connections: concurrency };
  for await (const answer of sendAtRate({ ...load, ...(headers && { headers }), ...(signal && { signal }) })) {
    requests++;
    const name = answer.failure ?? String(answer.status);
    statuses[name] = (statuses[name] ?? 0) + 1;
    const counts = !answer.failure && (status === undefined || answer.status === status);
    if (counts && test.observe(answer.milliseconds) !== 'seguir') break;
    if (test.samples === 0 && requests >= hopeless) break;
  }
  const { decision, estimate, interval, samples: timed } = test;
  return {
    decision,
    requests,
    statuses,
    timed,
    estimate,
    interval,
    errorProbability,
    milliseconds: performance.now() - begun,
  };
}
