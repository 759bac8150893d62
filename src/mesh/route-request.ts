// One request through the routes of its virtual host: first match, weighted destination, fault, endpoint.
import type { Arrival, VirtualHost } from './arrival.ts';
import { balance, type Cluster, stickyCookie } from './clusters.ts';
import { answerChanges, preflight } from './cors.ts';
import type {
  Decision,
  Endpoint,
  Forward,
  HeaderChanges,
  Outcome,
  Passthrough,
  Reply,
  Source,
  Step,
} from './decision.ts';
import type { Destination } from './destinations.ts';
import type { Chance, MeshRequest } from './engine.ts';
import { explain } from './explain.ts';
import { abortReply, type Fault } from './faults.ts';
import { changed } from './header-changes.ts';
import { hostOf } from './host-names.ts';
import { drawMirrors } from './mirrors.ts';
import { redirectToHttps } from './redirects.ts';
import { blocked, noCluster, noHealthyUpstream, noRoute } from './replies.ts';
import type { Route, RouteAction } from './routes.ts';
import { schemeOf } from './scheme.ts';
import { findTcpRoute, type TcpRoute } from './tcp-routes.ts';
import { heldFor, newTrace, struck, type Trace } from './trace.ts';
import { pick, type Weights } from './weights.ts';

/** `translate`: what steps say of objects that were made of others is said of those. */
export function decideAt(
  arrival: Arrival,
  request: MeshRequest,
  chance: Chance,
  translate: Translate = (source) => source,
): Decision {
  const trace = newTrace();
  return new TracedDecision(outcomeAt(arrival, request, chance, trace), arrival, request, trace, translate);
}

type Translate = (source: Source) => Source;

/** Steps are put into words only for who asks: the data plane, which decides most, never does. */
class TracedDecision implements Decision {
  readonly outcome: Outcome;
  readonly #arrival: Arrival;
  readonly #request: MeshRequest;
  readonly #trace: Trace;
  readonly #translate: Translate;
  #steps: Step[] | undefined;

  constructor(outcome: Outcome, arrival: Arrival, request: MeshRequest, trace: Trace, translate: Translate) {
    this.outcome = outcome;
    this.#arrival = arrival;
    this.#request = request;
    this.#trace = trace;
    this.#translate = translate;
  }

  get steps(): Step[] {
    this.#steps ??= explain(this.#arrival, this.#request, this.#trace, this.outcome).map((step) =>
      step.source ? { ...step, source: this.#translate(step.source) } : step,
    );
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
    case 'passthrough': {
      const through: Passthrough = { kind: 'passthrough', cluster: 'PassthroughCluster', route: 'allow_any' };
      if (arrival.why === 'no-virtual-host') through.http = true;
      return through;
    }
    case 'blocked':
      return arrival.why === 'no-virtual-host' ? blocked() : { kind: 'refused' };
    case 'no-virtual-host':
      return noRoute();
    case 'tcp':
      return connect(arrival.routes, request, chance, trace);
    case 'http':
      return route(arrival.virtualHost, request, chance, trace);
  }
}

function connect(routes: readonly TcpRoute[], request: MeshRequest, chance: Chance, trace: Trace): Outcome {
  trace.route = findTcpRoute(routes, request);
  const found = routes[trace.route];
  const cluster = found && drawDestination(found.weights, found.destinations, chance, trace)?.cluster;
  if (!cluster || typeof cluster === 'string') return { kind: 'refused' };
  const endpoint = endpointOf(cluster, request, chance, trace);
  if (!endpoint) return { kind: 'refused', cluster: cluster.name };
  const outcome = forwardTo(cluster, endpoint, '-');
  outcome.tcp = true;
  return outcome;
}

function drawDestination(
  weights: Weights,
  destinations: readonly Destination[],
  chance: Chance,
  trace: Trace,
): Destination | undefined {
  if (weights.indexes.length > 1) trace.draw = chance.random();
  trace.destination = pick(weights, Math.max(0, trace.draw));
  return destinations[trace.destination];
}

/** Undefined: there is none, or none in the rotation. */
function endpointOf(
  cluster: Cluster,
  request: MeshRequest,
  chance: Chance,
  trace: Trace,
  cookie?: string,
): Endpoint | undefined {
  if (cluster.original) return originalEndpoint(cluster, request);
  trace.endpoint = balance(cluster, chance, request, cookie);
  return cluster.endpoints[trace.endpoint];
}

/** Where the client was going itself. */
function originalEndpoint({ service }: Cluster, { destinationAddress, authority, port }: MeshRequest): Endpoint {
  const address = destinationAddress || hostOf(authority);
  return { address, port, namespace: service.namespace, pod: '', sidecar: false, external: true };
}

