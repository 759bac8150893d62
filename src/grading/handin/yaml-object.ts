// One Kubernetes object from a stranger's YAML.
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import { ForbiddenKeyError, forbiddenKeys } from './strict-json.ts';

export type ReadObject =
  | { object: KubeObject }
  | { code: 'MALLA-ENT-14' | 'MALLA-ENT-27' | 'MALLA-ENT-28'; why: string };

/** Deeper than any object is. */
const deepest = 60;

export function readYamlObject(text: string): ReadObject {
  if (depthOf(text) > deepest) return { code: 'MALLA-ENT-28', why: 'tiene demasiados niveles' };
  try {
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    const [document] = documents;
    if (!document || documents.length !== 1) return { code: 'MALLA-ENT-28', why: 'no tiene un solo documento' };
    const [error] = document.errors;
    if (error) return { code: 'MALLA-ENT-28', why: error.code };
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    checkKeys(value, 0);
    return isObject(value) ? { object: value } : { code: 'MALLA-ENT-28', why: 'no es un objeto de Kubernetes' };
  } catch (error) {
    if (error instanceof ForbiddenKeyError) return { code: 'MALLA-ENT-14', why: error.key };
    if (error instanceof ReferenceError) return { code: 'MALLA-ENT-27', why: 'usa alias' };
    return { code: 'MALLA-ENT-28', why: 'no se entiende' };
  }
}

/** Of texts that come again and again; what it gives must not be changed. Keeps so many letters, the newest. */
export function rememberYamlObjects(most = 20_000_000): (digest: string, text: string) => ReadObject {
  const known = new Map<string, { read: ReadObject; size: number }>();
  let size = 0;
  return (digest, text) => {
    const before = known.get(digest);
    if (before) return before.read;
    const read = readYamlObject(text);
    known.set(digest, { read, size: text.length });
    size += text.length;
    for (const [oldest, { size: freed }] of known) {
      if (size <= most) break;
      known.delete(oldest);
      size -= freed;
    }
    return read;
  };
}

/** Brackets within brackets, or indentation: the parser calls itself for each level. */
function depthOf(text: string): number {
  let deep = 0;
  let most = 0;
  for (const letter of text) {
    if (letter === '[' || letter === '{') most = Math.max(most, ++deep);
    else if (letter === ']' || letter === '}') deep = Math.max(0, deep - 1);
  }
  const indented = text.split('\n').reduce((max, line) => Math.max(max, levelsOf(line)), 0);
  return Math.max(most, indented);
}

/** `- - - -` on one line is a level each. */
function levelsOf(line: string): number {
  const [lead = ''] = /^[\s?:-]*/.exec(line) ?? [];
  return Math.min(lead.length / 2, lead.replaceAll(/[^?:-]/g, '').length + lead.search(/[^ ]|$/) / 2);
}

function checkKeys(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > deepest) throw new RangeError('Too deep.');
  for (const key of Object.getOwnPropertyNames(value)) {
    if (forbiddenKeys.has(key)) throw new ForbiddenKeyError(key);
    checkKeys((value as Record<string, unknown>)[key], depth + 1);
  }
}

function isObject(value: unknown): value is KubeObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<KubeObject>;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    typeof metadata === 'object' &&
    metadata !== null &&
    typeof metadata.name === 'string'
  );
}
