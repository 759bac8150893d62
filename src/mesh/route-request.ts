// One request through the routes of its virtual host: first match, weighted destination, endpoint.
import type { Arrival, VirtualHost } from './arrival.ts';
import { balance, type Cluster, stickyCookie } from './clusters.ts';
import type { Decision, Forward, Outcome, Step } from './decision.ts';
import type { Chance, MeshRequest } from './engine.ts';
import { explain } from './explain.ts';
import { redirectToHttps } from './redirects.ts';
import { noCluster, noHealthyUpstream, noRoute } from './replies.ts';
import type { Destination, Route, RouteAction } from './routes.ts';
import { pick } from './weights.ts';

/** What explaining a decision later needs to know of how it was made. -1: it did not come to that. */
export interface Trace {
  route: number;
  destination: number;
  /** In [0, 1); -1 when there was nothing to draw. */
  draw: number;
  endpoint: number;
}

export function decideAt(arrival: Arrival, request: MeshRequest, chance: Chance): Decision {
  const trace: Trace = { route: -1, destination: -1, draw: -1, endpoint: -1 };
  return new TracedDecision(outcomeAt(arrival, request, chance, trace), arrival, request, trace);
}

/** Steps are put into words only for who asks: the data plane, which decides most, never does. */
class TracedDecision implements Decision {
  readonly outcome: Outcome;
  readonly #arrival: Arrival;
  readonly #request: MeshRequest;
  readonly #trace: Trace;
  #steps: Step[] | undefined;

  constructor(outcome: Outcome, arrival: Arrival, request: MeshRequest, trace: Trace) {
    this.outcome = outcome;
    this.#arrival = arrival;
    this.#request = request;
    this.#trace = trace;
  }

  get steps(): Step[] {
    this.#steps ??= explain(this.#arrival, this.#request, this.#trace, this.outcome);
    return this.#steps;
  }

  toJSON(): Decision {
    return { steps: this.steps, outcome: this.outcome };
  }
}

function outcomeAt(arrival: Arrival, request: MeshRequest, chance: Chance, trace: Trace): Outcome {
  switch (arrival.kind) {
    case 'refused':
      return { kind: 'refused' };
    case 'passthrough':
      return { kind: 'passthrough', cluster: 'PassthroughCluster', route: 'allow_any' };
    case 'no-virtual-host':
      return noRoute();
    case 'tcp':
      return connect(arrival.cluster, request, chance, trace);
    case 'http':
      return route(arrival.virtualHost, request, chance, trace);
  }
}

function connect(cluster: Cluster, request: MeshRequest, chance: Chance, trace: Trace): Outcome {
  trace.endpoint = balance(cluster, chance, request);
  const endpoint = cluster.endpoints[trace.endpoint];
  if (!endpoint) return { kind: 'refused' };
  const { name, service, endpoints, upstream } = cluster;
  return { kind: 'forward', cluster: name, route: '-', service, endpoint, candidates: endpoints, tcp: true, upstream };
}

function route(virtualHost: VirtualHost, request: MeshRequest, chance: Chance, trace: Trace): Outcome {
  if (virtualHost.httpsRedirect) return redirectToHttps(request);
  const query = request.path.indexOf('?');
  const path = query < 0 ? request.path : request.path.slice(0, query);
  trace.route = virtualHost.routes.findIndex((r) => matches(r, request, path));
  const found = virtualHost.routes[trace.route];
  if (!found) return noRoute();
  if (found.action.kind === 'reply') return { ...found.action.answer(request), route: found.name };
  return forward(found, found.action, request, chance, trace);
}

export function matches(route: Route, request: MeshRequest, path: string): boolean {
  for (const condition of route.conditions) if (!condition.test(request, path)) return false;
  return true;
}

function forward(
  { name }: Route,
  { weights, destinations }: RouteAction,
  request: MeshRequest,
  chance: Chance,
  trace: Trace,
): Outcome {
  if (weights.indexes.length > 1) trace.draw = chance.random();
  trace.destination = pick(weights, Math.max(0, trace.draw));
  const destination = destinations[trace.destination];
  if (!destination || typeof destination.cluster === 'string') return noCluster();
  const cookie = stickyCookie(destination.cluster, request, chance);
  trace.endpoint = balance(destination.cluster, chance, request, cookie?.value);
  const endpoint = destination.cluster.endpoints[trace.endpoint];
  if (!endpoint) return noHealthyUpstream(destination.cluster.name, name);
  const outcome: Forward = {
    kind: 'forward',
    cluster: destination.cluster.name,
    route: name,
    service: destination.cluster.service,
    endpoint,
    candidates: destination.cluster.endpoints,
    upstream: destination.cluster.upstream,
  };
  if (cookie) outcome.stickyCookie = cookie.header;
  if (destination.cluster.subset) outcome.subset = destination.cluster.subset;
  addChanges(outcome, destination, request);
  return outcome;
}

function addChanges(outcome: Forward, destination: Destination, request: MeshRequest): void {
  const { rewrite, requestHeaders, responseHeaders } = destination;
  if (rewrite.path) outcome.rewrittenPath = rewrite.path(request.path);
  if (rewrite.authority) outcome.rewrittenAuthority = rewrite.authority;
  if (requestHeaders) outcome.requestHeaders = requestHeaders;
  if (responseHeaders) outcome.responseHeaders = responseHeaders;
}
