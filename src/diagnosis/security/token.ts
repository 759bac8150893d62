// The token that a request carries, as the proxy behind it reads it: found where its rules look, and compared with them.
// Signatures are verified; times are not, for a diagnosis knows no clock: what traffic did tells of those.
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { MeshRequest, TokenOutcome, TokenRule } from '../../mesh/engine.ts';
import { fields, items, texts } from '../../mesh/read.ts';

export type Claims = Readonly<Record<string, unknown>>;

export function tokenOutcome(rules: readonly TokenRule[], request: MeshRequest): TokenOutcome {
  const found = rules.flatMap((rule) => {
    const token = tokenFor(rule, request);
    return token === undefined ? [] : [{ rule, token }];
  });
  const [first] = found;
  if (!first) return { kind: 'none' };
  const claims = claimsOf(first.token);
  if (!claims)
    return refused('Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections', first.rule);
  const own = found.find(({ rule }) => rule.issuer === claims.iss);
  if (!own) return refused('Jwt issuer is not configured', first.rule);
  if (!audienceFits(claims, own.rule)) return refused('Audiences in Jwt are not allowed', own.rule);
  const problem = signatureProblem(own.token, own.rule);
  if (problem) return refused(problem, own.rule);
  return { kind: 'valid', claims, issuer: own.rule.issuer, subject: typeof claims.sub === 'string' ? claims.sub : '' };
}

/** What the bearer token of a request says of itself, whoever looks at it; undefined when there is none to read. */
export function bearerClaims(headers: Readonly<Record<string, string>>): Claims | undefined {
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  return value.startsWith('Bearer ') ? claimsOf(value.slice(7).trim()) : undefined;
}

export function hasBearer(headers: Readonly<Record<string, string>>): boolean {
  return Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === 'authorization' && /^Bearer /i.test(value),
  );
}

function tokenFor(rule: TokenRule, { headers, path }: MeshRequest): string | undefined {
  for (const { name, prefix } of rule.fromHeaders) {
    const value = headers[name];
    if (value?.startsWith(prefix)) return value.slice(prefix.length).trim();
  }
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  for (const name of rule.fromParams) {
    const value = query.get(name);
    if (value) return value;
  }
  return undefined;
}

function claimsOf(token: string): Claims | undefined {
  const parts = token.split('.');
  return parts.length === 3 && readPart(parts[0]) ? readPart(parts[1]) : undefined;
}

function readPart(part: string | undefined): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? fields(value) : undefined;
  } catch {
    return undefined;
  }
}

function audienceFits({ aud }: Claims, { audiences }: TokenRule): boolean {
  if (audiences.length === 0) return true;
  const own = (typeof aud === 'string' ? [aud] : texts(aud)).map(plainAudience);
  return audiences.some((wanted) => own.includes(plainAudience(wanted)));
}

/** With and without scheme and last slash they are the same. */
function plainAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

const noKey = "Jwks doesn't have key to match kid or alg from Jwt";

/** Undefined also where it cannot be known: keys that are fetched, and kinds of signature that are not RSA or EC. */
function signatureProblem(token: string, { jwks }: TokenRule): string | undefined {
  if (jwks === undefined) return undefined;
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg, kid } = readPart(header) ?? {};
  const algorithm = algorithms[String(alg)];
  if (!algorithm) return undefined;
  const keys = keysOf(jwks).filter(
    (k) => k.kty === algorithm.type && (kid === undefined || k.kid === undefined || k.kid === kid),
  );
  if (keys.length === 0) return noKey;
  const data = Buffer.from(`${header}.${payload}`);
  const good = keys.some((jwk) => {
    try {
      const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
      return verify(algorithm.digest, data, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    } catch {
      return false;
    }
  });
  return good ? undefined : 'Jwt verification fails';
}

const algorithms: Readonly<Record<string, { type: string; digest: string }>> = {
  RS256: { type: 'RSA', digest: 'sha256' },
  RS384: { type: 'RSA', digest: 'sha384' },
  RS512: { type: 'RSA', digest: 'sha512' },
  ES256: { type: 'EC', digest: 'sha256' },
  ES384: { type: 'EC', digest: 'sha384' },
};

function keysOf(jwks: string): Readonly<Record<string, unknown>>[] {
  try {
    return items(fields(JSON.parse(jwks)).keys).map(fields);
  } catch {
    return [];
  }
}

function refused(body: string, { source }: TokenRule): TokenOutcome {
  return { kind: 'invalid', body, details: '', source };
}
