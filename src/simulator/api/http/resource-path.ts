// From a URL's path to what it names in the API.
import { badRequest } from '../errors.ts';

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

/** Decodes escapes. Throws 400 for names that could climb out of a path. */
export function splitPath(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((segment) => {
      let text: string;
      try {
        text = decodeURIComponent(segment);
      } catch {
        throw badRequest(`invalid URL escape in "${segment}"`);
      }
      if (text === '.' || text === '..') throw badRequest(`invalid resource name "${text}": [may not be '${text}']`);
      if (text.includes('/')) throw badRequest(`invalid resource name "${text}": [may not contain '/']`);
      if (text.includes('%')) throw badRequest(`invalid resource name "${text}": [may not contain '%']`);
      if (text.includes('\0')) throw badRequest('invalid resource name: it contains a zero byte');
      return text;
    });
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
