// What a token says of itself. Its signature is not checked here: an explanation asks "if this token is good, then what?".
import type { MeshRequest, TokenOutcome, TokenRule } from '../../mesh/engine.ts';

export function claimedToken(rules: readonly TokenRule[], { headers, path }: MeshRequest): TokenOutcome {
  for (const rule of rules) {
    const token = tokenFor(rule, headers, path);
    const claims = token === undefined ? undefined : claimsOf(token);
    if (!claims || claims.iss !== rule.issuer) continue;
    return { kind: 'valid', claims, issuer: rule.issuer, subject: typeof claims.sub === 'string' ? claims.sub : '' };
  }
  return { kind: 'none' };
}

function tokenFor(rule: TokenRule, headers: Readonly<Record<string, string>>, path: string): string | undefined {
  for (const { name, prefix } of rule.fromHeaders) {
    const value = headers[name.toLowerCase()];
    if (value?.startsWith(prefix)) return value.slice(prefix.length).trim();
  }
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  for (const name of rule.fromParams) {
    const value = query.get(name);
    if (value) return value;
  }
  return undefined;
}

function claimsOf(token: string): Record<string, unknown> | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(payload), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
