// From the rules of a VirtualService to the routes of one proxy, in the order in which Envoy tries them.
import type { FindCluster } from './clusters.ts';
import type { Condition } from './condition.ts';
import { type Cors, compileCors } from './cors.ts';
import type { Reply, RetryPolicy, Source } from './decision.ts';
import type { HttpRule } from './delegates.ts';
import { compileDestinations, type Destination, NO_REWRITE } from './destinations.ts';
import type { MeshRequest } from './engine.ts';
import { compileFault, type Fault } from './faults.ts';
import { type ChangesFor, changed, combine, readHeaders } from './header-changes.ts';
import { compileMatch, type HttpMatch, type RuleScope, WHOLE } from './match.ts';
import { compileMirrors, type MirrorTo } from './mirrors.ts';
import { fields, integer, items, present, text } from './read.ts';
import { compileRedirect } from './redirects.ts';
import { direct } from './replies.ts';
import { compileRetries } from './retries.ts';
import { compileRewrite } from './rewrites.ts';
import type { MeshService } from './services.ts';
import { milliseconds } from './upstream/duration.ts';
import type { VirtualService } from './virtual-services.ts';
import { type Weights, weigh } from './weights.ts';

export interface Route {
  /** As logs print it: `-`, the rule's name, `rule.match`, or `default` for a Service's own route. */
  name: string;
  /** The rule, or the Service. */
  source: Source;
  /** The root's rule, when a delegate's is at work. */
  delegatedBy?: Source;
  match?: HttpMatch;
  /** Where the match is written, and a field of it. */
  matchSource?: (field: string) => Source;
  /** None: the route takes everything. */
  conditions: readonly Condition[];
  action: Action;
}

export type Action = RouteAction | ReplyAction;

export interface ReplyAction {
  kind: 'reply';
  what: 'redirect' | 'direct-response';
  answer(request: MeshRequest): Reply;
}

export interface RouteAction {
  kind: 'route';
  weights: Weights;
  destinations: readonly Destination[];
  retry: RetryPolicy;
  /** Undefined: the mesh's own. */
  retrySource?: Source;
  timeout?: { milliseconds: number; source: Source };
  fault?: Fault;
  cors?: Cors;
  mirrors: readonly MirrorTo[];
  /** Status for destinations that do not exist; undefined: 503. */
  unknownCluster?: number;
  /** Where the rewrite is written. */
  rewriteSource?: Source;
}

/** What rules are compiled with. */
export interface RouteContext {
  scope: RuleScope;
  find: FindCluster;
  /** Of routes that say nothing of it. */
  retries: RetryPolicy;
}

/** Rules after the first that takes everything are dropped, as istiod does. */
export function compileRoutes(virtualService: VirtualService, context: RouteContext): Route[] {
  // Envoy refuses the whole of a configuration with such a rule, and goes on as before.
  if (virtualService.rules.some(({ spec }) => isRefused(spec))) return [];
  const routes: Route[] = [];
  for (const rule of virtualService.rules) {
    for (const match of matchesFor(rule, context.scope)) {
      const route = compileRoute(rule, match, context);
      if (!route) continue;
      routes.push(route);
      if (route.conditions.length === 0) return routes;
    }
  }
  return routes;
}

/** The route that a Service has while no VirtualService covers it. */
export function serviceRoute(service: MeshService, port: number, { find, retries }: RouteContext): Route {
  const { namespace, name, host, source = { kind: 'Service', namespace, name, path: 'spec.ports' } } = service;
  const destination = { source, host, subset: '', weight: 0, cluster: find(host, port, ''), rewrite: NO_REWRITE };
  const action: RouteAction = {
    kind: 'route',
    weights: weigh([0]),
    destinations: [destination],
    retry: retries,
    mirrors: [],
  };
  return { name: 'default', source, conditions: [], action };
}

function isRefused({ redirect }: HttpRule['spec']): boolean {
  return present(redirect) && compileRedirect(redirect, 0) === undefined;
}

function matchesFor({ spec, namespace, gatewayApi }: HttpRule, scope: RuleScope): (HttpMatch | undefined)[] {
  const matches = items(spec.match);
  if (matches.length === 0) return [undefined];
  return matches.flatMap((match, index) => compileMatch(match, index, scope, namespace, gatewayApi) ?? []);
}

function compileRoute(rule: HttpRule, match: HttpMatch | undefined, context: RouteContext): Route | undefined {
  const action = compileAction(rule, match?.uri ?? WHOLE, context);
  if (!action) return undefined;
  const { matchSource, delegatedBy } = rule;
  return {
    name: routeName(text(rule.spec.name) ?? '', match?.name ?? ''),
    source: rule.source,
    ...(delegatedBy && { delegatedBy }),
    ...(match && { match }),
    ...(match && matchSource && { matchSource: (field: string) => matchSource(match.index, field) }),
    conditions: match?.conditions ?? [],
    action,
  };
}

function routeName(rule: string, match: string): string {
  if (rule && match) return `${rule}.${match}`;
  return rule || match || '-';
}

function compileAction(rule: HttpRule, uri: HttpMatch['uri'], context: RouteContext): Action | undefined {
  const { spec, source, namespace, gatewayApi } = rule;
  const headers = readHeaders(spec.headers);
  if (present(spec.redirect)) {
    const answer = compileRedirect(spec.redirect, context.scope.port, uri);
    return answer && replying('redirect', answer, combine(headers.response, undefined, true));
  }
  if (present(spec.directResponse)) {
    const answer = directResponse(spec.directResponse);
    return replying('direct-response', () => answer, combine(headers.response, undefined, true));
  }
  const rewrite = compileRewrite(spec.rewrite, uri, gatewayApi);
  const destinations = compileDestinations(spec, namespace, source, context.find, { headers, rewrite });
  if (destinations.length === 0) return undefined;
  const at = (field: string): Source => ({ ...source, path: `${source.path}.${field}` });
  const fault = compileFault(spec.fault, at('fault'));
  const timeout = milliseconds(spec.timeout);
  return {
    kind: 'route',
    weights: weigh(items(spec.route).map((d) => fields(d).weight)),
    destinations,
    retry: compileRetries(spec.retries, context.retries),
    ...(present(spec.retries) && { retrySource: at('retries') }),
    ...(timeout && { timeout: { milliseconds: timeout, source: at('timeout') } }),
    ...(fault && { fault }),
    ...(present(spec.corsPolicy) && { cors: compileCors(spec.corsPolicy, at('corsPolicy')) }),
    ...(present(spec.rewrite) && { rewriteSource: at('rewrite') }),
    mirrors: compileMirrors(spec, namespace, source, context.find),
    ...(gatewayApi && { unknownCluster: 500 }),
  };
}

function replying(what: ReplyAction['what'], answer: ReplyAction['answer'], changes?: ChangesFor): ReplyAction {
  if (!changes) return { kind: 'reply', what, answer };
  return {
    kind: 'reply',
    what,
    answer(request) {
      const reply = answer(request);
      return { ...reply, headers: changed(reply.headers, changes(request)) };
    },
  };
}

function directResponse(spec: unknown): Reply {
  const { status, body } = fields(spec);
  const { string, bytes } = fields(body);
  const code = integer(status) ?? 0;
  const inRange = code >= 200 && code <= 599;
  return direct(inRange ? code : 500, text(string) ?? decodeBase64(text(bytes) ?? ''), {});
}

function decodeBase64(encoded: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0)));
  } catch {
    return '';
  }
}
