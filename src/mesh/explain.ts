// A decision in steps, each with the object and YAML path responsible.
import type { Arrival, VirtualHost } from './arrival.ts';
import type { Outcome, Step } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import { destinationSteps, endpointStep } from './explain-destination.ts';
import { filterSteps, policySteps } from './explain-policies.ts';
import type { Route } from './routes.ts';
import type { TcpRoute } from './tcp-routes.ts';
import type { Trace } from './trace.ts';

export function explain(arrival: Arrival, request: MeshRequest, trace: Trace, outcome: Outcome): Step[] {
  return [...arrivalSteps(arrival, request, trace, outcome), ...replyStep(outcome)];
}

function arrivalSteps(arrival: Arrival, request: MeshRequest, trace: Trace, outcome: Outcome): Step[] {
  const { port, authority } = request;
  const listener = 'listener' in arrival && arrival.listener ? { source: arrival.listener } : {};
  const found: Step = { kind: 'listener', result: 'matched', facts: { port }, ...listener };
  switch (arrival.kind) {
    case 'refused':
      return [{ kind: 'listener', result: 'not-found', facts: { port }, ...listener }];
    case 'passthrough':
    case 'blocked': {
      const why = arrival.kind === 'blocked' && arrival.source ? { source: arrival.source } : {};
      if (arrival.why === 'no-listener') {
        return [{ kind: 'listener', result: arrival.kind, facts: { port }, ...why }];
      }
      return [found, { kind: 'virtual-host', result: arrival.kind, facts: { authority }, ...why }];
    }
    case 'tcp':
      return [
        { kind: 'listener', result: 'tcp', facts: { port }, ...listener },
        ...tcpSteps(arrival.routes, request, trace, outcome),
      ];
    case 'no-virtual-host':
      return [found, { kind: 'virtual-host', result: 'not-found', facts: { authority } }];
    case 'http':
      return [...hostSteps(arrival.virtualHost, request), ...routeSteps(arrival.virtualHost, request, trace, outcome)];
  }
}

function tcpSteps(
  routes: readonly TcpRoute[],
  { serverName = '' }: MeshRequest,
  trace: Trace,
  outcome: Outcome,
): Step[] {
  const route = routes[trace.route];
  if (!route) return [{ kind: 'rule', result: 'not-found', facts: { routes: routes.length, serverName } }];
  const { source, matchPath, weights, destinations } = route;
  // A Service's own route says nothing that its endpoint does not.
  if (source.kind === 'Service' || source.kind === 'ServiceEntry') {
    const cluster = destinations[0]?.cluster;
    return cluster && typeof cluster !== 'string' ? [endpointStep(cluster, trace.endpoint, outcome)] : [];
  }
  const at = matchPath ? { ...source, path: matchPath } : source;
  const matched: Step = { kind: 'rule', result: 'matched', source: at, facts: { serverName } };
  return [matched, ...destinationSteps(weights, destinations, trace, outcome)];
}

function hostSteps(virtualHost: VirtualHost, { port, authority }: MeshRequest): Step[] {
  const { domain, source, listener, ignored, dropped } = virtualHost;
  return [
    { kind: 'listener', result: 'matched', facts: { port }, ...(listener && { source: listener }) },
    { kind: 'virtual-host', result: 'matched', facts: { authority, domain }, ...(source && { source }) },
    ...ignored.map(
      (younger): Step => ({ kind: 'virtual-host', result: 'ignored', source: younger, facts: { authority, domain } }),
    ),
    ...dropped.map(
      ({ source: at, why, delegate }): Step => ({ kind: 'delegate', result: why, source: at, facts: { delegate } }),
    ),
  ];
}

function routeSteps(
  { routes, httpsRedirect, listener }: VirtualHost,
  request: MeshRequest,
  trace: Trace,
  outcome: Outcome,
): Step[] {
  if (httpsRedirect && trace.route < 0 && outcome.kind === 'reply' && outcome.status === 301) {
    const source = listener && { source: { ...listener, path: `${listener.path}.tls.httpsRedirect` } };
    return [{ kind: 'rule', result: 'https-redirect', facts: {}, ...source }];
  }
  const path = request.path.split('?')[0] ?? '';
  const tried = trace.route < 0 ? routes : routes.slice(0, trace.route);
  const steps = tried.map((route) => rejection(route, request, path));
  const route = routes[trace.route];
  if (!route) return [...steps, { kind: 'rule', result: 'not-found', facts: { routes: routes.length } }];
  if (route.delegatedBy) {
    const { namespace, name } = route.source;
    const facts = { delegate: `${namespace}/${name}` };
    steps.push({ kind: 'delegate', result: 'delegated', source: route.delegatedBy, facts });
  }
  steps.push(...matchStep(route, request, path));
  steps.push({ kind: 'rule', result: 'matched', source: route.source, facts: { name: route.name } });
  const { action } = route;
  if (action.kind === 'reply') return steps;
  const { weights, destinations } = action;
  const filters = filterSteps(action, request, trace, outcome);
  // A proxy that answers by itself goes no further than the drawn destination, by which its record names the cluster.
  const [drawn, ...further] = destinationSteps(weights, destinations, trace, outcome);
  const reached = outcome.kind === 'forward' || !['fault_filter_abort', 'cors_response'].includes(detailsOf(outcome));
  steps.push(...(drawn ? [drawn] : []), ...filters);
  if (reached) steps.push(...further, ...policySteps(action, request, outcome));
  return steps;
}

function detailsOf(outcome: Outcome): string {
  return outcome.kind === 'reply' ? outcome.details : '';
}

/** The first condition that failed. */
function rejection(route: Route, request: MeshRequest, path: string): Step {
  const failed = route.conditions.find((condition) => !condition.test(request, path));
  if (!failed) return { kind: 'match', result: 'rejected', source: matchSource(route, ''), facts: {} };
  const { operator, value, negated } = failed;
  const source = matchSource(route, failed.path);
  return {
    kind: 'match',
    result: 'rejected',
    source: { ...source, path: `${source.path}.${failed.path}` },
    facts: { operator, expected: value, actual: failed.actual(request, path) ?? '', negated },
  };
}

function matchStep(route: Route, request: MeshRequest, path: string): Step[] {
  if (!route.match) return [];
  const facts: Step['facts'] = {};
  for (const condition of route.conditions) facts[condition.path] = condition.actual(request, path) ?? '';
  return [{ kind: 'match', result: 'matched', source: matchSource(route, ''), facts }];
}

/** Of the entry of `match` that a field of it is written in. */
function matchSource(route: Route, field: string): Step['source'] & object {
  if (route.matchSource) return route.matchSource(field);
  const { source, match } = route;
  return match ? { ...source, path: `${source.path}.match[${match.index}]` } : source;
}

function replyStep(outcome: Outcome): Step[] {
  if (outcome.kind !== 'reply') return [];
  const { status, details, flags } = outcome;
  return [{ kind: 'reply', result: details, facts: { status, flags: flags.join(',') } }];
}
