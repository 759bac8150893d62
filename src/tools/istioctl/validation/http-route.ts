// One rule of spec.http of a VirtualService.
import { validateDestination, validateDestinations } from './destinations.ts';
import { type Fields, type Findings, fields, list, number, optionalFields, quoted, text, texts } from './findings.ts';
import { validateHeaderOperations } from './header-operations.ts';
import { domainName, isLabel, port } from './names.ts';
import { regexMatch, stringMatch } from './string-match.ts';

export function validateHttpRoute(route: Fields, isDelegate: boolean, findings: Findings): void {
  for (const check of checks) check(route, findings, isDelegate);
}

export function validateGatewayNames(names: string[], findings: Findings): void {
  for (const name of names) {
    const [namespace = '', rest] = name.split(/\/(.*)/s);
    if (rest === undefined) {
      const [legacyName, legacyNamespace] = name.split('.');
      if (legacyNamespace !== undefined)
        findings.warn(
          `using legacy gatewayName format ${quoted(name)}; prefer the <namespace>/<name> format: ${quoted(`${legacyNamespace}/${legacyName}`)}`,
        );
      findings.error(domainName(name));
      // Istio stops at the first name without a namespace.
      return;
    }
    if (namespace === '' || rest === '') findings.error('config namespace and gateway name cannot be empty');
    if (!isLabel(namespace)) findings.error(`invalid value for namespace: ${quoted(namespace)}`);
    if (!isLabel(rest)) findings.error(`invalid value for gateway name: ${quoted(rest)}`);
  }
}

type Check = (route: Fields, findings: Findings, isDelegate: boolean) => void;

/** In Istio's order, which is the order of the list a student reads. */
const checks: Check[] = [
  conflicts,
  matches,
  (route, findings) => validateHeaderOperations(fields(route.headers), findings),
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
}

function matches(route: Fields, findings: Findings): void {
  for (const match of list(route.match).map(fields)) {
    for (const group of ['headers', 'withoutHeaders'])
      for (const [name, value] of Object.entries(fields(match[group]))) {
        if (name === '') findings.error('header name cannot be empty');
        findings.error(stringMatch(value, 'headers'));
      }
    for (const field of ['uri', 'scheme', 'method', 'authority']) findings.error(stringMatch(match[field], field));
    for (const value of Object.values(fields(match.queryParams))) findings.error(regexMatch(value, 'queryParams'));
    if (number(match.port) !== 0) findings.error(port(number(match.port)));
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
    else if (grpcStatus === undefined) findings.warn('abort configured, but error type not set');
  }
  if (delay !== undefined) {
    validatePercentage(fields(delay).percentage, findings);
    if (fields(delay).exponentialDelay !== undefined) findings.error('exponentialDelay not supported yet', true);
  }
}

function validatePercentage(percentage: unknown, findings: Findings): void {
  if (percentage === undefined) return;
  const value = number(fields(percentage).value);
  if (value < 0 || value > 100 || (value > 0 && value < 0.0001))
    findings.error(`percentage ${value} is neither 0.0, nor in range [0.0001, 100.0]`);
}

function httpStatusProblem(status: number): string | undefined {
  return status < 200 || status > 600 ? `HTTP status ${status} is not in range 200-599` : undefined;
}

function mirrorPercentages(route: Fields, findings: Findings): void {
  if (route.mirrorPercent !== undefined) {
    const value = number(route.mirrorPercent);
    if (value > 100) findings.error(`mirror_percent must have a max value of 100 (it has ${value})`);
    findings.warn('using deprecated setting "mirrorPercent", use "mirrorPercentage" instead');
  }
  mirrorPercentage(route.mirrorPercentage, 'mirror_percentage', findings);
}

function mirrors(route: Fields, findings: Findings): void {
  if (route.mirrors !== undefined && route.mirror !== undefined)
    findings.error('HTTP route cannot contain both mirror and mirrors');
  for (const mirror of list(route.mirrors).map(fields)) {
    if (mirror.destination === undefined) findings.error('destination is required for mirrors');
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
  const { uri, authority, port: portNumber, derivePort, scheme, redirectCode } = fields(route.redirect);
  if (!uri && !authority && portNumber === undefined && derivePort === undefined && !scheme) {
    findings.error('redirect must specify URI, authority, scheme, or port');
    return;
  }
  const code = number(redirectCode);
  if (code !== 0 && (code < 300 || code > 399)) {
    findings.error(`${code} is not a valid redirect code, must be 3xx`);
    return;
  }
  if (scheme && scheme !== 'http' && scheme !== 'https') {
    findings.error('invalid redirect scheme, must be "http" or "https"');
    return;
  }
  if (number(portNumber) > 0) findings.error(port(number(portNumber)));
}

function directResponse(route: Fields, findings: Findings): void {
  if (route.directResponse === undefined) return;
  const { status, body } = fields(route.directResponse);
  const size = Buffer.byteLength(text(fields(body).string) || text(fields(body).bytes));
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
  const { attempts, perTryTimeout, retryOn, retryRemoteLocalities } = fields(route.retries);
  if (number(attempts) < 0) findings.error('attempts cannot be negative', true);
  const configured = perTryTimeout !== undefined || text(retryOn) !== '' || retryRemoteLocalities !== undefined;
  if (number(attempts) === 0 && configured)
    findings.error('http retry policy configured when attempts are set to 0 (disabled)');
  if (text(retryOn) === '') return;
  for (const policy of text(retryOn).split(','))
    if (!isHttpStatus(policy) && !retryPolicies.has(policy))
      findings.error(`${quoted(policy)} is not a valid retryOn policy`);
}

const isHttpStatus = (word: string) => /^[1-5]\d\d$/.test(word);

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
