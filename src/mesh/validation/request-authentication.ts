import { durationProblem } from './durations.ts';
import { type Fields, type Findings, fields, list, quoted, text, texts } from './findings.ts';
import { jwksProblem, privateKeysOf } from './jwks.ts';
import { validateTargets } from './selectors.ts';

export function validateRequestAuthentication(spec: Fields, findings: Findings): void {
  validateTargets(spec, findings);
  for (const rule of list(spec.jwtRules).map(fields)) validateJwtRule(rule, findings);
}

/** Istio lists the problems of a rule even when there is only one. */
function validateJwtRule(rule: Fields, findings: Findings): void {
  const refuse = (problem: string | undefined) => findings.error(problem, true);
  const [issuer, uri, jwks] = [text(rule.issuer), text(rule.jwksUri) || text(rule.jwks_uri), text(rule.jwks)];
  if (texts(rule.audiences).includes('')) refuse('audience must be non-empty string');
  if (issuer === '' && uri === '') refuse('issuer or jwksUri must be non-empty string');
  if (uri !== '') refuse(uriProblem(uri));
  if (jwks !== '') {
    const problem = jwksProblem(jwks);
    if (problem !== undefined) refuse(`jwks parse error: ${problem}`);
    for (const index of privateKeysOf(jwks))
      findings.warn(
        `jwks key at index ${index} contains private key material; only public keys are used for verification`,
      );
  }
  for (const header of list(rule.fromHeaders).map(fields))
    if (text(header.name) === '') refuse('location header name must be non-empty string');
  if (texts(rule.fromParams).includes('')) refuse('location query must be non-empty string');
  if (texts(rule.fromCookies).includes('')) refuse('cookie name must be non-empty string');
  for (const { header, claim } of list(rule.outputClaimToHeaders).map(fields)) {
    if (!text(header) || !text(claim)) refuse('outputClaimToHeaders header and claim value must be non-empty string');
    else if (!/^[-_A-Za-z0-9]+$/.test(text(header))) refuse(`header name ${text(header)} is not a valid header name`);
  }
  refuse(durationProblem(rule.timeout));
}

function uriProblem(uri: string): string | undefined {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase() ?? '';
  return scheme === 'http' || scheme === 'https' ? undefined : `URI scheme ${quoted(scheme)} is not supported`;
}
