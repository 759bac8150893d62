// `tcp` and `tls` of a VirtualService: where the bytes of a connection go that no proxy reads.
import type { FindCluster } from './clusters.ts';
import type { Source } from './decision.ts';
import { compileDestinations, type Destination, NO_REWRITE } from './destinations.ts';
import type { MeshRequest } from './engine.ts';
import { covers } from './host-names.ts';
import { inAnySubnet } from './ip-ranges.ts';
import { appliesTo, type RuleScope } from './match.ts';
import { fields, items, present, texts } from './read.ts';
import type { MeshService } from './services.ts';
import type { VirtualService } from './virtual-services.ts';
import { type Weights, weigh } from './weights.ts';

export interface TcpRoute {
  source: Source;
  /** The entry of `match`, when there is one. */
  matchPath?: string;
  /** Server names; undefined: any, and connections without one. */
  serverNames?: readonly string[];
  subnets?: readonly string[];
  weights: Weights;
  destinations: readonly Destination[];
}

/** `tls` rules come first: they are more exact than what follows. */
export function compileTcpRoutes(virtualService: VirtualService, scope: RuleScope, find: FindCluster): TcpRoute[] {
  const of = (list: readonly unknown[], field: 'tls' | 'tcp') =>
    list.flatMap((rule, index) =>
      compileRule(fields(rule), virtualService, `spec.${field}[${index}]`, scope, find, field === 'tls'),
    );
  return [...of(virtualService.tls, 'tls'), ...of(virtualService.tcp, 'tcp')];
}

/** A Service's own, while no VirtualService says otherwise. */
export function serviceTcpRoute(service: MeshService, port: number, find: FindCluster): TcpRoute {
  const { namespace, name, host, source = { kind: 'Service', namespace, name, path: 'spec.ports' } } = service;
  const destination = { source, host, subset: '', weight: 0, cluster: find(host, port, ''), rewrite: NO_REWRITE };
  return { source, weights: weigh([0]), destinations: [destination] };
}

/** Where the server name itself says which port of which Service is meant: `outbound_.9080_.v1_.reviews.default.svc…`. */
export function automaticRoute(
  { source }: { source: Source },
  serverName: string | undefined,
  find: FindCluster,
): TcpRoute[] {
  const [, port = '', subset = '', host = ''] = /^outbound_\.(\d{1,5})_\.([^_]*)_\.(.+)$/.exec(serverName ?? '') ?? [];
  if (host === '') return [];
  const cluster = find(host, Number(port), subset);
  if (typeof cluster === 'string') return [];
  const named = { ...cluster, name: `outbound_.${port}_.${subset}_.${host}` };
  const destination = { source, host, subset, weight: 0, cluster: named, rewrite: NO_REWRITE };
  return [{ source, weights: weigh([0]), destinations: [destination] }];
}

/** Of the routes for this connection that with the most exact server name, the first of equals. */
export function findTcpRoute(routes: readonly TcpRoute[], { serverName, destinationAddress }: MeshRequest): number {
  const name = serverName?.toLowerCase();
  let [best, bestScore] = [-1, -1];
  for (const [index, { serverNames, subnets }] of routes.entries()) {
    if (subnets && !(destinationAddress !== undefined && inAnySubnet(destinationAddress, subnets))) continue;
    const score = serverNames ? nameScore(serverNames, name) : 0;
    if (score > bestScore) [best, bestScore] = [index, score];
  }
  return best;
}

function compileRule(
  rule: Readonly<Record<string, unknown>>,
  virtualService: VirtualService,
  path: string,
  scope: RuleScope,
  find: FindCluster,
  byName: boolean,
): TcpRoute[] {
  const source = virtualService.at(path);
  const destinations = compileDestinations(rule, virtualService.namespace, source, find);
  if (destinations.length === 0) return [];
  const weights = weigh(items(rule.route).map((d) => fields(d).weight));
  const matches = items(rule.match);
  if (matches.length === 0) return byName ? [] : [{ source, weights, destinations }];
  return matches.flatMap((item, index): TcpRoute[] => {
    const match = fields(item);
    if (!appliesTo(match, scope, virtualService.namespace)) return [];
    const subnets = texts(match.destinationSubnets);
    return [
      {
        source,
        matchPath: `${path}.match[${index}]`,
        ...(byName && { serverNames: texts(match.sniHosts).map((host) => host.toLowerCase()) }),
        ...(present(match.destinationSubnets) && subnets.length > 0 && { subnets }),
        weights,
        destinations,
      },
    ];
  });
}

/** 0: any; longer and exact names score more; -1: does not fit. */
function nameScore(names: readonly string[], name: string | undefined): number {
  let best = -1;
  for (const wanted of names) {
    if (wanted === '*') best = Math.max(best, 0);
    else if (name !== undefined && covers(wanted, name)) best = Math.max(best, wanted === name ? 1_000 : wanted.length);
  }
  return best;
}
