// The routes of one virtual host: those of a VirtualService for this proxy, or the Service's own.
import { hostOf } from '../../../mesh/host-names.ts';
import { compileMatch, type RuleScope } from '../../../mesh/match.ts';
import { fields, items, text } from '../../../mesh/read.ts';
import type { MeshService } from '../../../mesh/services.ts';
import type { VirtualService } from '../../../mesh/virtual-services.ts';
import { configPath, type Json } from './json.ts';
import { retries, ruleAction, targetsOf } from './route-action.ts';
import { pathText, routeMatch } from './route-match.ts';
import type { Scene } from './scene.ts';

/** In order; those after the first that takes everything are dropped. */
export function ruledRoutes(scene: Scene, virtualService: VirtualService, scope: RuleScope): Json[] {
  const routes: Json[] = [];
  for (const written of virtualService.http) {
    const rule = fields(written);
    const matches = items(rule.match);
    const own = matches.filter((m, index) => compileMatch(m, index, scope, virtualService.namespace) !== undefined);
    for (const match of matches.length === 0 ? [undefined] : own) {
      const route = ruledRoute(scene, virtualService, rule, match, scope);
      routes.push(route);
      if (takesEverything(route)) return routes;
    }
  }
  return routes;
}

export function serviceRoute(scene: Scene, service: MeshService, port: number): Json {
  return {
    match: { prefix: '/' },
    route: {
      cluster: `outbound|${port}||${service.host}`,
      timeout: '0s',
      ...retries(undefined, scene),
      max_grpc_timeout: '0s',
    },
    decorator: { operation: `${service.host}:${port}/*` },
    name: 'default',
  };
}

export function takesEverything({ match }: Json): boolean {
  const { prefix, headers, query_parameters } = fields(match);
  return prefix === '/' && headers === undefined && query_parameters === undefined;
}

function ruledRoute(
  scene: Scene,
  virtualService: VirtualService,
  rule: Readonly<Record<string, unknown>>,
  match: unknown,
  scope: RuleScope,
): Json {
  const { namespace, name, gatewayApi } = virtualService;
  const context = { scene, namespace, port: scope.port, gatewayApi };
  const targets = targetsOf(rule, context);
  const [only] = targets;
  const shown =
    targets.length === 1 && only ? `${only.host}:${only.port}` : `${shortHost(virtualService)}:${scope.port}`;
  const routeName = [text(rule.name), text(fields(match).name)].filter(Boolean).join('.');
  return {
    match: routeMatch(match, gatewayApi),
    metadata: { filter_metadata: { istio: { config: configPath('virtual-service', namespace, name) } } },
    decorator: { operation: `${shown}${pathText(match)}` },
    ...ruleAction(rule, context),
    ...(routeName && { name: routeName }),
  };
}

/** The host as the student wrote it, where it was a short name. */
function shortHost({ hosts, namespace }: VirtualService): string {
  const [host = ''] = hosts;
  return hostOf(host).replace(`.${namespace}.svc.cluster.local`, '');
}
