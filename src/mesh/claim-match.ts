// `@request.auth.claims.NAME` among the headers of a match: a claim of the request's token, which a gateway has verified.

import type { Condition } from './condition.ts';
import type { MeshRequest } from './engine.ts';
import { compileStringMatch } from './string-match.ts';

const PREFIX = '@request.auth.claims';

/** The way to the claim: `.a.b` is nested, and so is `[a][b]`, whose names may have dots. Undefined: a header's name. */
export function claimNamed(written: string): readonly string[] | undefined {
  if (!written.toLowerCase().startsWith(PREFIX)) return undefined;
  const rest = written.slice(PREFIX.length);
  if (/^(\[[^[\]]+\])+$/.test(rest)) return rest.slice(1, -1).split('][');
  return /^(\.[^.]+)+$/.test(rest) ? rest.slice(1).split('.') : undefined;
}

/** Sidecars know nothing of claims: there it never holds. A list holds when one of its members does. */
export function claimCondition(
  path: string,
  claim: readonly string[],
  matcher: unknown,
  negated: boolean,
  atGateway: boolean,
): Condition {
  const { operator, value, test } = compileStringMatch(matcher);
  const holds = (request: MeshRequest) => atGateway && valuesOf(request, claim).some(test);
  return {
    path,
    operator,
    value,
    negated,
    test: negated ? (request) => !holds(request) : holds,
    actual: (request) => (atGateway ? valuesOf(request, claim).join(', ') || undefined : undefined),
  };
}

function valuesOf({ claims }: MeshRequest, way: readonly string[]): string[] {
  let at: unknown = claims;
  for (const name of way) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return [];
    at = (at as Record<string, unknown>)[name];
  }
  return (Array.isArray(at) ? at : [at]).filter((value) => typeof value === 'string');
}
