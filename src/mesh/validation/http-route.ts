// One rule of spec.http of a VirtualService.
import { validateCorsPolicy } from './cors-policy.ts';
import { validateDestination, validateDestinations } from './destinations.ts';
import { durationProblem } from './durations.ts';
import { type Fields, type Findings, fields, list, number, optionalFields, quoted, text, texts } from './findings.ts';
import { validateGatewayNames } from './gateway-names.ts';
import { matchedHeader, validateHeaderOperations } from './header-operations.ts';
import { validateLabels } from './labels.ts';
import { isLabel, port } from './names.ts';
import { patternProblem, regexMatch, stringMatch } from './string-match.ts';

export function validateHttpRoute(route: Fields, isDelegate: boolean, findings: Findings): void {
  for (const check of checks) check(route, findings, isDelegate);
}

type Check = (route: Fields, findings: Findings, isDelegate: boolean) => void;

/** In Istio's order, which is the order of the list a student reads. */
const checks: Check[] = [
  conflicts,
  matches,
  (route, findings) => validateHeaderOperations(fields(route.headers), findings),
  (route, findings) => validateCorsPolicy(optionalFields(route.corsPolicy), findings),
  faults,
  mirrorPercentages,
  (route, findings) => validateDestination(optionalFields(route.mirror), findings),
  mirrors,
  redirect,
  directResponse,
  retries,
  rewrite,
  authorityRewrite,
  (route, findings) => validateDestinations(list(route.route).map(fields), findings),
  (route, findings) => findings.error(durationProblem(route.timeout)),
];

function conflicts(route: Fields, findings: Findings, isDelegate: boolean): void {
  const routed = list(route.route).length > 0;
  if (route.delegate !== undefined && !isDelegate) {
    if (route.redirect !== undefined) findings.error(`root HTTP route ${text(route.name)} must not specify redirect`);
    if (routed) findings.error(`root HTTP route ${text(route.name)} must not specify route`);
    return;
  }
  if (route.delegate !== undefined) findings.error('delegate HTTP route cannot contain delegate');
  if (route.redirect !== undefined) {
    if (routed) findings.error('HTTP route cannot contain both route and redirect');
    if (route.fault !== undefined) findings.error('HTTP route cannot contain both fault and redirect');
    if (route.rewrite !== undefined) findings.error('HTTP route rule cannot contain both rewrite and redirect');
    if (route.directResponse !== undefined)
      findings.error('HTTP route rule cannot contain both direct_response and redirect');
  } else if (route.directResponse !== undefined) {
    if (routed) findings.error('HTTP route cannot contain both route and direct_response');
    if (route.fault !== undefined) findings.error('HTTP route cannot contain both fault and direct_response');
    if (route.rewrite !== undefined) findings.error('HTTP route rule cannot contain both rewrite and direct_response');
  } else if (!routed) {
    findings.error('HTTP route, redirect or direct_response is required');
  }
  if (route.mirror !== undefined && list(route.mirrors).length > 0)
    findings.error('HTTP route cannot contain both mirror and mirrors');
}

function matches(route: Fields, findings: Findings): void {
  const conditions = list(route.match).map(fields);
  for (const match of conditions) {
    for (const [name, value] of Object.entries(fields(match.headers))) {
      findings.error(matchedHeader(name));
      findings.error(stringMatch(value, 'headers'));
    }
    for (const [name, value] of Object.entries(fields(match.withoutHeaders))) {
      findings.error(matchedHeader(name));
      // `*` means present, and is no regular expression.
      if (fields(value).regex !== '*') findings.error(stringMatch(value, 'withoutHeaders'));
    }
    // Of these only the path may have an empty prefix.
    findings.error(regexMatch(match.uri, 'uri'));
    for (const field of ['scheme', 'method', 'authority']) findings.error(stringMatch(match[field], field));
    for (const value of Object.values(fields(match.queryParams))) findings.error(stringMatch(value, 'queryParams'));
  }
  for (const match of conditions) {
    if (number(match.port) !== 0) findings.error(port(number(match.port)));
    validateLabels(match.sourceLabels, findings);
    validateGatewayNames(texts(match.gateways), findings);
    const namespace = text(match.sourceNamespace);
    if (namespace !== '' && !isLabel(namespace)) findings.error(`sourceNamespace match ${namespace} is invalid`);
  }
}

