// A JSON Web Key Set inside a RequestAuthentication, as istiod reads it.
import { fields, list, text } from './findings.ts';

/** Why istiod refuses it; undefined when every key can be read. */
export function jwksProblem(jwks: string): string | undefined {
  const problem = setProblem(jwks);
  return problem && `failed to unmarshal JWK set: ${problem}`;
}

/** Indices of the keys that give away a secret. */
export function privateKeysOf(jwks: string): number[] {
  if (jwksProblem(jwks) !== undefined) return [];
  const set = parsed(jwks);
  const keys = set && 'keys' in set ? list(set.keys) : [set];
  return keys.flatMap((key, index) => (fields(key).d !== undefined || fields(key).kty === 'oct' ? [index] : []));
}

function setProblem(jwks: string): string | undefined {
  const set = parsed(jwks);
  if (!set) return syntaxProblem(jwks.trim());
  if (!('keys' in set)) {
    const problem = keyProblem(set);
    return problem && `failed to parse sole key in key set: ${problem}`;
  }
  if (!Array.isArray(set.keys)) {
    const kind = typeof set.keys === 'object' ? 'object' : typeof set.keys;
    if (set.keys === null) return undefined;
    return `failed to decode "keys": json: cannot unmarshal ${kind === 'boolean' ? 'bool' : kind} into Go value of type []json.RawMessage`;
  }
  for (const [index, key] of set.keys.entries()) {
    const problem = keyProblem(fields(key));
    if (problem !== undefined) return `failed to decode key #${index} in "keys": ${problem}`;
  }
  return undefined;
}

function parsed(jwks: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(jwks);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const requirements: Record<string, { fields: string[]; type: string }> = {
  RSA: { fields: ['e', 'n'], type: 'rsaPublicKey' },
  EC: { fields: ['crv', 'x', 'y'], type: 'ecdsaPublicKey' },
  OKP: { fields: ['crv', 'x'], type: 'okpPublicKey' },
  oct: { fields: ['k'], type: 'symmetricKey' },
};

function keyProblem(key: Record<string, unknown>): string | undefined {
  const kind = requirements[text(key.kty)];
  if (!kind) return `invalid key type from JSON (${text(key.kty)})`;
  const missing = kind.fields.find((name) => key[name] === undefined);
  if (missing === undefined) return undefined;
  return `failed to unmarshal JSON into key (*jwk.${kind.type}): required field ${missing} is missing`;
}

/** Go's words for text that is no JSON object. */
function syntaxProblem(jwks: string): string {
  const first = jwks[0];
  if (first === undefined) return 'EOF';
  for (const literal of ['null', 'true', 'false']) {
    if (first !== literal[0]) continue;
    const at = [...literal].findIndex((c, index) => jwks[index] !== c);
    if (at < 0) return `expected '{', but got '%!c(${literal === 'null' ? '<nil>' : `bool=${literal}`})'`;
    const found = jwks[at];
    return found === undefined
      ? 'unexpected EOF'
      : `invalid character '${found}' in literal ${literal} (expecting '${literal[at]}')`;
  }
  if (first === '[') return "expected '{', but got '['";
  if (first !== '{') return `invalid character '${first}' looking for beginning of value`;
  return 'unexpected EOF';
}
