// `retries`: how often and for what a route tries again (istio-hechos §1.4).
import type { RetryPolicy } from './decision.ts';
import { fields, integer, present, text } from './read.ts';
import { milliseconds } from './upstream/duration.ts';

const DEFAULT_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';
const DEFAULT_BACKOFF = 25;
/** More than anybody means; a policy may be anybody's. */
const MOST_ATTEMPTS = 1_000;

export const NEVER: RetryPolicy = { attempts: 0, on: new Set(), statuses: new Set(), backoff: DEFAULT_BACKOFF };

/** What routes do that say nothing: Istio's own default, or the mesh's. */
export function defaultRetries(meshConfig: Readonly<Record<string, unknown>> = {}): RetryPolicy {
  const builtIn: RetryPolicy = { attempts: 2, backoff: DEFAULT_BACKOFF, ...conditions(DEFAULT_ON) };
  return compileRetries(meshConfig.defaultHttpRetryPolicy, builtIn);
}

/** A policy without attempts switches tries off. */
export function compileRetries(spec: unknown, otherwise: RetryPolicy): RetryPolicy {
  if (!present(spec)) return otherwise;
  const { attempts, perTryTimeout, retryOn, backoff } = fields(spec);
  const count = integer(attempts) ?? 0;
  if (count <= 0) return NEVER;
  const perTry = milliseconds(perTryTimeout) || otherwise.perTryTimeout;
  const words = text(retryOn);
  return {
    attempts: Math.min(count, MOST_ATTEMPTS),
    ...(perTry !== undefined && { perTryTimeout: perTry }),
    ...(words ? conditions(words) : { on: otherwise.on, statuses: otherwise.statuses }),
    backoff: milliseconds(backoff) || otherwise.backoff,
  };
}

/** Numbers among the words are statuses. */
function conditions(words: string): Pick<RetryPolicy, 'on' | 'statuses'> {
  const on = new Set<string>();
  const statuses = new Set<number>();
  for (const part of words.split(',')) {
    const word = part.trim().toLowerCase();
    if (/^\d{3}$/.test(word)) statuses.add(Number(word));
    else if (word) on.add(word);
  }
  if (statuses.size > 0) on.add('retriable-status-codes');
  return { on, statuses };
}
