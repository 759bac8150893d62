// One entry of `http[].match`: the conditions that a request must meet, all of them.

import { claimCondition, claimNamed } from './claim-match.ts';
import type { Condition } from './condition.ts';
import type { MeshRequest } from './engine.ts';
import { fields, hasLabels, integer, present, stringMap, text, texts } from './read.ts';
import { allValues, anyValue } from './repeated-headers.ts';
import { schemeOf } from './scheme.ts';
import { compileStringMatch, type StringMatch } from './string-match.ts';

export interface HttpMatch {
  name: string;
  /** Position in the rule's list. */
  index: number;
  conditions: Condition[];
  /** How the path was matched; rewrites depend on it. */
  uri: { operator: 'exact' | 'prefix' | 'regex'; value: string };
}

/** Which proxy the rules are compiled for. */
export interface RuleScope {
  /** `mesh`, or the gateway as namespace/name. */
  gateway: string;
  /** Port of the listener: the Service's for sidecars, the server's for gateways. */
  port: number;
  namespace: string;
  labels: Record<string, string>;
}

/**
 * Undefined when this entry is not for this proxy: gateways, port, sourceLabels, sourceNamespace. `bySegments`: a prefix
 * of the path ends where one of its segments does.
 */
export function compileMatch(
  spec: unknown,
  index: number,
  scope: RuleScope,
  namespace: string,
  bySegments = false,
): HttpMatch | undefined {
  const match = fields(spec);
  if (!appliesTo(match, scope, namespace)) return undefined;
  const ignoreCase = match.ignoreUriCase === true;
  const uri = compileStringMatch(match.uri, ignoreCase);
  return {
    name: text(match.name) ?? '',
    index,
    conditions: [
      ...uriCondition(uri, bySegments),
      ...pseudo('method', match.method, (request) => request.method),
      ...pseudo('authority', match.authority, (request) => request.authority),
      ...pseudo('scheme', match.scheme, schemeOf),
      ...headerConditions('headers', match.headers, false, scope),
      ...headerConditions('withoutHeaders', match.withoutHeaders, true, scope),
      ...queryConditions(match.queryParams),
    ],
    uri: uri.operator === 'present' ? WHOLE : { operator: uri.operator, value: uri.value },
  };
}

/** A rule without conditions matches everything; Envoy then sees the prefix `/`. */
export const WHOLE: HttpMatch['uri'] = { operator: 'prefix', value: '/' };

export function gatewayReference(reference: string, namespace: string): string {
  if (reference === 'mesh' || reference.includes('/')) {
    return reference.startsWith('./') ? `${namespace}/${reference.slice(2)}` : reference;
  }
  const [name = '', ofNamespace = ''] = reference.split('.');
  return ofNamespace ? `${ofNamespace}/${name}` : `${namespace}/${reference}`;
}

export function appliesTo(match: Readonly<Record<string, unknown>>, scope: RuleScope, namespace: string): boolean {
  const gateways = texts(match.gateways).map((g) => gatewayReference(g, namespace));
  if (gateways.length > 0 && !gateways.includes(scope.gateway)) return false;
  const port = integer(match.port);
  if (port !== undefined && port !== 0 && port !== scope.port) return false;
  if (scope.gateway !== 'mesh') return true;
  const from = text(match.sourceNamespace);
  if (from && from !== scope.namespace) return false;
  return hasLabels(scope.labels, stringMap(match.sourceLabels));
}

function uriCondition(uri: StringMatch, bySegments: boolean): Condition[] {
  if (uri.operator === 'present' || (uri.operator === 'prefix' && uri.value === '/')) return [];
  const { operator, value } = uri;
  const test = bySegments && operator === 'prefix' ? startsWithSegments(value) : uri.test;
  return [{ path: 'uri', operator, value, negated: false, test: (_, path) => test(path), actual: (_, path) => path }];
}

function startsWithSegments(prefix: string): (path: string) => boolean {
  const inside = `${prefix}/`;
  return (path) => path === prefix || path.startsWith(inside);
}

function pseudo(path: string, spec: unknown, read: (request: MeshRequest) => string): Condition[] {
  if (!present(spec)) return [];
  const { operator, value, test } = compileStringMatch(spec);
  return [{ path, operator, value, negated: false, test: (request) => test(read(request)), actual: read }];
}

/** Istio ignores these names among headers: they have fields of their own. */
const PSEUDO = new Set(['uri', 'scheme', 'method', 'authority']);

function headerConditions(path: string, spec: unknown, negated: boolean, scope: RuleScope): Condition[] {
  return Object.entries(fields(spec)).flatMap(([written, matcher]) => {
    const claim = claimNamed(written);
    if (claim) return [claimCondition(`${path}.${written}`, claim, matcher, negated, scope.gateway !== 'mesh')];
    const name = written.toLowerCase();
    if (PSEUDO.has(name)) return [];
    const { operator, value, test } = compileStringMatch(matcher);
    const read = (request: MeshRequest) => header(request, name);
    const holds = (request: MeshRequest) => {
      const actual = read(request);
      return actual !== undefined && anyValue(actual, test);
    };
    return [
      {
        path: `${path}.${written}`,
        operator,
        value,
        negated,
        test: negated ? (request: MeshRequest) => !holds(request) : holds,
        actual: (request: MeshRequest) => {
          const actual = read(request);
          return actual === undefined ? undefined : allValues(actual);
        },
      },
    ];
  });
}

/** Own properties only: a header may be called `constructor`. */
function header(request: MeshRequest, name: string): string | undefined {
  return Object.hasOwn(request.headers, name) ? text(request.headers[name]) : undefined;
}

function queryConditions(spec: unknown): Condition[] {
  return Object.entries(fields(spec)).map(([name, matcher]) => {
    const { operator, value, test } = compileStringMatch(matcher);
    const read = (request: MeshRequest) => queryParameter(request.path, name);
    return {
      path: `queryParams.${name}`,
      operator,
      value,
      negated: false,
      test: (request: MeshRequest) => {
        const actual = read(request);
        return actual !== undefined && test(actual);
      },
      actual: read,
    };
  });
}

/** The first one of that name, as written: Envoy does not decode. */
function queryParameter(path: string, name: string): string | undefined {
  const start = path.indexOf('?');
  if (start < 0) return undefined;
  for (const pair of path.slice(start + 1).split('&')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    if (key === name) return equals < 0 ? '' : pair.slice(equals + 1);
  }
  return undefined;
}
