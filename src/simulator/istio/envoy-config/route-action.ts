// What a rule of a VirtualService does, as Envoy's route: clusters, rewrites, retries, mirrors, faults, headers.
import { grpcCode } from '../../../mesh/grpc-status.ts';
import { fullHost } from '../../../mesh/host-names.ts';
import { fields, integer, items, present, text, texts } from '../../../mesh/read.ts';
import { durationOf } from './durations.ts';
import { hashPolicy, type Target } from './hash-policy.ts';
import { extension, type Json, seconds } from './json.ts';
import type { Scene } from './scene.ts';

export interface RuleContext {
  scene: Scene;
  /** Namespace of the VirtualService. */
  namespace: string;
  /** What a destination without port means when its Service has several. */
  port: number;
  /** Made of a route of the Gateway API. */
  gatewayApi?: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Members of a route: `route`, `redirect` or `direct_response`, header changes, per-filter configuration. */
export function ruleAction(rule: Fields, context: RuleContext): Json {
  if (present(rule.redirect)) return { redirect: redirect(fields(rule.redirect)) };
  if (present(rule.directResponse)) {
    const { status, body } = fields(rule.directResponse);
    const { string, bytes } = fields(body);
    const inline =
      text(string) !== undefined ? { inline_string: string } : text(bytes) ? { inline_bytes: bytes } : undefined;
    return {
      direct_response: { status: integer(status) ?? 0, ...(inline && { body: inline }) },
      ...headerChanges(rule.headers),
    };
  }
  const filters = perFilter(rule);
  return {
    route: routeAction(rule, context),
    ...headerChanges(rule.headers),
    ...(Object.keys(filters).length > 0 && { typed_per_filter_config: filters }),
  };
}

/** The first destination, for a route's name of operation. */
export function targetsOf(rule: Fields, { namespace, port, scene }: RuleContext): Target[] {
  return items(rule.route).map((item) => targetOf(fields(item).destination, namespace, port, scene));
}

function targetOf(destination: unknown, namespace: string, listenerPort: number, scene: Scene): Target {
  const { host, subset, port } = fields(destination);
  const target = fullHost(text(host) ?? '', namespace);
  const service = scene.services.byHost(target);
  const only = service?.ports.length === 1 ? service.ports[0]?.port : undefined;
  return { host: target, subset: text(subset) ?? '', port: integer(fields(port).number) ?? only ?? listenerPort };
}

const clusterName = ({ host, subset, port }: Target) =>
  host === '' ? 'UnknownService' : `outbound|${port}|${subset}|${host}`;

function routeAction(rule: Fields, context: RuleContext): Json {
  const targets = targetsOf(rule, context);
  const specs = items(rule.route).map(fields);
  const weights = specs.map((s) => integer(s.weight) ?? 0);
  const [only] = targets;
  const timeout = seconds(durationOf(rule.timeout) ?? 0);
  const clusters = targets
    .map((target, index) => ({
      name: clusterName(target),
      weight: weights[index],
      ...headerChanges(specs[index]?.headers),
    }))
    .filter((c) => c.weight !== 0);
  const hash = targets.flatMap((target) => hashPolicy(context.scene, target)).slice(0, 1);
  return {
    ...(targets.length > 1 ? { weighted_clusters: { clusters } } : { cluster: only ? clusterName(only) : '' }),
    ...rewrite(rule),
    timeout,
    ...retries(rule.retries, context.scene, hash.length > 0),
    ...(hash.length > 0 && { hash_policy: hash }),
    max_grpc_timeout: timeout,
    ...(context.gatewayApi && { cluster_not_found_response_code: 'INTERNAL_SERVER_ERROR' }),
    ...mirrors(rule, context),
  };
}

function rewrite(rule: Fields): Json {
  const { uri, authority, uriRegexRewrite } = fields(rule.rewrite);
  const regex = fields(uriRegexRewrite);
  const host = text(authority) ?? text(fields(fields(fields(rule.headers).request).set).host);
  const exact =
    items(rule.match).length > 0 && items(rule.match).every((m) => text(fields(fields(m).uri).exact) !== undefined);
  return {
    ...(text(uri) !== undefined &&
      (exact ? { regex_rewrite: { pattern: { regex: '.+' }, substitution: uri } } : { prefix_rewrite: uri })),
    ...(text(regex.match) !== undefined && {
      regex_rewrite: { pattern: { regex: regex.match }, substitution: text(regex.rewrite) ?? '' },
    }),
    ...(host && { host_rewrite_literal: host }),
  };
}

const DEFAULT_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

/** Retries as the route carries them; none when they are switched off. */
export function retries(written: unknown, { mesh }: Scene, hashed = false): Json {
  const policy = fields(present(written) ? written : mesh.meshConfig.defaultHttpRetryPolicy);
  const attempts = integer(policy.attempts) ?? 2;
  if (attempts <= 0) return {};
  const asked = text(policy.retryOn);
  const words = (asked ?? '')
    .split(',')
    .map((w) => w.trim())
    .filter((w) => w !== '');
  const statuses = words.filter((w) => /^\d+$/.test(w)).map(Number);
  const on = [...words.filter((w) => !/^\d+$/.test(w)), ...(statuses.length > 0 ? ['retriable-status-codes'] : [])];
  const perTry = durationOf(policy.perTryTimeout);
  const backoff = durationOf(policy.backoff);
  return {
    retry_policy: {
      retry_on: asked ? on.join(',') : DEFAULT_RETRY_ON,
      num_retries: attempts,
      ...(perTry !== undefined && { per_try_timeout: seconds(perTry) }),
      // A consistent hash would send the second try to the same endpoint anyway.
      ...(!hashed && {
        retry_host_predicate: [
          extension(
            'envoy.retry_host_predicates.previous_hosts',
            'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
          ),
        ],
      }),
      host_selection_retry_max_attempts: '5',
      ...(statuses.length > 0 && { retriable_status_codes: statuses }),
      ...(backoff !== undefined && { retry_back_off: { base_interval: seconds(backoff) } }),
    },
  };
}

function mirrors(rule: Fields, { scene, namespace, port }: RuleContext): Json {
  const single = present(rule.mirror) ? [{ destination: rule.mirror, percentage: rule.mirrorPercentage }] : [];
  const all = [...single, ...items(rule.mirrors).map(fields)];
  if (all.length === 0) return {};
  return {
    request_mirror_policies: all.map(({ destination, percentage }) => ({
      cluster: clusterName(targetOf(destination, namespace, port, scene)),
      runtime_fraction: { default_value: fraction(percentage, 100) },
      trace_sampled: false,
      disable_shadow_host_suffix_append: true,
    })),
  };
}

/** Istio's percentage in parts per million. */
function fraction(percentage: unknown, preset: number): Json {
  const { value } = fields(percentage);
  const percent = typeof value === 'number' ? value : preset;
  const numerator = Math.round(percent * 10_000);
  return { ...(numerator !== 0 && { numerator }), denominator: 'MILLION' };
}

const REDIRECTS: Record<number, string> = {
  302: 'FOUND',
  303: 'SEE_OTHER',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
};

function redirect({ uri, prefixRewrite, authority, redirectCode, port, scheme }: Fields): Json {
  const code = REDIRECTS[integer(redirectCode) ?? 301];
  return {
    ...(text(authority) && { host_redirect: authority }),
    ...(text(prefixRewrite) ? { prefix_rewrite: prefixRewrite } : text(uri) && { path_redirect: uri }),
    ...(code && { response_code: code }),
    ...(text(scheme) && { scheme_redirect: scheme }),
    ...(integer(port) && { port_redirect: port }),
  };
}

function headerChanges(headers: unknown): Json {
  const { request, response } = fields(headers);
  return { ...oneSide('request', fields(request)), ...oneSide('response', fields(response)) };
}

function oneSide(side: 'request' | 'response', { set, add, remove }: Fields): Json {
  const changes = [
    ...entriesOf(set).map(([key, value]) => ({ header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' })),
    ...entriesOf(add).map(([key, value]) => ({ header: { key, value } })),
  ];
  const removed = texts(remove);
  return {
    ...(changes.length > 0 && { [`${side}_headers_to_add`]: changes }),
    ...(removed.length > 0 && { [`${side}_headers_to_remove`]: removed }),
  };
}

/** `host` rewrites the authority instead. */
function entriesOf(headers: unknown): [string, unknown][] {
  return Object.entries(fields(headers))
    .filter(([name]) => !['host', ':authority'].includes(name.toLowerCase()))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function perFilter({ fault, corsPolicy }: Fields): Json {
  const filters: Json = {};
  if (present(corsPolicy)) filters['envoy.filters.http.cors'] = cors(fields(corsPolicy));
  if (present(fault)) filters['envoy.filters.http.fault'] = faults(fields(fault));
  return filters;
}

function cors(policy: Fields): Json {
  const age = durationOf(policy.maxAge);
  const list = (value: unknown) => texts(value).join(',');
  const origins = items(policy.allowOrigins).map((origin) => {
    const { exact, prefix, regex } = fields(origin);
    if (text(exact) !== undefined) return { exact };
    return text(prefix) !== undefined ? { prefix } : { safe_regex: { regex } };
  });
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
    ...(origins.length > 0 && { allow_origin_string_match: origins }),
    ...(list(policy.allowMethods) && { allow_methods: list(policy.allowMethods) }),
    ...(list(policy.allowHeaders) && { allow_headers: list(policy.allowHeaders) }),
    ...(list(policy.exposeHeaders) && { expose_headers: list(policy.exposeHeaders) }),
    ...(age !== undefined && { max_age: String(Math.floor(age / 1000)) }),
    ...(typeof policy.allowCredentials === 'boolean' && { allow_credentials: policy.allowCredentials }),
    filter_enabled: { default_value: { numerator: 100 } },
    forward_not_matching_preflights: policy.unmatchedPreflights !== 'IGNORE',
  };
}

function faults({ delay, abort }: Fields): Json {
  const { fixedDelay, percentage, percent } = fields(delay);
  const share = (given: unknown, old: unknown) => fraction(present(given) ? given : { value: integer(old) ?? 0 }, 0);
  const { httpStatus, grpcStatus, percentage: aborted } = fields(abort);
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
    ...(present(delay) && {
      delay: { fixed_delay: seconds(durationOf(fixedDelay) ?? 0), percentage: share(percentage, percent) },
    }),
    ...(present(abort) && {
      abort: {
        ...(integer(httpStatus) ? { http_status: httpStatus } : { grpc_status: grpcCode(text(grpcStatus) ?? '') ?? 0 }),
        percentage: share(aborted, 0),
      },
    }),
  };
}
