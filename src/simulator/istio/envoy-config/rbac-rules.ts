// From the `from`, `to` and `when` of an AuthorizationPolicy rule to Envoy's permissions and principals.
import { fields, items, text, texts } from '../../../mesh/read.ts';
import type { Json } from './json.ts';

export interface RuleScope {
  /** The port is TCP: what speaks of HTTP cannot be asked there. */
  tcp: boolean;
  /** A DENY leaves out what it cannot ask; an ALLOW then never holds. */
  deny: boolean;
}

/** Undefined: the rule can never hold. */
export function permissionsOf(to: unknown, when: unknown, scope: RuleScope): Json[] | undefined {
  const operations = items(to).map((item) => fields(fields(item).operation));
  const conditions = conditionsOf(when, 'permission');
  return combine(operations.length > 0 ? operations : [{}], OPERATION, conditions, scope, {
    all: (rules) => ({ and_rules: { rules } }),
    any: (rules) => ({ or_rules: { rules } }),
    not: (rule) => ({ not_rule: rule }),
  });
}

export function principalsOf(from: unknown, when: unknown, scope: RuleScope): Json[] | undefined {
  const sources = items(from).map((item) => fields(fields(item).source));
  const conditions = conditionsOf(when, 'principal');
  return combine(sources.length > 0 ? sources : [{}], SOURCE, conditions, scope, {
    all: (ids) => ({ and_ids: { ids } }),
    any: (ids) => ({ or_ids: { ids } }),
    not: (id) => ({ not_id: id }),
  });
}

interface Attribute {
  http: boolean;
  match(value: string): Json;
}

interface Logic {
  all(parts: Json[]): Json;
  any(parts: Json[]): Json;
  not(part: Json): Json;
}

interface Condition {
  attribute: Attribute;
  values: readonly string[];
  notValues: readonly string[];
}

function combine(
  entries: readonly Readonly<Record<string, unknown>>[],
  attributes: Record<string, Attribute>,
  conditions: readonly Condition[],
  { tcp, deny }: RuleScope,
  logic: Logic,
): Json[] | undefined {
  const compiled = entries.flatMap((entry) => {
    const own = Object.entries(attributes).map(([name, attribute]) => ({
      attribute,
      values: texts(entry[name]),
      notValues: texts(entry[`not${name.charAt(0).toUpperCase()}${name.slice(1)}`]),
    }));
    const parts: Json[] = [];
    for (const { attribute, values, notValues } of [...own, ...conditions]) {
      if (values.length + notValues.length === 0) continue;
      if (tcp && attribute.http) {
        if (deny) continue;
        return [];
      }
      if (values.length > 0) parts.push(logic.any(values.map(attribute.match)));
      if (notValues.length > 0) parts.push(logic.not(logic.any(notValues.map(attribute.match))));
    }
    return [logic.all(parts.length > 0 ? parts : [{ any: true }])];
  });
  return compiled.length > 0 ? compiled : undefined;
}

const header = (name: string, ignoreCase = false): Attribute => ({
  http: true,
  match: (value) => ({ header: { name, ...headerMatch(value, ignoreCase) } }),
});

const OPERATION: Record<string, Attribute> = {
  hosts: header(':authority', true),
  methods: header(':method'),
  paths: { http: true, match: pathMatch },
  ports: { http: false, match: (value) => ({ destination_port: Number(value) || 0 }) },
};

const SOURCE: Record<string, Attribute> = {
  principals: { http: false, match: (value) => authenticated(stringMatch(value, 'spiffe://')) },
  requestPrincipals: {
    http: true,
    match: (value) => {
      const [issuer = '', ...subject] = value.split('/');
      if (value === '*') return { and_ids: { ids: [claim(['iss'], anything), claim(['sub'], anything)] } };
      return {
        and_ids: { ids: [claim(['iss'], stringMatch(issuer)), claim(['sub'], stringMatch(subject.join('/')))] },
      };
    },
  },
  namespaces: {
    http: false,
    match: (value) => authenticated({ safe_regex: { regex: `.*/ns/${value.replaceAll('*', '.*')}/.*` } }),
  },
  serviceAccounts: {
    http: false,
    match: (value) => authenticated({ safe_regex: { regex: `spiffe://.+/ns/${value.replace('/', '/sa/')}(/.+)?` } }),
  },
  ipBlocks: { http: false, match: (value) => ({ direct_remote_ip: addressRange(value) }) },
  remoteIpBlocks: { http: false, match: (value) => ({ remote_ip: addressRange(value) }) },
};

