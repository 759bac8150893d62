// The tokens of a request, where each rule says that they are, and how to take them out of it.
import type { TokenRule } from '../../../mesh/engine.ts';
import type { HttpRequest } from '../../contract.ts';

export interface FoundToken {
  rule: TokenRule;
  token: string;
  /** The request without it. */
  remove(): void;
}

type Mutable = HttpRequest & { headers: Record<string, string> };

/** In the order of the rules; the same token once for each rule that looks where it is. */
export function findTokens(rules: readonly TokenRule[], request: Mutable): FoundToken[] {
  return rules.flatMap((rule) => [
    ...rule.fromHeaders.flatMap(({ name, prefix }) => inHeader(rule, request, name, prefix)),
    ...rule.fromParams.flatMap((name) => inParameter(rule, request, name)),
    ...rule.fromCookies.flatMap((name) => inCookie(rule, request, name)),
  ]);
}

/** A header that does not begin as it should holds no token: Basic is not Bearer. */
function inHeader(rule: TokenRule, request: Mutable, name: string, prefix: string): FoundToken[] {
  const value = request.headers[name];
  if (value === undefined) return [];
  const at = value.indexOf(prefix);
  if (at < 0) return [];
  // What follows the token, a comma or a space, is no part of it.
  const token = /^[^\s,;]*/.exec(value.slice(at + prefix.length))?.[0] ?? '';
  return token === '' ? [] : [{ rule, token, remove: () => void delete request.headers[name] }];
}

function inParameter(rule: TokenRule, request: Mutable, name: string): FoundToken[] {
  const at = request.path.indexOf('?');
  if (at < 0) return [];
  const parameters = request.path.slice(at + 1).split('&');
  const own = parameters.find((p) => p.startsWith(`${name}=`));
  if (own === undefined || own.length === name.length + 1) return [];
  const remove = (): void => {
    const rest = parameters.filter((p) => p !== own).join('&');
    request.path = request.path.slice(0, at) + (rest && `?${rest}`);
  };
  return [{ rule, token: own.slice(name.length + 1), remove }];
}

function inCookie(rule: TokenRule, request: Mutable, name: string): FoundToken[] {
  const cookies = (request.headers.cookie ?? '').split(/[;\n]/).map((c) => c.trim());
  const own = cookies.find((c) => c.startsWith(`${name}=`));
  if (own === undefined || own.length === name.length + 1) return [];
  // Envoy leaves cookies as they are.
  return [{ rule, token: own.slice(name.length + 1), remove: () => {} }];
}
