import { printShares } from '../../diagnosis/rules/weights.ts';
import { headersOf } from '../../labs/check-kinds/destination-fields.ts';
import type { SplitPattern } from '../../labs/check-kinds/reparto.ts';
import { measureSplit, type SplitMeasurement } from '../../traffic/measure-split.ts';
import type { CheckKind } from '../check-kind.ts';
import { findAddress, printTarget } from '../entry.ts';
import { routingKinds } from '../routing-kinds.ts';
import { openSession } from '../session.ts';

export const reparto: CheckKind<'reparto'> = {
  looksAt: 'traffic',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern: split }, { cluster, facts, signal, errorProbability }) {
    const { url, closed } = await findAddress(cluster, split);
    const { classes, statuses, expected, session } = split;
    const host = headersOf({ ...split, headers: {} });
    const cookies = session && !closed ? await openSession(session, url, { destination: host, signal }) : {};
    const measured = closed
      ? unmeasured
      : await measureSplit({
          url: url.href,
          headers: { ...headersOf(split), ...cookies },
          classes,
          ...(statuses && { statuses }),
          expected,
          errorProbability,
          signal,
          concurrency: concurrencyOf(split),
          ...(facts.simulated ? {} : { rate: gentle }),
        });
    signal.throwIfAborted();
    const { decision, requests, counts, latencyMilliseconds } = measured;
    return {
      expected: expectation(split),
      observed: summary(measured),
      evidence: {
        requests,
        counts,
        latencyMilliseconds,
        ...(decision === 'correcto' || decision === 'incorrecto' ? { errorBound: errorProbability } : {}),
      },
      ...(decision === 'correcto' ? {} : { symptom: { type: 'reparto', pattern: split, url, measured } }),
    };
  },
  watches: () => routingKinds,
};

/** Requests a second to a cluster that others may be using; a simulated one is the student's own. */
const gentle = 300;
const usualConcurrency = 8;
/** Failures that are waited for take their time, and no balancer decides between them. */
const failuresConcurrency = 32;

function concurrencyOf(split: SplitPattern): number {
  if (split.statuses) return failuresConcurrency;
  return isEven(split) ? 1 : usualConcurrency;
}

/** There is no port to ask. */
const unmeasured: SplitMeasurement = {
  decision: 'incorrecto',
  requests: 0,
  counts: {},
  shares: {},
  errorProbability: 0,
  failures: { refused: 1 },
  latencyMilliseconds: { p50: 0, p95: 0 },
  milliseconds: 0,
};

/**
 * The split that a Service gives by itself. Istio's balancer (LEAST_REQUEST) favours the fastest pods when several
 * requests are in flight: one at a time, every pod is as likely.
 */
function isEven({ classes, expected }: SplitPattern): boolean {
  const [first, ...rest] = Object.keys(classes).map((name) => expected[name] ?? 0);
  return first !== undefined && first > 0 && rest.every((w) => w === first);
}

function expectation({ expected, ...target }: SplitPattern): string {
  const path = printTarget(target);
  const total = Object.values(expected).reduce((sum, w) => sum + w, 0);
  return `${path} se reparte así: ${printShares(Object.fromEntries(Object.entries(expected).map(([k, w]) => [k, w / total])))}`;
}

function summary({ counts, requests, failures }: SplitMeasurement): string {
  const answers = Object.values(counts).reduce((sum, n) => sum + n, 0) || 1;
  const seen = Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n / answers]));
  const failed = Object.entries(failures).map(([name, n]) => `${n} × ${name}`);
  return `${printShares(seen) || 'ninguna respuesta'} en ${requests} ${requests === 1 ? 'petición' : 'peticiones'}${failed.length > 0 ? ` (fallos: ${failed.join(', ')})` : ''}`;
}
