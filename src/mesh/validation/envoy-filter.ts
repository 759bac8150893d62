// An EnvoyFilter, up to what is inside its patches: that is Envoy's own API.
import { type Fields, type Findings, fields, list, optionalFields, text } from './findings.ts';
import { validateWorkloadLabels } from './selectors.ts';
import { patternProblem } from './string-match.ts';

export function validateEnvoyFilter(spec: Fields, findings: Findings): void {
  findings.warn(
    'EnvoyFilter exposes internal implementation details that may change at any time. Prefer other APIs if possible, and exercise extreme caution, especially around upgrades.',
  );
  if (!validateWorkloadLabels(spec.workloadSelector, 'Envoy filter', findings)) return;
  for (const patch of list(spec.configPatches).map(fields)) {
    const match = optionalFields(patch.match);
    if (match?.context === 'WAYPOINT') continue;
    const problem = patchProblem(patch) ?? (match && matchProblem(text(patch.applyTo), match, findings));
    if (problem !== undefined) findings.error(`Envoy filter: ${problem}`);
    else warnUntyped(patch, findings);
  }
}

/** Envoy finds a filter by the type of its configuration, no longer by its name. */
function warnUntyped({ applyTo, patch }: Fields, findings: Findings): void {
  const value = optionalFields(fields(patch).value);
  if (!value || (applyTo !== 'HTTP_FILTER' && applyTo !== 'NETWORK_FILTER')) return;
  const typed = ['typedConfig', 'typed_config', 'configDiscovery', 'config_discovery'].some(
    (f) => value[f] !== undefined,
  );
  if (!typed) findings.warn(`using deprecated types by name without typed_config; ${text(value.name)}`);
}

function patchProblem({ applyTo, patch, match }: Fields): string | undefined {
  const { operation, value } = fields(patch);
  if (text(applyTo) === '' || applyTo === 'INVALID') return 'missing applyTo';
  if (patch === undefined) return 'missing patch';
  if (text(operation) === '' || operation === 'INVALID') return 'missing patch operation';
  if (operation !== 'REMOVE' && value === undefined) return 'missing patch value for non-remove operation';
  const version = text(fields(fields(match).proxy).proxyVersion);
  const pattern = version === '' ? undefined : patternProblem(version, '');
  if (pattern === undefined) return undefined;
  return `invalid regex for proxy version, [${pattern.replace(/^"": /, '').replace(/; Istio uses RE2.*$/s, '')}]`;
}

const listeners = new Set(['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER']);
const routes = new Set(['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE']);

function matchProblem(applyTo: string, match: Fields, findings: Findings): string | undefined {
  const objects = ['listener', 'routeConfiguration', 'cluster', 'waypoint'].filter((o) => match[o] !== undefined);
  if (objects.length === 0) return undefined;
  if (listeners.has(applyTo)) {
    if (match.listener === undefined) return 'applyTo for listener class objects cannot have non listener match';
    return filterProblem(applyTo, fields(fields(match.listener).filterChain).filter, findings);
  }
  if (routes.has(applyTo) && match.routeConfiguration === undefined)
    return 'applyTo for http route class objects cannot have non route configuration match';
  if (applyTo === 'CLUSTER' && match.cluster === undefined)
    return 'applyTo for cluster class objects cannot have non cluster match';
  return undefined;
}

const MANAGER = 'envoy.filters.network.http_connection_manager';

function filterProblem(applyTo: string, value: unknown, findings: Findings): string | undefined {
  if (value === undefined) return undefined;
  const { name, subFilter } = fields(value);
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN')
    findings.warn(`Envoy filter: filter match has no effect when used with ${applyTo}`);
  if (text(name) === '') return 'filter match has no name to match on';
  if (subFilter === undefined) return undefined;
  if (applyTo !== 'HTTP_FILTER') return 'subfilter match can be used with applyTo HTTP_FILTER only';
  if (name !== MANAGER && name !== 'envoy.http_connection_manager')
    return `subfilter match requires filter match with ${MANAGER}`;
  return text(fields(subFilter).name) === '' ? 'subfilter match has no name to match on' : undefined;
}