function faults(route: Fields, findings: Findings): void {
  if (route.fault === undefined) return;
  const { abort, delay } = fields(route.fault);
  if (abort === undefined && delay === undefined)
    findings.error('HTTP fault injection must have an abort and/or a delay', true);
  if (abort !== undefined) {
    const { percentage, httpStatus, grpcStatus, http2Error } = fields(abort);
    validatePercentage(percentage, findings);
    if (http2Error !== undefined) findings.error('HTTP/2 abort fault injection not supported yet');
    else if (httpStatus !== undefined) findings.error(httpStatusProblem(number(httpStatus)));
    // Istio has a warning for an abort of neither kind, and loses it on the way.
    else if (grpcStatus !== undefined) findings.error(grpcStatusProblem(text(grpcStatus)));
  }
  if (delay !== undefined) {
    const { percentage, fixedDelay, exponentialDelay } = fields(delay);
    validatePercentage(percentage, findings);
    findings.error(durationProblem(fixedDelay ?? exponentialDelay));
    if (exponentialDelay !== undefined) findings.error('exponentialDelay not supported yet', true);
  }
}

function validatePercentage(percentage: unknown, findings: Findings): void {
  if (percentage === undefined) return;
  const value = number(fields(percentage).value);
  if (value < 0 || value > 100 || (value > 0 && value < 0.0001))
    findings.error(`percentage ${goNumber(value)} is neither 0.0, nor in range [0.0001, 100.0]`);
}

