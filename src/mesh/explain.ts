// A decision in steps, each with the object and YAML path responsible.
import type { Arrival, VirtualHost } from './arrival.ts';
import type { Outcome, Step } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import type { Trace } from './route-request.ts';
import type { Route, RouteAction } from './routes.ts';

export function explain(arrival: Arrival, request: MeshRequest, trace: Trace, outcome: Outcome): Step[] {
  return [...arrivalSteps(arrival, request, trace), ...replyStep(outcome)];
}

function arrivalSteps(arrival: Arrival, request: MeshRequest, trace: Trace): Step[] {
  const { port, authority } = request;
  switch (arrival.kind) {
    case 'refused':
      return [{ kind: 'listener', result: 'not-found', facts: { port } }];
    case 'passthrough':
      if (arrival.why === 'no-listener') return [{ kind: 'listener', result: 'passthrough', facts: { port } }];
      return [
        { kind: 'listener', result: 'matched', facts: { port } },
        { kind: 'virtual-host', result: 'passthrough', facts: { authority } },
      ];
    case 'tcp':
      return [{ kind: 'listener', result: 'tcp', facts: { port } }, endpointStep(arrival.cluster, trace.endpoint)];
    case 'no-virtual-host':
      return [
        { kind: 'listener', result: 'matched', facts: { port }, ...(arrival.listener && { source: arrival.listener }) },
        { kind: 'virtual-host', result: 'not-found', facts: { authority } },
      ];
    case 'http':
      return [...hostSteps(arrival.virtualHost, request), ...routeSteps(arrival.virtualHost, request, trace)];
  }
}

function hostSteps(virtualHost: VirtualHost, { port, authority }: MeshRequest): Step[] {
  const { domain, source, listener, ignored } = virtualHost;
  return [
    { kind: 'listener', result: 'matched', facts: { port }, ...(listener && { source: listener }) },
    { kind: 'virtual-host', result: 'matched', facts: { authority, domain }, ...(source && { source }) },
    ...ignored.map(
      (younger): Step => ({ kind: 'virtual-host', result: 'ignored', source: younger, facts: { authority, domain } }),
    ),
  ];
}

function routeSteps({ routes, httpsRedirect }: VirtualHost, request: MeshRequest, trace: Trace): Step[] {
  if (httpsRedirect) return [];
  const path = request.path.split('?')[0] ?? '';
  const tried = trace.route < 0 ? routes : routes.slice(0, trace.route);
  const steps = tried.map((route) => rejection(route, request, path));
  const route = routes[trace.route];
  if (!route) return [...steps, { kind: 'rule', result: 'not-found', facts: { routes: routes.length } }];
  steps.push(...matchStep(route, request, path));
  steps.push({ kind: 'rule', result: 'matched', source: route.source, facts: { name: route.name } });
  if (route.action.kind === 'route') steps.push(...destinationSteps(route.action, trace));
  return steps;
}

/** The first condition that failed. */
function rejection(route: Route, request: MeshRequest, path: string): Step {
  const failed = route.conditions.find((condition) => !condition.test(request, path));
  const at = matchPath(route);
  if (!failed) return { kind: 'match', result: 'rejected', source: { ...route.source, path: at }, facts: {} };
  const { operator, value, negated } = failed;
  return {
    kind: 'match',
    result: 'rejected',
    source: { ...route.source, path: `${at}.${failed.path}` },
    facts: { operator, expected: value, actual: failed.actual(request, path) ?? '', negated },
  };
}

function matchStep(route: Route, request: MeshRequest, path: string): Step[] {
  if (!route.match) return [];
  const facts: Step['facts'] = {};
  for (const condition of route.conditions) facts[condition.path] = condition.actual(request, path) ?? '';
  return [{ kind: 'match', result: 'matched', source: { ...route.source, path: matchPath(route) }, facts }];
}

function matchPath({ source, match }: Route): string {
  return match ? `${source.path}.match[${match.index}]` : source.path;
}

function destinationSteps({ weights, destinations }: RouteAction, trace: Trace): Step[] {
  const destination = destinations[trace.destination];
  if (!destination) return [{ kind: 'destination', result: 'none', facts: { total: weights.total } }];
  const { source, host, subset, cluster } = destination;
  const drawn = trace.draw >= 0;
  const facts = {
    host,
    ...(subset && { subset }),
    ...(drawn && { weight: destination.weight, total: weights.total, draw: trace.draw }),
  };
  const steps: Step[] = [{ kind: 'destination', result: drawn ? 'drawn' : 'only', source, facts }];
  if (typeof cluster === 'string') {
    const kind = cluster === 'subset-not-found' ? 'subset' : 'destination';
    return [...steps, { kind, result: cluster, source, facts: { host, ...(subset && { subset }) } }];
  }
  if (cluster.subsetSource) {
    const about = { subset: cluster.subset ?? '', labels: cluster.subsetLabels ?? '', pods: cluster.endpoints.length };
    steps.push({ kind: 'subset', result: 'found', source: cluster.subsetSource, facts: about });
  }
  return [...steps, endpointStep(cluster, trace.endpoint)];
}

function endpointStep(
  {
    name,
    endpoints,
    balance,
  }: { name: string; endpoints: readonly { address: string; pod: string }[]; balance: string },
  index: number,
): Step {
  const endpoint = endpoints[index];
  const facts = { cluster: name, candidates: endpoints.length, balance };
  if (!endpoint) return { kind: 'endpoint', result: 'none', facts };
  const result = endpoints.length === 1 ? 'only' : 'drawn';
  return { kind: 'endpoint', result, facts: { ...facts, pod: endpoint.pod, address: endpoint.address } };
}

function replyStep(outcome: Outcome): Step[] {
  if (outcome.kind !== 'reply') return [];
  const { status, details, flags } = outcome;
  return [{ kind: 'reply', result: details, facts: { status, flags: flags.join(',') } }];
}
