// Entries of `matches` of HTTPRoutes and GRPCRoutes, as entries of `match` of a VirtualService.
import { fields, items, present, text } from '../read.ts';
import type { Fields, RefError } from './api.ts';

export interface MadeMatch {
  spec: Fields;
  /** Path in the VirtualService's entry → path in the route's. */
  places: ReadonlyMap<string, string>;
}

export function httpMatch(value: unknown): MadeMatch | RefError {
  const { path, headers, queryParams, method } = fields(value);
  const uri = httpPath(path);
  if ('reason' in uri) return uri;
  const named = namedMatches('headers', headers, 'HeaderMatch');
  if ('reason' in named) return named;
  const parameters = namedMatches('queryParams', queryParams, 'QueryParams');
  if ('reason' in parameters) return parameters;
  const spec: Record<string, unknown> = { uri, ...named.spec, ...parameters.spec };
  const places = new Map([['uri', 'path'], ...named.places, ...parameters.places]);
  if (text(method)) {
    spec.method = { exact: method };
    places.set('method', 'method');
  }
  return { spec, places };
}

export function grpcMatch(value: unknown): MadeMatch | RefError {
  const { method, headers } = fields(value);
  const uri = present(method) ? grpcPath(method) : undefined;
  if (uri && 'reason' in uri) return uri;
  const named = namedMatches('headers', headers, 'HeaderMatch');
  if ('reason' in named) return named;
  return { spec: { ...(uri && { uri }), ...named.spec }, places: new Map([['uri', 'method'], ...named.places]) };
}

type StringMatch = { exact: string } | { prefix: string } | { regex: string };

function httpPath(value: unknown): StringMatch | RefError {
  const { type, value: written } = fields(value);
  const path = text(written) ?? '/';
  switch (text(type) ?? 'PathPrefix') {
    case 'PathPrefix':
      return { prefix: path !== '/' && path.endsWith('/') ? path.slice(0, -1) : path };
    case 'Exact':
      return { exact: path };
    case 'RegularExpression':
      return { regex: path };
    default:
      return unknownType(text(type), 'Path match');
  }
}

/** gRPC asks for /SERVICE/METHOD. */
function grpcPath(value: unknown): StringMatch | RefError {
  const { type, service: wantedService, method: wantedMethod } = fields(value);
  const [service, method] = [text(wantedService), text(wantedMethod)];
  if (service === undefined && method === undefined) {
    return { reason: 'InvalidConfiguration', message: 'gRPC match must have method or service defined' };
  }
  const kind = text(type) ?? 'Exact';
  if (kind !== 'Exact' && kind !== 'RegularExpression') return unknownType(kind, 'Path match');
  if (service === undefined) return { regex: `/[^/]+/${method}` };
  if (kind === 'Exact') return method === undefined ? { prefix: `/${service}/` } : { exact: `/${service}/${method}` };
  return { regex: `/${service}/${method ?? '.+'}` };
}

/** Of several for one name the last one counts, as it does in the map that istiod fills. */
function namedMatches(
  field: string,
  list: unknown,
  what: string,
): { spec: Fields; places: [string, string][] } | RefError {
  const matches = new Map<string, StringMatch>();
  const places: [string, string][] = [];
  for (const [index, item] of items(list).entries()) {
    const { name, value, type } = fields(item);
    const [key, wanted] = [text(name), text(value) ?? ''];
    if (key === undefined) continue;
    if (type !== undefined && type !== 'Exact' && type !== 'RegularExpression') return unknownType(text(type), what);
    matches.set(key, type === 'RegularExpression' ? { regex: wanted } : { exact: wanted });
    places.push([`${field}.${key}`, `${field}[${index}]`]);
  }
  return { spec: matches.size > 0 ? { [field]: Object.fromEntries(matches) } : {}, places };
}

function unknownType(type: string | undefined, what: string): RefError {
  return { reason: 'InvalidConfiguration', message: `unknown type: "${type ?? ''}" is not supported ${what} type` };
}
