// The Gateway API in the engine's vocabulary: the Istio Gateways and VirtualServices that istiod makes of its objects.
import { byAge, namespaceOf } from '../config-objects.ts';
import type { Source } from '../decision.ts';
import type { KubeObject } from '../objects.ts';
import { fields, texts } from '../read.ts';
import { GROUP } from './api.ts';
import type { ApiRoute, RouteContext } from './api-route.ts';
import { type ApiGateway, madeGateways, readGateways } from './gateways.ts';
import { indexGrants } from './grants.ts';
import type { FindSecret } from './listener-tls.ts';
import { made } from './made.ts';
import { bySpecificity } from './order.ts';
import { type Draft, draftsOf, readRoutes } from './routes.ts';
import type { MadeRule } from './rules.ts';
import { isStream, streamServices } from './stream-routes.ts';

export interface GatewayApi {
  gateways: readonly ApiGateway[];
  routes: readonly ApiRoute[];
  /** Istio Gateways and VirtualServices. */
  made: readonly KubeObject[];
}

const NOTHING: GatewayApi = { gateways: [], routes: [], made: [] };

/** `objects` and what istiod makes of those of the Gateway API among them. */
export function withGatewayApi(objects: readonly KubeObject[]): readonly KubeObject[] {
  const { made: more } = expandGatewayApi(objects);
  return more.length > 0 ? [...objects, ...more] : objects;
}

/** Without `findSecret` certificates are taken for present. */
export function expandGatewayApi(objects: readonly KubeObject[], findSecret?: FindSecret): GatewayApi {
  if (!objects.some(({ apiVersion }) => String(apiVersion).startsWith(`${GROUP}/`))) return NOTHING;
  const grants = indexGrants(objects);
  const gateways = readGateways(objects, { grants, findSecret });
  const context: RouteContext = { grants, gateways, ...registryOf(objects) };
  const routes = readRoutes(objects, context);
  const byTime = [...routes].sort((a, b) => byAge(a.object, b.object));
  const streams = byTime.filter(({ kind }) => isStream(kind));
  const drafts = byTime
    .filter(({ kind }) => !isStream(kind))
    .flatMap((route) => draftsOf(route, context))
    .filter(({ rules }) => rules.length > 0);
  return {
    gateways,
    routes,
    made: [
      ...gateways.flatMap((gateway) => madeGateways(gateway, objects)),
      ...virtualServices(drafts),
      ...streams.flatMap((route) => streamServices(route, context)),
    ],
  };
}

function registryOf(
  objects: readonly KubeObject[],
): Pick<RouteContext, 'hasService' | 'hasHost' | 'hasServiceEntry' | 'entryHosts'> {
  const services = new Set<string>();
  const entries = new Map<string, readonly string[]>();
  for (const object of objects) {
    const key = `${namespaceOf(object)}/${object.metadata.name}`;
    if (object.kind === 'Service' && object.apiVersion === 'v1') services.add(key);
    if (object.kind === 'ServiceEntry') entries.set(key, texts(fields(object.spec).hosts));
  }
  const hosts = new Set([...entries.values()].flat());
  return {
    hasService: (namespace, name) => services.has(`${namespace}/${name}`),
    hasHost: (host) => hosts.has(host),
    hasServiceEntry: (namespace, name) => entries.has(`${namespace}/${name}`),
    entryHosts: (namespace, name) => entries.get(`${namespace}/${name}`) ?? [],
  };
}

/** Rules of several routes for one host of one parent are put in order together. */
function virtualServices(drafts: readonly Draft[]): KubeObject[] {
  const byKey = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const list = byKey.get(draft.key);
    if (list) list.push(draft);
    else byKey.set(draft.key, [draft]);
  }
  return [...byKey.values()].flatMap(merged);
}

function merged(drafts: readonly Draft[]): KubeObject[] {
  const [oldest] = drafts;
  if (!oldest) return [];
  const rules = drafts.flatMap((draft) => draft.rules).sort(bySpecificity);
  const { creationTimestamp } = oldest.object.metadata;
  const metadata = {
    name: oldest.key.replaceAll('/', '~'),
    namespace: namespaceOf(oldest.object),
    ...(creationTimestamp && { creationTimestamp }),
  };
  const spec = {
    hosts: [oldest.host],
    gateways: [oldest.gateway],
    ...(oldest.private && { exportTo: ['.'] }),
    http: rules.map((rule) => rule.spec),
  };
  const object = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec };
  return [made(object, (path) => placeOf(path, rules, oldest.hostSource))];
}

function placeOf(path: string, rules: readonly MadeRule[], host: Source): Source {
  const [, position, , inside = ''] = /^spec\.http\[(\d+)\](\.(.*))?$/.exec(path) ?? [];
  const rule = position === undefined ? undefined : rules[Number(position)];
  if (!rule) return host;
  const place = placeIn(inside, rule.places);
  return place ? { ...rule.source, path: `${rule.source.path}.${place}` } : rule.source;
}

/** Of the field itself, or of the nearest around it that has a place. */
function placeIn(inside: string, places: ReadonlyMap<string, string>): string | undefined {
  for (let path = inside; path !== ''; path = path.slice(0, Math.max(0, path.search(/[.[][^.[]*$/)))) {
    const place = places.get(path);
    if (place !== undefined) return place;
  }
  return undefined;
}
