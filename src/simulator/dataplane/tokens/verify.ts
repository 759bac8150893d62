// Tokens as Envoy's jwt_authn filter takes them: every one that is found must be good, with the texts of its refusals
// (istio-hechos §4.2). What is good is taken out of the request, unless the rule says to pass it on.
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { TokenOutcome, TokenRule } from '../../../mesh/engine.ts';
import type { HttpRequest } from '../../contract.ts';
import { type FoundToken, findTokens } from './find-tokens.ts';
import { createKeySets, type FetchKeys } from './key-sets.ts';

type Mutable = HttpRequest & { headers: Record<string, string> };

export interface TokenVerifier {
  /** Changes the request: tokens taken out, claims written into headers. Never rejects. */
  verify(rules: readonly TokenRule[], request: Mutable): Promise<TokenOutcome>;
}

export interface TokenVerifierOptions {
  fetchKeys: FetchKeys;
  /** Milliseconds since the epoch. */
  now(): number;
}

type Judged = { claims: JWTPayload } | { problem: string };

const NONE: TokenOutcome = { kind: 'none' };
/** Envoy's tolerance of clocks, in seconds. */
const CLOCK_SKEW = 60;
const REMEMBERED = 500;

export function createTokenVerifier({ fetchKeys, now }: TokenVerifierOptions): TokenVerifier {
  const keySets = createKeySets({ fetchKeys, now });
  // Signatures are costly and tokens come again and again. Times are looked at each time.
  const signatures = new Map<string, Judged>();
  const numbers = new WeakMap<object, number>();
  let used = 0;

  function numberOf(keys: object): number {
    const number = numbers.get(keys) ?? ++used;
    numbers.set(keys, number);
    return number;
  }

  async function signed({ rule, token }: FoundToken): Promise<Judged> {
    const keys = await keySets.of(rule);
    // istiod gives proxies a key that nobody has when it cannot fetch the real ones.
    if (!keys) return { problem: NO_KEY };
    // Keys that were fetched again may be others: what was judged by the old ones does not stand.
    const key = `${numberOf(keys)} ${token}`;
    const known = signatures.get(key);
    if (known) return known;
    const judged = await checkSignature(token, keys);
    if (signatures.size >= REMEMBERED) signatures.clear();
    signatures.set(key, judged);
    return judged;
  }

  async function judge(found: FoundToken): Promise<Judged> {
    const shape = readShape(found.token);
    if ('problem' in shape) return shape;
    const { claims } = shape;
    const seconds = now() / 1000;
    if (claims.iss !== found.rule.issuer) return { problem: 'Jwt issuer is not configured' };
    if (typeof claims.nbf === 'number' && claims.nbf > seconds + CLOCK_SKEW) return { problem: 'Jwt not yet valid' };
    if (typeof claims.exp === 'number' && claims.exp < seconds - CLOCK_SKEW) return { problem: 'Jwt is expired' };
    if (!audienceFits(claims, found.rule)) return { problem: 'Audiences in Jwt are not allowed' };
    return signed(found);
  }

  return {
    async verify(rules, request) {
      // Browsers ask before they send a token: those requests have none to show.
      if (isPreflight(request)) return NONE;
      const found = findTokens(rules, request);
      if (found.length === 0) return NONE;
      let good: { token: FoundToken; claims: JWTPayload } | undefined;
      for (const tokens of Map.groupBy(found, (f) => f.token).values()) {
        // A token is for the rule of its issuer; when it is nobody's, the first rule that found it says so.
        const issuer = issuerOf(tokens[0]?.token ?? '');
        const token = tokens.find((f) => f.rule.issuer === issuer) ?? tokens[0];
        if (!token) continue;
        const judged = await judge(token);
        if ('problem' in judged) return refused(judged.problem, token.rule);
        good ??= { token, claims: judged.claims };
        pass(token, judged.claims, request);
      }
      if (!good) return NONE;
      const { token, claims } = good;
      return {
        kind: 'valid',
        claims: withLists(claims, token.rule),
        issuer: claims.iss ?? '',
        subject: claims.sub ?? '',
      };
    },
  };
}

