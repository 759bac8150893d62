// Measures a split with real traffic until the sequential test decides.
import { createClassifier, otherClass } from './classify.ts';
import { quantile } from './latency.ts';
import { sendRequests } from './load.ts';
import { createSplitTest, type SplitDecision } from './split-test.ts';

export interface SplitOptions {
  /** Absolute URL. */
  url: string;
  headers: Record<string, string>;
  /** Class → RE2 pattern searched in the body. */
  classes: Record<string, string>;
  /** Class → status of its answers, for classes that are not a text. */
  statuses?: Record<string, number>;
  /** Class → weight. */
  expected: Record<string, number>;
  errorProbability: number;
  /** Gives up undecided after this many answers. */
  limit?: number;
  /** Requests a second at most; bounded by the answers alone when undefined. */
  rate?: number;
  /** Gives up undecided after this many milliseconds. */
  time?: number;
  concurrency?: number;
  signal?: AbortSignal;
}

export interface SplitMeasurement {
  /** `seguir`: a limit came, or the signal, before a decision. */
  decision: SplitDecision;
  requests: number;
  /** Answers per class; `otro` is what matched none. */
  counts: Record<string, number>;
  shares: Record<string, number>;
  errorProbability: number;
  /** Answers that were neither 2xx nor of a class, by status or by failure: `503`, `refused`. */
  failures: Record<string, number>;
  latencyMilliseconds: { p50: number; p95: number };
  milliseconds: number;
}

/** This many answers in a row without one success settle that there is no traffic to judge. */
const hopeless = 20;
/** A split that takes longer is of a mesh too slow to tell. */
const longest = 120_000;

export async function measureSplit(options: SplitOptions): Promise<SplitMeasurement> {
  const { limit = 5000, time = longest, expected, errorProbability, classes, statuses = {}, ...load } = options;
  const begun = performance.now();
  const unweighted = Object.fromEntries([...Object.keys(classes), ...Object.keys(statuses)].map((name) => [name, 0]));
  const test = createSplitTest({ expected: { ...unweighted, ...expected }, errorProbability });
  const classify = createClassifier(classes, statuses);
  const failures: Record<string, number> = {};
  const latencies: number[] = [];
  const counts: Record<string, number> = {};
  let successes = 0;

  for await (const answer of sendRequests({ ...load, limit, time, fresh: true })) {
    latencies.push(answer.milliseconds);
    const name = classify(answer.status, answer.body);
    if ((answer.status >= 200 && answer.status <= 299) || name !== otherClass) successes++;
    else {
      const failure = answer.failure ?? String(answer.status);
      failures[failure] = (failures[failure] ?? 0) + 1;
    }
    counts[name] = (counts[name] ?? 0) + 1;
    const decision = test.observe(name);
    if (decision !== 'seguir' && (successes > 0 || latencies.length >= hopeless)) break;
  }

  return {
    decision: test.decision,
    requests: latencies.length,
    // A test that has decided counts no more; answers may go on for a while when none was a success.
    counts: { ...test.counts, ...counts },
    shares: { ...test.shares },
    errorProbability,
    failures,
    latencyMilliseconds: { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95) },
    milliseconds: performance.now() - begun,
  };
}
