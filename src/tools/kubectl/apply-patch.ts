// The patch of a client-side apply: what the file says now, against what it said last time and what the cluster has.
import type { KubeObject } from '../../mesh/objects.ts';
import { parseQuantity } from '../../mesh/quantity.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

type Fields = Record<string, unknown>;

export function lastApplied(object: KubeObject): KubeObject | undefined {
  const text = object.metadata.annotations?.[annotation];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as KubeObject);
  } catch {
    return undefined;
  }
}

/** With itself in its own annotation, as every apply leaves it. */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [annotation]: _, ...annotations } = object.metadata.annotations ?? {};
  const plain = { ...object, metadata: { ...object.metadata, annotations } };
  const text = `${JSON.stringify(sorted(plain))}\n`;
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations, [annotation]: text } } };
}

/** Undefined when nothing changes. `byKey`: lists of objects are merged by their keys, as strategic merge does. */
export function applyPatch(
  original: KubeObject | undefined,
  modified: KubeObject,
  current: KubeObject,
  byKey: boolean,
): Fields | undefined {
  // The server names the version itself.
  const { apiVersion: _, kind: __, ...wanted } = modified;
  return difference(original ?? {}, wanted, current, byKey, []);
}

function difference(
  original: Fields,
  modified: Fields,
  current: Fields,
  byKey: boolean,
  path: string[],
): Fields | undefined {
  const patch: Fields = {};
  for (const [name, value] of Object.entries(modified)) {
    const change = changeOf(original[name], value, current[name], byKey, [...path, name]);
    if (change !== undefined) patch[name] = change;
  }
  for (const name of Object.keys(original))
    if (!(name in modified) && name in current && !identity.has([...path, name].join('.'))) patch[name] = null;
  return Object.keys(patch).length > 0 ? patch : undefined;
}

const identity = new Set(['apiVersion', 'kind']);

function changeOf(original: unknown, value: unknown, current: unknown, byKey: boolean, path: string[]): unknown {
  if (value === null || value === undefined) return current === undefined ? undefined : null;
  if (isFields(value)) {
    if (!isFields(current)) return value;
    return difference(isFields(original) ? original : {}, value, current, byKey, path);
  }
  if (Array.isArray(value)) {
    const key = byKey && Array.isArray(current) ? mergeKey(path.at(-1) ?? '', value) : undefined;
    if (key !== undefined) return listChange(asList(original), value as Fields[], current as Fields[], key, path);
    return equal(value, current) ? undefined : value;
  }
  return value === current || sameQuantity(value, current, path) ? undefined : value;
}

function listChange(original: Fields[], modified: Fields[], current: Fields[], key: string, path: string[]): unknown {
  const named = (items: Fields[], name: unknown) => items.find((item) => item[key] === name);
  const changes: Fields[] = [];
  for (const item of modified) {
    const existing = named(current, item[key]);
    if (!existing) {
      changes.push(item);
      continue;
    }
    const change = difference(named(original, item[key]) ?? {}, item, existing, true, path);
    if (change) changes.push({ ...change, [key]: item[key] });
  }
  for (const item of original)
    if (!named(modified, item[key]) && named(current, item[key])) changes.push({ $patch: 'delete', [key]: item[key] });
  return changes.length > 0 ? changes : undefined;
}

/** Kubernetes' own merge keys, by the list's name (K: patchMergeKey in the API types). */
const mergeKeys: Record<string, string> = {
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  imagePullSecrets: 'name',
  initContainers: 'name',
  secrets: 'name',
  volumeMounts: 'mountPath',
  volumes: 'name',
  webhooks: 'name',
};

function mergeKey(list: string, items: unknown[]): string | undefined {
  if (!items.every(isFields)) return undefined;
  if (list === 'ports') {
    // Of a container or of a service.
    const key = items.some((p) => 'containerPort' in p) ? 'containerPort' : 'port';
    // One number with two protocols would be one entry to the merge.
    return new Set(items.map((p) => p[key])).size === items.length && items.every((p) => key in p) ? key : undefined;
  }
  const key = mergeKeys[list];
  return key !== undefined && items.every((item) => key in item) ? key : undefined;
}

/** `cpu: 1` and `cpu: "1"`, `0.5` and `500m`: the server writes quantities its own way. */
function sameQuantity(value: unknown, current: unknown, path: string[]): boolean {
  const group = path.at(-2);
  if (group !== 'limits' && group !== 'requests') return false;
  const wished = parseQuantity(value);
  return wished !== undefined && wished === parseQuantity(current);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asList = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([n, v]) => [n, sorted(v)]));
}
