// One entry of `http[].match` as Envoy's route match.
import { claimNamed } from '../../../mesh/claim-match.ts';
import { fields, text } from '../../../mesh/read.ts';
import type { Json } from './json.ts';

/** `match` undefined: the rule takes everything. `bySegments`: as routes of the Gateway API match prefixes. */
export function routeMatch(match: unknown, bySegments = false): Json {
  const { uri, headers, withoutHeaders, method, authority, scheme, queryParams, ignoreUriCase } = fields(match);
  const all = [
    ...headerMatches(headers, false),
    ...headerMatches(withoutHeaders, true),
    ...[
      [':method', method],
      [':authority', authority],
      [':scheme', scheme],
    ].flatMap(([name, value]) => (value === undefined ? [] : [{ name, ...valueMatch(value) }])),
  ];
  const claims = [...claimMatches(headers, false), ...claimMatches(withoutHeaders, true)];
  const query = Object.entries(fields(queryParams)).map(([name, value]) => ({ name, ...valueMatch(value) }));
  return {
    ...pathMatch(uri, ignoreUriCase === true, bySegments),
    ...(all.length > 0 && { headers: all }),
    ...(query.length > 0 && { query_parameters: query }),
    ...(claims.length > 0 && { dynamic_metadata: claims }),
  };
}

/** How istiod names the path in a route's operation: `/api*`, `/login`. */
export function pathText(match: unknown): string {
  const { exact, prefix, regex } = fields(fields(match).uri);
  if (text(exact) !== undefined) return text(exact) ?? '';
  if (text(prefix) !== undefined) return `${text(prefix)}*`;
  return text(regex) ?? '/*';
}

function pathMatch(uri: unknown, ignoreCase: boolean, bySegments: boolean): Json {
  const { exact, prefix, regex } = fields(uri);
  if (text(exact) !== undefined) return { path: exact, case_sensitive: !ignoreCase };
  if (bySegments && text(prefix) && prefix !== '/') {
    return { path_separated_prefix: prefix, case_sensitive: !ignoreCase };
  }
  if (text(prefix) !== undefined) return { prefix, case_sensitive: !ignoreCase };
  if (text(regex) !== undefined) return { safe_regex: { regex }, case_sensitive: !ignoreCase };
  return { prefix: '/' };
}

/** These have fields of their own, and Istio ignores them here. */
const PSEUDO = new Set(['uri', 'scheme', 'method', 'authority']);

function headerMatches(headers: unknown, inverted: boolean): Json[] {
  return Object.entries(fields(headers))
    .filter(([name]) => !PSEUDO.has(name.toLowerCase()) && !claimNamed(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      const match = valueMatch(value);
      if (!inverted) return { name, ...match };
      return {
        name,
        invert_match: true,
        ...match,
        ...('string_match' in match && { treat_missing_header_as_empty: true }),
      };
    });
}

/** Claims of tokens, where the filter that verifies them leaves them. A list matches when one member does. */
function claimMatches(headers: unknown, inverted: boolean): Json[] {
  return Object.entries(fields(headers)).flatMap(([name, value]): Json[] => {
    const claim = claimNamed(name);
    if (!claim) return [];
    const match = valueMatch(value);
    const one = 'string_match' in match ? match : { present_match: true };
    return [
      {
        filter: 'envoy.filters.http.jwt_authn',
        path: ['payload', ...claim].map((key) => ({ key })),
        value: { or_match: { value_matchers: [one, { list_match: { one_of: one } }] } },
        ...(inverted && { invert: true }),
      },
    ];
  });
}

function valueMatch(value: unknown): Json {
  const { exact, prefix, regex } = fields(value);
  if (text(exact) !== undefined) return { string_match: { exact } };
  if (text(prefix) !== undefined) return { string_match: { prefix } };
  if (text(regex) !== undefined && regex !== '*') return { string_match: { safe_regex: { regex } } };
  return { present_match: true };
}
