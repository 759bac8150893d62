// When Envoy tries again, and how long it waits before (istio-hechos §1.4).
import type { RetryPolicy } from '../../mesh/decision.ts';
import type { HttpReply } from '../contract.ts';
import type { TryResult } from './one-try.ts';

export function wouldRetry(policy: RetryPolicy, result: TryResult): boolean {
  const { on } = policy;
  switch (result.kind) {
    case 'reply':
      return retriesReply(policy, result.reply);
    case 'not-connected':
      return on.has('connect-failure') || on.has('reset-before-request') || retriesReset(on);
    case 'reset':
    case 'try-timeout':
      return retriesReset(on);
    case 'overflow':
      return false;
  }
}

function retriesReset(on: ReadonlySet<string>): boolean {
  return on.has('5xx') || on.has('gateway-error') || on.has('reset');
}

const GATEWAY_ERRORS = [502, 503, 504];

const GRPC_CONDITIONS: Readonly<Record<string, string>> = {
  1: 'cancelled',
  4: 'deadline-exceeded',
  8: 'resource-exhausted',
  13: 'internal',
  14: 'unavailable',
};

function retriesReply({ on, statuses }: RetryPolicy, { status, headers }: HttpReply): boolean {
  if (headers['x-envoy-ratelimited'] !== undefined) return on.has('envoy-ratelimited');
  if (on.has('5xx') && status >= 500 && status <= 599) return true;
  if (on.has('gateway-error') && GATEWAY_ERRORS.includes(status)) return true;
  if (on.has('retriable-4xx') && status === 409) return true;
  if (statuses.has(status)) return true;
  const condition = GRPC_CONDITIONS[headers['grpc-status'] ?? ''];
  return condition !== undefined && on.has(condition);
}

/** Fully jittered, doubling, at most ten times the base. `tries` were made already. */
export function backoffBefore(tries: number, base: number, random: () => number): number {
  return random() * Math.min(base * (2 ** tries - 1), base * 10);
}
