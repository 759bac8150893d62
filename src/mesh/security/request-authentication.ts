// The token rules of a proxy, from its RequestAuthentications (istio-hechos §4.2).
import { namespaceOf } from '../config-objects.ts';
import type { TokenRule } from '../engine.ts';
import type { KubeObject } from '../objects.ts';
import { fields, items, text, texts } from '../read.ts';

/** Where tokens are looked for when a rule names no place. */
const AUTHORIZATION = [{ name: 'authorization', prefix: 'Bearer ' }];
const ACCESS_TOKEN = ['access_token'];

export function readTokenRules(objects: readonly KubeObject[]): TokenRule[] {
  return objects.flatMap((object) =>
    items(fields(object.spec).jwtRules).map((rule, index) => readTokenRule(object, fields(rule), index)),
  );
}

function readTokenRule(object: KubeObject, rule: Readonly<Record<string, unknown>>, index: number): TokenRule {
  const fromHeaders = items(rule.fromHeaders).map((item) => {
    const { name, prefix } = fields(item);
    return { name: (text(name) ?? '').toLowerCase(), prefix: text(prefix) ?? '' };
  });
  const fromParams = texts(rule.fromParams);
  const fromCookies = texts(rule.fromCookies);
  const anywhere = fromHeaders.length + fromParams.length + fromCookies.length > 0;
  const jwks = text(rule.jwks);
  const jwksUri = text(rule.jwksUri) ?? text(rule.jwks_uri);
  const spaced = texts(rule.spaceDelimitedClaims);
  const payloadHeader = text(rule.outputPayloadToHeader);
  return {
    source: {
      kind: object.kind,
      namespace: namespaceOf(object),
      name: object.metadata.name,
      path: `spec.jwtRules[${index}]`,
    },
    issuer: text(rule.issuer) ?? '',
    audiences: texts(rule.audiences),
    ...(jwks !== undefined && { jwks }),
    ...(jwksUri !== undefined && { jwksUri }),
    fromHeaders: anywhere ? fromHeaders : AUTHORIZATION,
    fromParams: anywhere ? fromParams : ACCESS_TOKEN,
    fromCookies,
    forwardOriginalToken: rule.forwardOriginalToken === true,
    ...(spaced.length > 0 && { spaceDelimitedClaims: spaced }),
    ...(payloadHeader !== undefined && { outputPayloadToHeader: payloadHeader.toLowerCase() }),
    outputClaimToHeaders: items(rule.outputClaimToHeaders).flatMap((item) => {
      const { header, claim } = fields(item);
      const name = text(header)?.toLowerCase();
      return name ? [{ header: name, claim: text(claim) ?? '' }] : [];
    }),
  };
}
