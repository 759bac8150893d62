// What a rule does to a request besides choosing its destination, in steps: faults, CORS, and what holds while it is sent.
import { originOf } from './cors.ts';
import type { Outcome, Source, Step } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import type { RouteAction } from './routes.ts';
import { struck, type Trace } from './trace.ts';

/** What comes before the router. */
export function filterSteps(action: RouteAction, request: MeshRequest, trace: Trace, outcome: Outcome): Step[] {
  return [...faultSteps(action, trace), ...corsStep(action, request, outcome)];
}

/** What goes with a request that is sent. */
export function policySteps(action: RouteAction, request: MeshRequest, outcome: Outcome): Step[] {
  if (outcome.kind !== 'forward') return [];
  const steps: Step[] = [];
  const { rewriteSource, timeout, retrySource, mirrors } = action;
  const { rewrittenPath, rewrittenAuthority, retry } = outcome;
  if (rewriteSource && (rewrittenPath !== undefined || rewrittenAuthority !== undefined)) {
    const facts = {
      ...(rewrittenPath !== undefined && { from: request.path, to: rewrittenPath }),
      ...(rewrittenAuthority !== undefined && { authority: rewrittenAuthority }),
    };
    steps.push({ kind: 'rewrite', result: 'rewritten', source: rewriteSource, facts });
  }
  if (timeout) {
    const facts = { milliseconds: timeout.milliseconds };
    steps.push({ kind: 'timeout', result: 'set', source: timeout.source, facts });
  }
  if (retrySource && retry) {
    const on = [...retry.on, ...[...retry.statuses].map(String)].join(',');
    const perTry = retry.perTryTimeout !== undefined && { perTryTimeout: retry.perTryTimeout };
    const facts = { attempts: retry.attempts, on, ...perTry };
    steps.push({ kind: 'retry', result: retry.attempts > 0 ? 'set' : 'off', source: retrySource, facts });
  }
  for (const { source, host, subset, probability, cluster } of mirrors) {
    const copied = typeof cluster !== 'string' && outcome.mirrors?.some((mirror) => mirror.cluster === cluster.name);
    const result = typeof cluster === 'string' ? cluster : copied ? 'copied' : 'not-copied';
    steps.push({
      kind: 'mirror',
      result,
      source,
      facts: { host, ...(subset && { subset }), percent: percent(probability) },
    });
  }
  return steps;
}

function faultSteps({ fault }: RouteAction, trace: Trace): Step[] {
  if (!fault) return [];
  const steps: Step[] = [];
  const { source, delay, abort } = fault;
  const at = (field: string): Source => ({ ...source, path: `${source.path}.${field}` });
  if (delay) {
    const result = struck(delay.probability, trace.delayDraw) ? 'delayed' : 'not-delayed';
    const facts = { milliseconds: delay.milliseconds, percent: percent(delay.probability), draw: trace.delayDraw };
    steps.push({ kind: 'fault', result, source: at('delay'), facts });
  }
  if (abort) {
    const result = struck(abort.probability, trace.abortDraw) ? 'aborted' : 'not-aborted';
    const facts = { status: abort.status, percent: percent(abort.probability), draw: trace.abortDraw };
    steps.push({ kind: 'fault', result, source: at('abort'), facts });
  }
  return steps;
}

function corsStep({ cors }: RouteAction, request: MeshRequest, outcome: Outcome): Step[] {
  const origin = originOf(request);
  if (!cors || origin === undefined) return [];
  const answered = outcome.kind === 'reply' && outcome.details === 'cors_response';
  const allowed = cors.allows(origin);
  const result = answered ? 'preflight' : allowed ? 'allowed' : 'not-allowed';
  return [{ kind: 'cors', result, source: cors.source, facts: { origin, allowed } }];
}

/** Without the crumbs of binary fractions. */
function percent(probability: number): number {
  return Math.round(probability * 1_000_000) / 10_000;
}
