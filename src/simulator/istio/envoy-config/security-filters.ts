// The filters that carry out RequestAuthentication and AuthorizationPolicy in a proxy.
import { byAge, isIstio } from '../../../mesh/config-objects.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, items, stringMap, text, texts } from '../../../mesh/read.ts';
import { extension, type Json } from './json.ts';
import { permissionsOf, principalsOf } from './rbac-rules.ts';
import type { Scene } from './scene.ts';

const HTTP_RBAC = 'envoy.extensions.filters.http.rbac.v3.RBAC';
const NETWORK_RBAC = 'envoy.extensions.filters.network.rbac.v3.RBAC';

export function httpSecurity(scene: Scene): Json[] {
  const filters = policies(scene).map(([action, list]) =>
    extension('envoy.filters.http.rbac', HTTP_RBAC, { ...rbac(action, list, false) }),
  );
  return [...tokenFilter(scene), ...filters];
}

export function networkSecurity(scene: Scene): Json[] {
  return policies(scene).map(([action, list]) =>
    extension('envoy.filters.network.rbac', NETWORK_RBAC, { ...rbac(action, list, true), stat_prefix: 'tcp.' }),
  );
}

type Action = 'AUDIT' | 'DENY' | 'ALLOW';

/** Those that apply to the proxy, in the order in which it asks them. */
function policies({ mesh, client }: Scene): [Action, KubeObject[]][] {
  const own = mesh.objects
    .filter((o) => isIstio(o, 'AuthorizationPolicy', 'security.istio.io') && applies(o, client, mesh.rootNamespace))
    .sort(byAge);
  const actions: Action[] = ['AUDIT', 'DENY', 'ALLOW'];
  return actions.flatMap((action): [Action, KubeObject[]][] => {
    const list = own.filter((o) => (text(fields(o.spec).action) ?? 'ALLOW') === action);
    return list.length > 0 ? [[action, list]] : [];
  });
}

function applies(object: KubeObject, client: Scene['client'], root: string): boolean {
  const { namespace } = object.metadata;
  if (namespace !== client.namespace && namespace !== root) return false;
  return hasLabels(client.labels, stringMap(fields(fields(object.spec).selector).matchLabels));
}

function rbac(action: Action, list: readonly KubeObject[], tcp: boolean): Json {
  const entries = list.flatMap((policy) => {
    const { namespace = 'default', name } = policy.metadata;
    const rules = items(fields(policy.spec).rules);
    if (rules.length === 0 && action === 'ALLOW')
      return [[`ns[${namespace}]-policy[${name}]-rule[0]`, NOTHING] as const];
    return rules.flatMap((rule, index) => {
      const compiled = compile(rule, action, tcp);
      return compiled ? [[`ns[${namespace}]-policy[${name}]-rule[${index}]`, compiled] as const] : [];
    });
  });
  return {
    rules: {
      ...(action !== 'ALLOW' && { action: action === 'AUDIT' ? 'LOG' : 'DENY' }),
      ...(entries.length > 0 && { policies: Object.fromEntries(entries) }),
    },
    shadow_rules_stat_prefix: 'istio_dry_run_allow_',
  };
}

/** What an empty ALLOW policy becomes: nobody is let through by it. */
const NOTHING: Json = {
  permissions: [{ not_rule: { any: true } }],
  principals: [{ not_id: { any: true } }],
};

/** Undefined: the rule speaks of HTTP and the port is TCP, so that an ALLOW never holds. */
function compile(rule: unknown, action: Action, tcp: boolean): Json | undefined {
  const { from, to, when } = fields(rule);
  const permissions = permissionsOf(to, when, { tcp, deny: action === 'DENY' });
  const principals = principalsOf(from, when, { tcp, deny: action === 'DENY' });
  return permissions && principals ? { permissions, principals } : undefined;
}

function tokenFilter({ mesh, client }: Scene): Json[] {
  const rules = mesh.objects
    .filter((o) => isIstio(o, 'RequestAuthentication', 'security.istio.io') && applies(o, client, mesh.rootNamespace))
    .sort(byAge)
    .flatMap((o) => items(fields(o.spec).jwtRules).map(fields));
  if (rules.length === 0) return [];
  const names = rules.map((_, index) => `origins-${index}`);
  const requirements = [...names.map((provider_name) => ({ provider_name })), { allow_missing: {} }];
  return [
    extension('envoy.filters.http.jwt_authn', 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
      providers: Object.fromEntries(rules.map((rule, index) => [`origins-${index}`, provider(rule)])),
      rules: [{ match: { prefix: '/' }, requires: { requires_any: { requirements } } }],
      bypass_cors_preflight: true,
    }),
  ];
}

function provider(rule: Readonly<Record<string, unknown>>): Json {
  const headers = items(rule.fromHeaders).map((header) => {
    const { name, prefix } = fields(header);
    return { name: text(name) ?? '', ...(text(prefix) && { value_prefix: text(prefix) }) };
  });
  const audiences = texts(rule.audiences);
  const [jwks, uri, payload] = [text(rule.jwks), text(rule.jwksUri), text(rule.outputPayloadToHeader)];
  return {
    issuer: text(rule.issuer) ?? '',
    ...(audiences.length > 0 && { audiences }),
    ...(jwks && { local_jwks: { inline_string: jwks } }),
    ...(uri && !jwks && { remote_jwks: { http_uri: { uri, timeout: '5s' }, cache_duration: '1200s' } }),
    ...(rule.forwardOriginalToken === true && { forward: true }),
    ...(headers.length > 0 && { from_headers: headers }),
    ...(texts(rule.fromParams).length > 0 && { from_params: texts(rule.fromParams) }),
    ...(texts(rule.fromCookies).length > 0 && { from_cookies: texts(rule.fromCookies) }),
    ...(payload && { forward_payload_header: payload }),
    payload_in_metadata: 'payload',
    normalize_payload_in_metadata: { space_delimited_claims: ['permission', 'scope'] },
  };
}
