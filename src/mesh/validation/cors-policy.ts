import { durationProblem, goDuration } from './durations.ts';
import { type Fields, type Findings, fields, list, quoted, text, texts } from './findings.ts';
import { corsHeader } from './header-operations.ts';
import { regexMatch } from './string-match.ts';

export function validateCorsPolicy(policy: Fields | undefined, findings: Findings): void {
  if (!policy) return;
  for (const origin of list(policy.allowOrigins).map(fields)) {
    const empty = !text(origin.exact) && !text(origin.prefix) && !text(origin.regex);
    findings.error(
      empty ? "'' is not a valid match type for CORS allow origins" : regexMatch(origin, 'corsPolicy.allowOrigins'),
    );
  }
  for (const method of texts(policy.allowMethods))
    if (!methods.has(method)) findings.error(`${quoted(method)} is not a supported HTTP method`);
  for (const name of [...texts(policy.allowHeaders), ...texts(policy.exposeHeaders)]) findings.error(corsHeader(name));
  findings.error(durationProblem(policy.maxAge));
  const age = goDuration(text(policy.maxAge)) ?? 0n;
  if (age > 0n && age % 1_000_000_000n !== 0n)
    findings.error('max_age duration is accurate only to seconds precision', true);
}

const methods = new Set('GET HEAD POST PUT PATCH DELETE CONNECT OPTIONS TRACE *'.split(' '));
