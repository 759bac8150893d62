// Routes: what each attaches to and the rules that come of it; of HTTPRoutes and GRPCRoutes also the VirtualServices of those rules.
import { namespaceOf } from '../config-objects.ts';
import type { Source } from '../decision.ts';
import { serviceHost } from '../host-names.ts';
import type { KubeObject } from '../objects.ts';
import { fields, items, texts } from '../read.ts';
import { isOfGatewayApi, type ParentRef, type RefError } from './api.ts';
import type { ApiRoute, Conversion, RouteContext } from './api-route.ts';
import type { BackendContext } from './backends.ts';
import { type Attachment, attachmentsOf, isOwnHost } from './parents.ts';
import { type MadeRule, makeRules } from './rules.ts';
import { isStream, makeStreamRule, STREAM_KINDS } from './stream-routes.ts';

export const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', ...STREAM_KINDS] as const;

export function readRoutes(objects: readonly KubeObject[], context: RouteContext): ApiRoute[] {
  return objects.flatMap((object) => {
    const kind = ROUTE_KINDS.find((known) => isOfGatewayApi(object, known));
    return kind ? [readRoute(object, kind, context)] : [];
  });
}

/** A VirtualService yet to be merged with those of other routes that have the same key. */
export interface Draft {
  key: string;
  object: KubeObject;
  host: string;
  hostSource: Source;
  gateway: string;
  /** Only clients of the route's own namespace obey: its parent is a Service of another one. */
  private: boolean;
  rules: readonly MadeRule[];
}

export function draftsOf(route: ApiRoute, context: RouteContext): Draft[] {
  return route.attachments
    .filter(({ denied }) => !denied)
    .flatMap((attachment) =>
      attachment.gateway ? gatewayDrafts(route, attachment) : meshDrafts(route, attachment, context),
    );
}

function readRoute(object: KubeObject, kind: string, context: RouteContext): ApiRoute {
  const { parentRefs, hostnames } = fields(object.spec);
  const about = { ...context, kind, namespace: namespaceOf(object) };
  const attachments = attachmentsOf(parentRefs, { ...about, hostnames: lowerCase(hostnames) });
  return {
    object,
    kind,
    attachments,
    ...(attachments.some((a) => a.gateway) && { atGateways: convert(object, { ...about, mesh: false }) }),
    ...(attachments.some((a) => !a.gateway) && { inMesh: convert(object, { ...about, mesh: true }) }),
  };
}

function convert(object: KubeObject, context: BackendContext): Conversion {
  const rules: MadeRule[] = [];
  let error: RefError | undefined;
  const { namespace, kind } = context;
  for (const [index, rule] of items(fields(object.spec).rules).entries()) {
    const source = { kind, namespace, name: object.metadata.name, path: `spec.rules[${index}]` };
    const converted = isStream(kind)
      ? makeStreamRule(rule, source, lowerCase(fields(object.spec).hostnames), context)
      : makeRules(rule, index, source, context);
    if ('reason' in converted) return { rules: [], error: converted };
    rules.push(...converted.rules);
    error = converted.error ?? error;
  }
  return { rules, ...(error && { error }) };
}

function gatewayDrafts(route: ApiRoute, attachment: Attachment): Draft[] {
  const { object, kind, atGateways } = route;
  const gateway = attachment.gateway?.internalName ?? '';
  const hostnames = lowerCase(fields(object.spec).hostnames);
  const hosts = hostnames.length > 0 ? hostnames : ['*'];
  return hosts.flatMap((host, index) => {
    if (!isOwnHost(attachment, host) || !atGateways) return [];
    const path = hostnames.length > 0 ? `spec.hostnames[${index}]` : `spec.parentRefs[${attachment.index}]`;
    const hostSource = { kind, namespace: namespaceOf(object), name: object.metadata.name, path };
    const { rules } = atGateways;
    return [{ key: `${gateway}/${host}`, object, host, hostSource, gateway, private: false, rules }];
  });
}

function meshDrafts({ object, kind, inMesh }: ApiRoute, { ref, index }: Attachment, context: RouteContext): Draft[] {
  if (!inMesh) return [];
  const namespace = namespaceOf(object);
  const hostSource = { kind, namespace, name: object.metadata.name, path: `spec.parentRefs[${index}]` };
  const key = ref.port === 0 ? namespace : `${namespace}/${ref.port}`;
  const rules = ref.port === 0 ? inMesh.rules : inMesh.rules.map((rule) => onPort(rule, ref.port));
  const foreign = ref.namespace !== namespace;
  return parentHosts(ref, context).map((host) => ({
    key: `${key}/${host}`,
    object,
    host,
    hostSource,
    gateway: 'mesh',
    private: foreign,
    rules,
  }));
}

function parentHosts(ref: ParentRef, { entryHosts }: RouteContext): readonly string[] {
  return ref.kind === 'Service' ? [serviceHost(ref.name, ref.namespace)] : entryHosts(ref.namespace, ref.name);
}

function onPort({ spec, ...rule }: MadeRule, port: number): MadeRule {
  const matches = items(spec.match).map((match) => ({ ...fields(match), port }));
  return { ...rule, spec: { ...spec, match: matches.length > 0 ? matches : [{ port }] } };
}

function lowerCase(hosts: unknown): string[] {
  return texts(hosts).map((host) => host.toLowerCase());
}