/** As Go's %v writes it: `1e-05`. */
function goNumber(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

function httpStatusProblem(status: number): string | undefined {
  return status < 200 || status > 600 ? `HTTP status ${status} is not in range 200-599` : undefined;
}

function grpcStatusProblem(status: string): string | undefined {
  if (grpcStatuses.has(status)) return undefined;
  return `gRPC status ${quoted(status)} is not supported. See https://github.com/grpc/grpc/blob/master/doc/statuscodes.md for a list of supported codes, for example 'NOT_FOUND'`;
}

const grpcStatuses = new Set(
  (
    'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED ' +
    'RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS ' +
    'UNAUTHENTICATED'
  ).split(' '),
);

function mirrorPercentages(route: Fields, findings: Findings): void {
  if (route.mirrorPercent !== undefined) {
    const value = number(route.mirrorPercent);
    if (value > 100) findings.error(`mirror_percent must have a max value of 100 (it has ${value})`);
    findings.warn('using deprecated setting "mirrorPercent", use "mirrorPercentage" instead');
  }
  mirrorPercentage(route.mirrorPercentage, 'mirror_percentage', findings);
}

function mirrors(route: Fields, findings: Findings): void {
  for (const mirror of list(route.mirrors).map(fields)) {
    if (mirror.destination === undefined) {
      findings.error('destination is required for mirrors');
      continue;
    }
    validateDestination(optionalFields(mirror.destination), findings);
    mirrorPercentage(mirror.percentage, 'mirror percentage', findings);
  }
}

function mirrorPercentage(percentage: unknown, name: string, findings: Findings): void {
  if (percentage === undefined) return;
  const value = number(fields(percentage).value);
  if (value > 100) findings.error(`${name} must have a max value of 100 (it has ${value.toFixed(6)})`);
  if (value < 0) findings.error(`${name} must have a min value of 0 (it has ${value.toFixed(6)})`);
}

function redirect(route: Fields, findings: Findings): void {
  if (route.redirect === undefined) return;
  findings.error(redirectProblem(fields(route.redirect), list(route.match).map(fields)));
}

function redirectProblem(redirection: Fields, matched: Fields[]): string | undefined {
  const { uri, prefixRewrite, authority, port: portNumber, derivePort, scheme, redirectCode } = redirection;
  if (uri && prefixRewrite) return 'redirect may only specify one of uri or prefix_rewrite';
  if (prefixRewrite && matched.some((m) => m.uri !== undefined && fields(m.uri).prefix === undefined))
    return 'redirect prefix_rewrite requires all URI matches to use prefix match type';
  if (!uri && !prefixRewrite && !authority && portNumber === undefined && derivePort === undefined && !scheme)
    return 'redirect must specify URI, authority, scheme, or port';
  const code = number(redirectCode);
  if (code !== 0 && (code < 300 || code > 399)) return `${code} is not a valid redirect code, must be 3xx`;
  if (scheme && scheme !== 'http' && scheme !== 'https') return 'invalid redirect scheme, must be "http" or "https"';
  return number(portNumber) > 0 ? port(number(portNumber)) : undefined;
}

function directResponse(route: Fields, findings: Findings): void {
  if (route.directResponse === undefined) return;
  const { status, body } = fields(route.directResponse);
  const size = new TextEncoder().encode(text(fields(body).string) || text(fields(body).bytes)).length;
  const advice = 'large direct_responses may impact control plane performance';
  if (size > 1_048_576) findings.error(`${advice}, must be less than 1MB`);
  else if (size > 102_400) findings.warn(advice);
  findings.error(httpStatusProblem(number(status)));
}

const retryPolicies = new Set(
  (
    '5xx,gateway-error,reset,reset-before-request,connect-failure,retriable-4xx,refused-stream,retriable-status-codes,' +
    'retriable-headers,envoy-ratelimited,http3-post-connect-failure,' +
    'cancelled,deadline-exceeded,internal,resource-exhausted,unavailable'
  ).split(','),
);

function retries(route: Fields, findings: Findings): void {
  if (route.retries === undefined) return;
  const { attempts, perTryTimeout, retryOn, retryRemoteLocalities, backoff } = fields(route.retries);
  if (number(attempts) < 0) findings.error('attempts cannot be negative', true);
  const configured = perTryTimeout !== undefined || text(retryOn) !== '' || retryRemoteLocalities !== undefined;
  if (number(attempts) === 0 && configured)
    findings.error('http retry policy configured when attempts are set to 0 (disabled)');
  findings.error(durationProblem(perTryTimeout));
  const policies = text(retryOn) === '' ? [] : text(retryOn).split(',');
  for (const policy of policies)
    if (!isHttpStatus(policy) && !retryPolicies.has(policy))
      findings.error(`${quoted(policy)} is not a valid retryOn policy`);
  findings.error(durationProblem(backoff));
}

/** The statuses that have a name in Go. */
const httpStatuses = new Set(
  (
    '100 101 102 103 200 201 202 203 204 205 206 207 208 226 300 301 302 303 304 305 307 308 400 401 402 403 404 405 ' +
    '406 407 408 409 410 411 412 413 414 415 416 417 418 421 422 423 424 425 426 428 429 431 451 500 501 502 503 504 ' +
    '505 506 507 508 510 511'
  ).split(' '),
);
const isHttpStatus = (word: string) => httpStatuses.has(word.replace(/^[+]?0*/, ''));

function rewrite(route: Fields, findings: Findings): void {
  if (route.rewrite === undefined) return;
  const { uri, authority, uriRegexRewrite } = fields(route.rewrite);
  if (uri && uriRegexRewrite !== undefined) {
    findings.error('rewrite may only contain one of URI or UriRegexRewrite');
    return;
  }
  if (!uri && uriRegexRewrite === undefined && !authority)
    findings.error(
      'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified',
    );
  else if (uriRegexRewrite !== undefined) {
    const { match, rewrite: replacement } = fields(uriRegexRewrite);
    const problem =
      !text(match) || !text(replacement)
        ? 'UriRegexRewrite requires both Rewrite and Match fields to be specified'
        : patternProblem(text(match), 'HTTPRewrite.UriRegexRewrite.Match');
    if (problem !== undefined) findings.error(`UriRegexRewrite has errors\n${problem}`);
  }
}

/** The authority may be set in one place only. */
function authorityRewrite(route: Fields, findings: Findings): void {
  const request = fields(fields(route.headers).request);
  let current = text(fields(route.rewrite).authority);
  for (const group of ['set', 'add'])
    for (const [name, value] of Object.entries(fields(request[group]))) {
      if (!/^(:authority|host)$/i.test(name)) continue;
      if (current !== '') {
        findings.error(
          `authority header cannot be set multiple times: have ${quoted(current)}, attempting to set ${quoted(text(value))}`,
        );
        return;
      }
      current = text(value);
    }
}
