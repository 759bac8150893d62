// From the rules of a VirtualService to the routes of one proxy, in the order in which Envoy tries them.
import type { Cluster, FindCluster, MissingCluster } from './clusters.ts';
import type { HeaderChanges, Reply, Source } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import { type RuleHeaders, readHeaders } from './header-changes.ts';
import { fullHost } from './host-names.ts';
import { type Condition, compileMatch, type HttpMatch, type RuleScope, WHOLE } from './match.ts';
import { fields, integer, items, present, text } from './read.ts';
import { compileRedirect } from './redirects.ts';
import { direct } from './replies.ts';
import { compileRewrite, type Rewrite } from './rewrites.ts';
import type { MeshService } from './services.ts';
import type { VirtualService } from './virtual-services.ts';
import { type Weights, weigh } from './weights.ts';

export interface Route {
  /** As logs print it: `-`, the rule's name, `rule.match`, or `default` for a Service's own route. */
  name: string;
  /** The rule, or the Service. */
  source: Source;
  match?: HttpMatch;
  /** None: the route takes everything. */
  conditions: readonly Condition[];
  action: Action;
}

export type Action =
  | RouteAction
  | { kind: 'reply'; what: 'redirect' | 'direct-response'; answer(request: MeshRequest): Reply };

export interface RouteAction {
  kind: 'route';
  weights: Weights;
  destinations: readonly Destination[];
}

export interface Destination {
  source: Source;
  host: string;
  subset: string;
  weight: number;
  cluster: Cluster | MissingCluster;
  rewrite: Rewrite;
  requestHeaders?: readonly HeaderChanges[];
  responseHeaders?: readonly HeaderChanges[];
}

/** Rules after the first that takes everything are dropped, as istiod does. */
export function compileRoutes(virtualService: VirtualService, scope: RuleScope, find: FindCluster): Route[] {
  const routes: Route[] = [];
  for (const [index, rule] of virtualService.http.entries()) {
    for (const match of matchesFor(rule, scope, virtualService.namespace)) {
      const route = compileRoute(virtualService, index, match, scope, find);
      if (!route) continue;
      routes.push(route);
      if (route.conditions.length === 0) return routes;
    }
  }
  return routes;
}

/** The route that a Service has while no VirtualService covers it. */
export function serviceRoute(service: MeshService, port: number, find: FindCluster): Route {
  const { namespace, name, host } = service;
  const source = { kind: 'Service', namespace, name, path: 'spec.ports' };
  const rewrite = { path: undefined, authority: undefined };
  const destination = { source, host, subset: '', weight: 0, cluster: find(host, port, ''), rewrite };
  const action: RouteAction = { kind: 'route', weights: weigh([0]), destinations: [destination] };
  return { name: 'default', source, conditions: [], action };
}

function matchesFor(rule: unknown, scope: RuleScope, namespace: string): (HttpMatch | undefined)[] {
  const matches = items(fields(rule).match);
  if (matches.length === 0) return [undefined];
  return matches.flatMap((spec, index) => compileMatch(spec, index, scope, namespace) ?? []);
}

function compileRoute(
  virtualService: VirtualService,
  index: number,
  match: HttpMatch | undefined,
  scope: RuleScope,
  find: FindCluster,
): Route | undefined {
  const rule = fields(virtualService.http[index]);
  const path = `spec.http[${index}]`;
  const action = compileAction(rule, virtualService, path, match?.uri ?? WHOLE, scope, find);
  if (!action) return undefined;
  return {
    name: routeName(text(rule.name) ?? '', match?.name ?? ''),
    source: virtualService.at(path),
    ...(match && { match }),
    conditions: match?.conditions ?? [],
    action,
  };
}

function routeName(rule: string, match: string): string {
  if (rule && match) return `${rule}.${match}`;
  return rule || match || '-';
}

function compileAction(
  rule: Readonly<Record<string, unknown>>,
  virtualService: VirtualService,
  path: string,
  uri: HttpMatch['uri'],
  scope: RuleScope,
  find: FindCluster,
): Action | undefined {
  if (present(rule.redirect)) {
    const answer = compileRedirect(rule.redirect, scope.port);
    return answer && { kind: 'reply', what: 'redirect', answer };
  }
  if (present(rule.directResponse)) {
    const answer = directResponse(rule.directResponse);
    return { kind: 'reply', what: 'direct-response', answer: () => answer };
  }
  const specs = items(rule.route).map(fields);
  if (specs.length === 0) return undefined;
  const common = readHeaders(rule.headers);
  const rewrite = compileRewrite(rule.rewrite, uri);
  return {
    kind: 'route',
    weights: weigh(specs.map((d) => d.weight)),
    destinations: specs.map((spec, index) =>
      compileDestination(spec, virtualService, `${path}.route[${index}]`, common, rewrite, find),
    ),
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

function compileDestination(
  spec: Readonly<Record<string, unknown>>,
  virtualService: VirtualService,
  path: string,
  common: RuleHeaders,
  rewrite: Rewrite,
  find: FindCluster,
): Destination {
  const { host, subset, port } = fields(spec.destination);
  const own = readHeaders(spec.headers);
  const target = fullHost(text(host) ?? '', virtualService.namespace);
  const subsetName = text(subset) ?? '';
  // The destination's changes come before the rule's, which therefore have the last word.
  const request = [own.request, common.request].filter((c) => c !== undefined);
  const response = [own.response, common.response].filter((c) => c !== undefined);
  return {
    source: virtualService.at(path),
    host: target,
    subset: subsetName,
    weight: typeof spec.weight === 'number' ? spec.weight : 0,
    cluster: find(target, integer(fields(port).number), subsetName),
    rewrite: { path: rewrite.path, authority: rewrite.authority ?? common.authority ?? own.authority },
    ...(request.length > 0 && { requestHeaders: request }),
    ...(response.length > 0 && { responseHeaders: response }),
  };
}
