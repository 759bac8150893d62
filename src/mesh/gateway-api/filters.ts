// `filters` of a rule or of a backend, as the fields of a VirtualService that do the same.
import { fields, integer, items, present, text, texts } from '../read.ts';
import type { Fields, RefError } from './api.ts';
import { type BackendContext, backendOf } from './backends.ts';
import { corsPolicy } from './cors-filter.ts';

export interface MadeFilters {
  /** Fields of the VirtualService's rule. */
  spec: Record<string, unknown>;
  /** Path in the VirtualService's rule → path in the route's. */
  places: [string, string][];
  /** A mirror that leads nowhere: it is left out, the rest holds. */
  error?: RefError;
}

/** Of a rule of an HTTPRoute or a GRPCRoute. An error: the whole route is worth nothing. */
export function ruleFilters(filters: unknown, context: BackendContext): MadeFilters | RefError {
  const made: MadeFilters = { spec: {}, places: [] };
  const mirrors: unknown[] = [];
  for (const [index, item] of items(filters).entries()) {
    const filter = fields(item);
    const place = `filters[${index}]`;
    const headers = headerFilter(filter, made, place);
    if (headers === 'done') continue;
    if (headers) return headers;
    switch (filter.type) {
      case 'RequestRedirect':
        set(made, 'redirect', redirect(filter.requestRedirect), `${place}.requestRedirect`);
        break;
      case 'URLRewrite':
        set(made, 'rewrite', rewrite(filter.urlRewrite), `${place}.urlRewrite`);
        break;
      case 'CORS':
        set(made, 'corsPolicy', corsPolicy(filter.cors), `${place}.cors`);
        break;
      case 'RequestMirror': {
        const { destination, error } = mirror(filter.requestMirror, context);
        if (error || !destination) made.error = error ?? INVALID_MIRROR;
        else {
          made.places.push([`mirrors[${mirrors.length}]`, `${place}.requestMirror`]);
          mirrors.push(destination);
        }
        break;
      }
      default:
        return unsupported(filter.type);
    }
  }
  if (mirrors.length > 0) made.spec.mirrors = mirrors;
  return made;
}

/** Of one backend of several: only what it does to headers. */
export function backendFilters(filters: unknown): Fields | RefError {
  const made: MadeFilters = { spec: {}, places: [] };
  for (const item of items(filters)) {
    const filter = fields(item);
    const outcome = headerFilter(filter, made, '');
    if (outcome === undefined) return unsupported(filter.type);
    if (outcome !== 'done') return outcome;
  }
  return made.spec;
}

const INVALID_MIRROR: RefError = { reason: 'InvalidDestination', message: 'backendRef is missing' };

function set(made: MadeFilters, field: string, value: Fields | undefined, place: string): void {
  if (!value) return;
  made.spec[field] = value;
  made.places.push([field, place]);
}

function unsupported(type: unknown): RefError {
  return { reason: 'InvalidFilter', message: `unsupported filter type "${text(type) ?? ''}"` };
}

/** Undefined: the filter is of another type. */
function headerFilter(filter: Fields, made: MadeFilters, place: string): 'done' | RefError | undefined {
  const side = filter.type === 'RequestHeaderModifier' ? 'request' : 'response';
  if (side === 'response' && filter.type !== 'ResponseHeaderModifier') return undefined;
  const field = `${side}HeaderModifier`;
  const changes = fields(filter[field]);
  for (const item of [...items(changes.set), ...items(changes.add)]) {
    const { name, value } = fields(item);
    if (isHeaderValue(text(value) ?? '')) continue;
    const message = `header "${text(name) ?? ''}" value contains invalid characters`;
    return { reason: 'InvalidFilter', message };
  }
  const operations = { set: headerMap(changes.set), add: headerMap(changes.add), remove: texts(changes.remove) };
  made.spec.headers = { ...fields(made.spec.headers), [side]: operations };
  made.places.push([`headers.${side}`, `${place}.${field}`]);
  return 'done';
}

function isHeaderValue(value: string): boolean {
  for (const byte of new TextEncoder().encode(value)) {
    if (byte !== 0x09 && (byte < 0x20 || byte === 0x7f)) return false;
  }
  return true;
}

/** Of several for one name the first counts. */
function headerMap(list: unknown): Record<string, string> {
  const map = new Map<string, string>();
  for (const item of items(list)) {
    const { name, value } = fields(item);
    const key = (text(name) ?? '').toLowerCase();
    if (key && !map.has(key)) map.set(key, text(value) ?? '');
  }
  return Object.fromEntries(map);
}

function redirect(value: unknown): Fields | undefined {
  if (!present(value)) return undefined;
  const { scheme, hostname, path, port, statusCode } = fields(value);
  const number = integer(port);
  const { type, replaceFullPath, replacePrefixMatch } = fields(path);
  return {
    redirectCode: integer(statusCode) ?? 302,
    ...(text(hostname) && { authority: hostname }),
    ...(text(scheme) && { scheme }),
    // Without a port of its own a redirect keeps that of the request, unless it changes the scheme.
    ...(number === undefined
      ? { derivePort: text(scheme) ? 'FROM_PROTOCOL_DEFAULT' : 'FROM_REQUEST_PORT' }
      : { port: number }),
    ...(type === 'ReplaceFullPath' && { uri: text(replaceFullPath) ?? '' }),
    ...(type === 'ReplacePrefixMatch' && { prefixRewrite: text(replacePrefixMatch) ?? '' }),
  };
}

function rewrite(value: unknown): Fields | undefined {
  const { hostname, path } = fields(value);
  const { type, replaceFullPath, replacePrefixMatch } = fields(path);
  const made: Record<string, unknown> = {};
  // A prefix that is replaced by nothing is taken away: see how `rewrite` reads `/` for these routes.
  if (type === 'ReplacePrefixMatch') made.uri = (text(replacePrefixMatch) ?? '').replace(/\/$/, '') || '/';
  if (type === 'ReplaceFullPath') made.uriRegexRewrite = { match: '/.*', rewrite: text(replaceFullPath) ?? '' };
  if (text(hostname)) made.authority = hostname;
  return Object.keys(made).length > 0 ? made : undefined;
}

function mirror(value: unknown, context: BackendContext): { destination?: Fields; error?: RefError } {
  const { backendRef, percent, fraction } = fields(value);
  const { destination, error } = backendOf(backendRef, context);
  if (!destination || error) return error ? { error } : {};
  const share = mirrorPercent(percent, fraction);
  return { destination: { destination, ...(share !== undefined && { percentage: { value: share } }) } };
}

function mirrorPercent(percent: unknown, fraction: unknown): number | undefined {
  if (!present(fraction)) return integer(percent);
  const { numerator, denominator } = fields(fraction);
  const parts = integer(denominator) ?? 100;
  return parts > 0 ? (100 * (integer(numerator) ?? 0)) / parts : undefined;
}
