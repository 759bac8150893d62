// From a URL's path to what it names in the API.
import { badRequest } from '../errors.ts';
import { pathSegment } from '../validation/names.ts';
import { badAddress } from './status.ts';

export interface ResourcePath {
  group: string;
  version: string;
  namespace?: string;
  /** Plural. */
  resource: string;
  name?: string;
  subresource?: string;
  /** The deprecated /watch/ form. */
  watch?: boolean;
}

/** The path's segments, its escapes read before it is divided, as Go's servers do. Throws 400 for a broken escape. */
export function splitPath(path: string): string[] {
  let text: string;
  try {
    text = decodeURIComponent(path);
  } catch {
    throw badAddress();
  }
  return text.split('/').slice(1);
}

/** Throws 400 for a name that could climb out of a path. */
export function checkNameInPath(name: string | undefined): void {
  if (name === undefined) return;
  const [complaint] = pathSegment(name);
  if (complaint) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${complaint}`);
}

/** `segments` are those after /api/v1 or /apis/group/version. Undefined when they name nothing. */
export function resourcePath(group: string, version: string, segments: string[]): ResourcePath | undefined {
  const rest = segments.at(-1) === '' ? segments.slice(0, -1) : [...segments];
  const watch = rest[0] === 'watch' && rest.length > 1;
  if (watch) rest.shift();
  const base = { group, version, ...(watch ? { watch } : {}) };
  // /namespaces/x and /namespaces/x/status speak of the namespace itself.
  if (rest[0] === 'namespaces' && rest.length > 2 && !namespaceSubresources.has(rest[2] ?? '')) {
    const [, namespace = '', resource = '', ...more] = rest;
    return named({ ...base, namespace, resource }, more);
  }
  const [resource = '', ...more] = rest;
  return named({ ...base, resource }, more);
}

const namespaceSubresources = new Set(['status', 'finalize']);

function named(path: ResourcePath, [name, subresource, ...more]: string[]): ResourcePath | undefined {
  if (path.resource === '' || path.namespace === '' || more.length > 0) return undefined;
  return {
    ...path,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
