// The replicas of a custom object that can be scaled: whole numbers, where its CRD says that they are.
import type { KubeObject } from '../../mesh/objects.ts';
import type { StatusCause } from './errors.ts';
import { type KindDefinition, splitApiVersion } from './kinds/kind-table.ts';
import { isMap } from './patch-merge.ts';

export function checkScale(object: KubeObject, { crd }: KindDefinition): StatusCause[] {
  const scale = scaleOf(crd, splitApiVersion(object.apiVersion).version);
  return ['specReplicasPath', 'statusReplicasPath'].flatMap((name) => {
    const path = scale?.[name];
    return typeof path === 'string' ? checkReplicas(object, path) : [];
  });
}

function checkReplicas(object: KubeObject, path: string): StatusCause[] {
  let value: unknown = object;
  for (const step of path.split('.').slice(1)) value = isMap(value) ? value[step] : undefined;
  if (value === undefined || value === null) return [];
  const invalid = (shown: unknown, detail: string): StatusCause[] => [
    { reason: 'FieldValueInvalid', field: path, message: `Invalid value: ${JSON.stringify(shown)}: ${detail}` },
  ];
  if (!Number.isInteger(value))
    return invalid(0, `${path} accessor error: ${shownByGo(value)} is of the type ${goType(value)}, expected int64`);
  return Number(value) < 0 ? invalid(value, 'should be a non-negative integer') : [];
}

function shownByGo(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'float64';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}

function scaleOf(crd: KubeObject | undefined, version: string): Record<string, unknown> | undefined {
  const spec = crd?.spec;
  const versions = isMap(spec) && Array.isArray(spec.versions) ? spec.versions.filter(isMap) : [];
  const own = versions.find(({ name }) => name === version);
  const subresources = isMap(own) ? own.subresources : undefined;
  return isMap(subresources) && isMap(subresources.scale) ? subresources.scale : undefined;
}