function forwardTo(cluster: Cluster, endpoint: Endpoint, route: string): Forward {
  const outcome: Forward = {
    kind: 'forward',
    cluster: cluster.name,
    route,
    service: cluster.service,
    endpoint,
    candidates: cluster.original ? [endpoint] : cluster.endpoints,
    upstream: cluster.upstream,
  };
  if (cluster.http2) outcome.http2 = true;
  if (cluster.subset) outcome.subset = cluster.subset;
  if (cluster.groups && !cluster.original) outcome.groups = cluster.groups;
  return outcome;
}

function route(virtualHost: VirtualHost, request: MeshRequest, chance: Chance, trace: Trace): Outcome {
  if (virtualHost.httpsRedirect && schemeOf(request) !== 'https') return redirectToHttps(request);
  const query = request.path.indexOf('?');
  const path = query < 0 ? request.path : request.path.slice(0, query);
  trace.route = virtualHost.routes.findIndex((r) => matches(r, request, path));
  const found = virtualHost.routes[trace.route];
  if (!found) return noRoute();
  const rule = found.delegatedBy ?? found.source;
  if (found.action.kind === 'reply') return { ...found.action.answer(request), route: found.name, rule };
  const outcome = serve(found, found.action, request, chance, trace);
  const delay = heldFor(found.action.fault, trace);
  if (delay !== undefined) outcome.delay = delay;
  outcome.rule = rule;
  return outcome;
}

export function matches(route: Route, request: MeshRequest, path: string): boolean {
  for (const condition of route.conditions) if (!condition.test(request, path)) return false;
  return true;
}

/** What the filters before the router do comes first: faults, then preflights. */
function serve(
  { name }: Route,
  action: RouteAction,
  request: MeshRequest,
  chance: Chance,
  trace: Trace,
): Forward | Reply {
  const destination = drawDestination(action.weights, action.destinations, chance, trace);
  const cluster = typeof destination?.cluster === 'string' ? undefined : destination?.cluster;
  const { fault, cors } = action;
  if (fault) drawFault(fault, chance, trace);
  if (fault?.abort && struck(fault.abort.probability, trace.abortDraw)) {
    return withHeaders(abortReply(fault.abort, request, cluster?.name, name), destination, request);
  }
  const allowed = cors && preflight(cors, request, cluster?.name, name);
  if (allowed) return allowed;
  const answer = cors && answerChanges(cors, request);
  if (!destination || !cluster)
    return withHeaders({ ...noCluster(action.unknownCluster), route: name }, destination, request, answer);
  const cookie = stickyCookie(cluster, request, chance);
  const endpoint = endpointOf(cluster, request, chance, trace, cookie?.value);
  if (!endpoint) return withHeaders(noHealthyUpstream(cluster.name, name), destination, request, answer);
  const outcome = forwardTo(cluster, endpoint, name);
  outcome.retry = action.retry;
  if (cookie) outcome.stickyCookie = cookie.header;
  if (action.timeout) outcome.timeout = action.timeout.milliseconds;
  if (action.mirrors.length > 0) {
    const mirrors = drawMirrors(action.mirrors, request, chance);
    if (mirrors.length > 0) outcome.mirrors = mirrors;
  }
  addChanges(outcome, destination, request, answer);
  return outcome;
}

/** What always or never happens is not drawn. */
function drawFault({ delay, abort }: Fault, chance: Chance, trace: Trace): void {
  if (delay) trace.delayDraw = delay.probability < 1 ? chance.random() : 0;
  if (abort) trace.abortDraw = abort.probability < 1 ? chance.random() : 0;
}

function withHeaders(
  reply: Reply,
  destination: Destination | undefined,
  request: MeshRequest,
  answer?: HeaderChanges,
): Reply {
  const changes = destination?.responseHeaders?.(request) ?? [];
  if (changes.length === 0 && !answer) return reply;
  return { ...reply, headers: changed(reply.headers, answer ? [...changes, answer] : changes) };
}

function addChanges(
  outcome: Forward,
  { rewrite, requestHeaders, responseHeaders }: Destination,
  request: MeshRequest,
  answer: HeaderChanges | undefined,
): void {
  if (rewrite.path) outcome.rewrittenPath = rewrite.path(request.path);
  if (rewrite.authority) outcome.rewrittenAuthority = rewrite.authority;
  if (requestHeaders) outcome.requestHeaders = requestHeaders(request);
  const changes = responseHeaders?.(request);
  if (answer) outcome.responseHeaders = changes ? [...changes, answer] : [answer];
  else if (changes) outcome.responseHeaders = changes;
}