function isPreflight({ method, headers }: HttpRequest): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

async function checkSignature(token: string, keys: Parameters<typeof jwtVerify>[1]): Promise<Judged> {
  try {
    // Times were looked at before, by the cluster's clock.
    const { payload } = await jwtVerify(token, keys, {
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    });
    return { claims: payload };
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return { problem: NO_KEY };
    if (error instanceof errors.JOSENotSupported) return { problem: NO_KEY };
    // Keys without an id: each may be tried, and one that fits is enough.
    if (error instanceof errors.JWKSMultipleMatchingKeys) return tryEach(token, error);
    return { problem: 'Jwt verification fails' };
  }
}

async function tryEach(token: string, keys: errors.JWKSMultipleMatchingKeys): Promise<Judged> {
  for await (const key of keys) {
    const judged = await checkSignature(token, async () => key);
    if ('claims' in judged) return judged;
  }
  return { problem: 'Jwt verification fails' };
}

const NO_KEY = "Jwks doesn't have key to match kid or alg from Jwt";

function readShape(token: string): { claims: JWTPayload } | { problem: string } {
  const parts = token.split('.');
  if (parts.length !== 3) {
    return { problem: 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections' };
  }
  const [header = '', payload = '', signature = ''] = parts;
  if (!isBase64Url(header)) return { problem: 'Jwt header is an invalid Base64url encoded' };
  try {
    decodeProtectedHeader(token);
  } catch {
    return { problem: 'Jwt header is an invalid JSON' };
  }
  if (!isBase64Url(payload)) return { problem: 'Jwt payload is an invalid Base64url encoded' };
  try {
    const claims = decodeJwt(token);
    return isBase64Url(signature) ? { claims } : { problem: 'Jwt signature is an invalid Base64url encoded' };
  } catch {
    return { problem: 'Jwt payload is an invalid JSON' };
  }
}

/** Not just its letters: a single one encodes nothing. */
function isBase64Url(text: string): boolean {
  return /^[\w-]+$/.test(text) && text.length % 4 !== 1;
}

function issuerOf(token: string): unknown {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

function audienceFits({ aud }: JWTPayload, { audiences }: TokenRule): boolean {
  if (audiences.length === 0) return true;
  const own = (Array.isArray(aud) ? aud : [aud]).map((a) => plainAudience(a ?? ''));
  return audiences.some((wanted) => own.includes(plainAudience(wanted)));
}

/** With and without scheme and last slash they are the same. */
function plainAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

function pass({ rule, token, remove }: FoundToken, claims: JWTPayload, request: Mutable): void {
  if (!rule.forwardOriginalToken) remove();
  if (rule.outputPayloadToHeader !== undefined) {
    // As it came: claims are not written anew.
    request.headers[rule.outputPayloadToHeader] = token.split('.')[1] ?? '';
  }
  for (const { header, claim } of rule.outputClaimToHeaders) {
    const value = claim.split('.').reduce(own, claims);
    if (value === undefined || value === null) delete request.headers[header];
    else if (typeof value === 'object') request.headers[header] = Buffer.from(JSON.stringify(value)).toString('base64');
    else request.headers[header] = String(value);
  }
}

function own(at: unknown, key: string): unknown {
  if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
  return (at as Record<string, unknown>)[key];
}

/** What a policy is to compare: each word of the strings that the rule calls lists. */
function withLists(claims: JWTPayload, { spaceDelimitedClaims = [] }: TokenRule): JWTPayload {
  return spaceDelimitedClaims.reduce((at, claim) => withList(at, claim.split('.')) as JWTPayload, claims);
}

function withList(at: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return typeof at === 'string' ? at.split(' ') : at;
  if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return at;
  return { ...at, [key]: withList(own(at, key), rest) };
}

function refused(problem: string, { source }: TokenRule): TokenOutcome {
  return {
    kind: 'invalid',
    body: problem,
    details: `jwt_authn_access_denied{${problem.replaceAll(' ', '_')}}`,
    source,
  };
}
