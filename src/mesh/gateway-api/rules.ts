// One rule of an HTTPRoute or a GRPCRoute, as entries of `http` of a VirtualService: one for each of its matches, so that
// they can be put in order.
import type { Source } from '../decision.ts';
import { fields, integer, items, present, text } from '../read.ts';
import { milliseconds } from '../upstream/duration.ts';
import { type Fields, joined, type RefError } from './api.ts';
import { type BackendContext, backendOf, totalWeight, weightOf } from './backends.ts';
import { backendFilters, ruleFilters } from './filters.ts';
import { grpcMatch, httpMatch, type MadeMatch } from './matches.ts';

export interface MadeRule {
  spec: Record<string, unknown>;
  source: Source;
  /** Path in the VirtualService's entry → path below `source`. */
  places: ReadonlyMap<string, string>;
}

export interface MadeRules {
  rules: MadeRule[];
  /** Something that a rule names does not work; the rest does. */
  error?: RefError;
}

/** `source` points at the rule; `position` is its place in the route. An error alone: the route is worth nothing. */
export function makeRules(
  value: unknown,
  position: number,
  source: Source,
  context: BackendContext,
): MadeRules | RefError {
  const rule = fields(value);
  const common = commonPart(rule, context);
  if ('reason' in common) return common;
  const name = text(rule.name) || `${source.namespace}.${source.name}.${position}`;
  const matches = items(rule.matches);
  const rules: MadeRule[] = [];
  for (const index of matches.length === 0 ? [-1] : matches.keys()) {
    const match = index < 0 ? undefined : readMatch(matches[index], context.kind);
    if (match && 'reason' in match) return match;
    const spec = { name, ...(match && { match: [match.spec] }), ...common.spec };
    rules.push({ spec, source, places: new Map([...matchPlaces(match, index), ...common.places]) });
  }
  return { rules, ...(common.error && { error: common.error }) };
}

function readMatch(value: unknown, kind: string): MadeMatch | RefError {
  return kind === 'GRPCRoute' ? grpcMatch(value) : httpMatch(value);
}

function* matchPlaces(match: MadeMatch | undefined, index: number): Generator<[string, string]> {
  if (!match) return;
  yield ['match[0]', `matches[${index}]`];
  for (const [path, place] of match.places) yield [`match[0].${path}`, `matches[${index}].${place}`];
}

interface Part {
  spec: Record<string, unknown>;
  places: [string, string][];
  error?: RefError;
}

function commonPart(rule: Fields, context: BackendContext): Part | RefError {
  const filters = ruleFilters(rule.filters, context);
  if ('reason' in filters) return filters;
  const { spec, places } = filters;
  addRetries(rule.retry, spec, places);
  addTimeouts(rule.timeouts, spec, places);
  if (totalWeight(rule.backendRefs) === 0 && !present(spec.redirect)) {
    spec.directResponse = { status: 500 };
    return { spec, places: [...places, ['directResponse', 'backendRefs']], ...errorOf(filters.error) };
  }
  const backends = makeBackends(rule.backendRefs, context);
  if ('reason' in backends) return backends;
  spec.route = backends.route;
  const error = joined(backends.error, filters.error);
  return { spec, places: [...places, ...backends.places], ...errorOf(error) };
}

function errorOf(error: RefError | undefined): { error?: RefError } {
  return error ? { error } : {};
}

/** Connections that fail are retried besides the statuses that the rule names. */
const RETRY_ON = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled'];

function addRetries(value: unknown, spec: Record<string, unknown>, places: [string, string][]): void {
  if (!present(value)) return;
  const { attempts, codes, backoff } = fields(value);
  const tries = integer(attempts) ?? 2;
  const on = [...RETRY_ON, ...items(codes).flatMap((code) => integer(code) ?? [])];
  spec.retries = { attempts: tries, retryOn: tries === 0 ? '' : on.join(','), ...(text(backoff) && { backoff }) };
  places.push(['retries', 'retry']);
}

function addTimeouts(value: unknown, spec: Record<string, unknown>, places: [string, string][]): void {
  const { request, backendRequest } = fields(value);
  if (milliseconds(request)) {
    spec.timeout = request;
    places.push(['timeout', 'timeouts.request']);
  }
  if (!milliseconds(backendRequest)) return;
  if (present(spec.retries)) {
    spec.retries = { ...fields(spec.retries), perTryTimeout: backendRequest };
    return;
  }
  spec.timeout = backendRequest;
  places.push(['timeout', 'timeouts.backendRequest']);
}

export function makeBackends(
  refs: unknown,
  context: BackendContext,
): { route: unknown[]; places: [string, string][]; error?: RefError } | RefError {
  const used = [...items(refs).entries()].filter(([, ref]) => weightOf(ref) !== 0);
  const route: unknown[] = [];
  const places: [string, string][] = [];
  let failed: RefError | undefined;
  for (const [index, ref] of used) {
    const { destination, error } = backendOf(ref, context);
    if (!destination) return error ?? { reason: 'InvalidDestination', message: 'backendRef is missing' };
    failed = error ?? failed;
    const changes = backendFilters(fields(ref).filters);
    if (isError(changes)) return changes;
    places.push([`route[${route.length}]`, `backendRefs[${index}]`]);
    route.push({ destination, ...(used.length > 1 && { weight: weightOf(ref) }), ...changes });
  }
  return { route, places, ...errorOf(failed) };
}

function isError(value: Fields | RefError): value is RefError {
  return 'reason' in value;
}
