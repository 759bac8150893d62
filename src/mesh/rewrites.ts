// `rewrite`: the path and authority that the next hop sees.
import type { HttpMatch } from './match.ts';
import { fields, text } from './read.ts';
import { compileRegex } from './regex.ts';

export interface Rewrite {
  /** Undefined when the path stays as it is. */
  path: ((path: string) => string) | undefined;
  authority: string | undefined;
}

/** `gatewayApi`: to rewrite a prefix to `/` is to take it away, without a second slash. */
export function compileRewrite(spec: unknown, uri: HttpMatch['uri'], gatewayApi = false): Rewrite {
  const { uri: replacement, uriRegexRewrite, authority } = fields(spec);
  const [newUri, newAuthority] = [text(replacement), text(authority)];
  return {
    path: regexRewrite(uriRegexRewrite) ?? (newUri ? replacePath(newUri, uri, gatewayApi) : undefined),
    authority: newAuthority || undefined,
  };
}

function replacePath(uri: string, matched: HttpMatch['uri'], gatewayApi: boolean): (path: string) => string {
  return gatewayApi && uri === '/' && matched.operator === 'prefix'
    ? withoutPrefix(matched.value)
    : uriRewrite(uri, matched);
}

function withoutPrefix(prefix: string): (path: string) => string {
  const length = prefix === '/' ? 0 : prefix.length;
  return (path) => {
    const rest = path.slice(length);
    return rest.startsWith('/') ? rest : `/${rest}`;
  };
}

/** Replaces what was matched: the prefix, or the whole path for exact and regular expressions. The query stays. */
export function uriRewrite(replacement: string, { operator, value }: HttpMatch['uri']): (path: string) => string {
  if (operator === 'prefix') return (path) => replacement + path.slice(value.length);
  return (path) => replacement + queryOf(path);
}

function regexRewrite(spec: unknown): ((path: string) => string) | undefined {
  const { match, rewrite } = fields(spec);
  const [pattern, substitution] = [text(match), text(rewrite)];
  if (pattern === undefined || substitution === undefined) return undefined;
  const compiled = compileRegex(pattern);
  if (!compiled) return undefined;
  return (path) => {
    const query = queryOf(path);
    const bare = path.slice(0, path.length - query.length);
    return compiled.matcher(bare).replaceAll((...groups: unknown[]) => expand(substitution, groups)) + query;
  };
}

/** RE2 writes groups `\1`, the whole match `\0` and a backslash `\\`. */
function expand(substitution: string, groups: readonly unknown[]): string {
  return substitution.replace(/\\(\d|\\)/g, (_, sign: string) =>
    sign === '\\' ? sign : (text(groups[Number(sign)]) ?? ''),
  );
}

function queryOf(path: string): string {
  const start = path.indexOf('?');
  return start < 0 ? '' : path.slice(start);
}
