// The tries of one request: the first endpoint, and by the route's retry policy others after a back-off.
import type { Endpoint, Forward } from '../../mesh/decision.ts';
import type { HttpReply } from '../contract.ts';
import { oneTry, type TryResult } from './one-try.ts';
import type { OutboundHop } from './outbound-hop.ts';
import {
  connectFailure,
  noHealthyHost,
  overflow,
  type ProxyReply,
  routeTimeout,
  type Tries,
  terminated,
  tryTimeout,
} from './proxy-replies.ts';
import { backoffBefore, wouldRetry } from './retry-policy.ts';

export type Answered = { exhausted: boolean } & (
  | { reply: HttpReply; failure?: undefined }
  | { failure: ProxyReply; reply?: undefined }
);

/** When the client goes meanwhile, the answer is of no use: see `hop.ended`. */
export async function tryUntilAnswered(hop: OutboundHop, outcome: Forward): Promise<Answered> {
  const { retry } = outcome;
  const tried: Endpoint[] = [];
  let endpoint = outcome.endpoint;
  for (let retrying: (() => void) | undefined; ; ) {
    tried.push(endpoint);
    const result = await oneTry(hop, outcome, endpoint, tried.length);
    retrying?.();
    if (hop.expired) return expired();
    const again = retry !== undefined && retry.attempts > 0 && wouldRetry(retry, result);
    const exhausted = again && tried.length > retry.attempts;
    if (hop.ended || !again || exhausted) return conclude(result, { retried: tried.length > 1, exhausted });
    retrying = hop.pod.chance.beginRetry(outcome);
    if (!retrying) {
      // One retry more than the cluster allows at once.
      hop.flag('UO');
      return conclude(result, { retried: tried.length > 1, exhausted: false });
    }
    await hop.wait(backoffBefore(tried.length, retry.backoff, hop.context.random));
    const next = hop.expired ? undefined : hop.context.engine().retryEndpoint(outcome, tried, hop.pod.chance);
    if (!next) {
      retrying();
      return hop.expired ? expired() : { failure: noHealthyHost(), exhausted: false };
    }
    endpoint = next;
  }
}

function expired(): Answered {
  return { failure: routeTimeout(), exhausted: false };
}

function conclude(result: TryResult, tries: Tries): Answered {
  const { exhausted } = tries;
  switch (result.kind) {
    case 'reply':
      return { reply: result.reply, exhausted };
    case 'not-connected':
      return { failure: connectFailure(result.why, tries), exhausted };
    case 'reset':
      return { failure: terminated(tries), exhausted };
    case 'try-timeout':
      return { failure: tryTimeout(tries), exhausted };
    case 'overflow':
      return { failure: overflow(tries), exhausted };
  }
}