function conditionsOf(when: unknown, side: 'permission' | 'principal'): Condition[] {
  return items(when).flatMap((item) => {
    const { key, values, notValues } = fields(item);
    const attribute = conditionAttribute(text(key) ?? '', side);
    return attribute ? [{ attribute, values: texts(values), notValues: texts(notValues) }] : [];
  });
}

/** Conditions on the destination are permissions, those on the request and its source are principals. */
function conditionAttribute(key: string, side: 'permission' | 'principal'): Attribute | undefined {
  const inner = /\[(.*)\]$/.exec(key)?.[1] ?? '';
  if (side === 'permission') {
    if (key === 'destination.port') return OPERATION.ports;
    if (key === 'destination.ip') return { http: false, match: (value) => ({ destination_ip: addressRange(value) }) };
    if (key === 'connection.sni')
      return { http: false, match: (value) => ({ requested_server_name: stringMatch(value) }) };
    return undefined;
  }
  if (key.startsWith('request.headers[')) return header(inner);
  if (key.startsWith('request.auth.claims['))
    return { http: true, match: (value) => claimOrList(key.match(/(?<=\[)[^\]]+/g) ?? [], value) };
  const sources: Record<string, string> = {
    'source.ip': 'ipBlocks',
    'remote.ip': 'remoteIpBlocks',
    'source.namespace': 'namespaces',
    'source.principal': 'principals',
    'source.serviceAccount': 'serviceAccounts',
    'request.auth.principal': 'requestPrincipals',
  };
  return Object.hasOwn(sources, key) ? SOURCE[sources[key] ?? ''] : undefined;
}

const anything: Json = { safe_regex: { regex: '.+' } };
const authenticated = (principal_name: Json): Json => ({ authenticated: { principal_name } });

function claim(path: readonly string[], string_match: Json): Json {
  return metadata(path, { string_match });
}

function claimOrList(path: readonly string[], value: string): Json {
  const string_match = stringMatch(value);
  return metadata(path, {
    or_match: { value_matchers: [{ list_match: { one_of: { string_match } } }, { string_match }] },
  });
}

function metadata(path: readonly string[], value: Json): Json {
  const keys = [{ key: 'payload' }, ...path.map((key) => ({ key }))];
  return { metadata: { filter: 'envoy.filters.http.jwt_authn', path: keys, value } };
}

/** Exact, `prefix*`, `*suffix`, or `*` for anything that is there. */
function stringMatch(value: string, start = ''): Json {
  if (value === '*') return anything;
  if (value.endsWith('*')) return { prefix: start + value.slice(0, -1) };
  if (value.startsWith('*')) return { suffix: value.slice(1) };
  return { exact: start + value };
}

function headerMatch(value: string, ignoreCase: boolean): Json {
  if (value === '*') return { present_match: true };
  return { string_match: { ...stringMatch(value), ...(ignoreCase && { ignore_case: true }) } };
}

function pathMatch(value: string): Json {
  if (!/\{\*{1,2}\}/.test(value)) return { url_path: { path: stringMatch(value) } };
  const type = 'type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig';
  const path_template = value.replaceAll('{**}', '**').replaceAll('{*}', '*');
  return { uri_template: { name: 'uri-template', typed_config: { '@type': type, path_template } } };
}

function addressRange(block: string): Json {
  const [address_prefix = '', length] = block.split('/');
  return { address_prefix, prefix_len: length === undefined ? (block.includes(':') ? 128 : 32) : Number(length) };
}
