// The objects that a YAML file of Kubernetes holds, each with the namespace that kubectl would give it.
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import { clusterWide } from './cluster-wide.ts';

/** A file that is not YAML, or holds something else, has none: a lab may show it as a mistake. */
export function objectsIn(text: string): KubeObject[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => (document.errors.length > 0 ? [] : flatten(document.toJS())));
}

/** With its namespace written: its own, or else the one that is asked for. Objects of the whole cluster have none. */
export function placed(object: KubeObject, namespace: string): KubeObject {
  const { namespace: own, ...metadata } = object.metadata;
  if (clusterWide.has(object.kind)) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, namespace: own ?? namespace } };
}

function flatten(value: unknown): KubeObject[] {
  if (!isRecord(value)) return [];
  if (typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items))
    return value.items.flatMap(flatten);
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isRecord(metadata)) return [];
  if (typeof metadata.name !== 'string') return [];
  return [value as KubeObject];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
