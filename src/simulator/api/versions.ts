// One stored object, several served versions: the apiVersion is written on the way out.
import type { KubeObject } from '../../mesh/objects.ts';
import { copyOf } from '../copy.ts';
import { autoscalerAsV1, isAutoscaler } from './autoscaler-versions.ts';
import { asNewEvent, newEvents, withZeroes } from './event-versions.ts';
import type { KindDefinition } from './kinds/built-in.ts';
import { isMap } from './patch-merge.ts';
import { setSchemaDefaults } from './schemas/defaults.ts';
import type { Schema } from './schemas/schema.ts';

/** The object as `version` of its kind; the same object when that is how it is stored. */
export function asVersion(object: KubeObject, kind: KindDefinition, version: string): KubeObject {
  const apiVersion = kind.group === '' ? version : `${kind.group}/${version}`;
  if (kind.crd) return withDefaults(object, kind.crd, apiVersion);
  if (kind === newEvents) return asNewEvent(withZeroes(object));
  if (kind.kind === 'Event' && kind.group === '') return withZeroes(object);
  if (object.apiVersion === apiVersion) return object;
  if (isAutoscaler(kind) && version === 'v1') return autoscalerAsV1(object);
  return { ...object, apiVersion };
}

/** A custom object as it is read: with the defaults that its CRD has by now, whenever it was written. */
function withDefaults(object: KubeObject, crd: KubeObject, apiVersion: string): KubeObject {
  const schema = schemaOf(crd, apiVersion.split('/').at(-1) ?? '');
  if (!schema || !hasDefaults(schema)) return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
  const { metadata, ...copy } = copyOf(object);
  setSchemaDefaults(copy, schema, {});
  return { ...copy, apiVersion, kind: object.kind, metadata };
}

function schemaOf({ spec }: KubeObject, version: string): Schema | undefined {
  const versions: unknown[] = isMap(spec) && Array.isArray(spec.versions) ? spec.versions : [];
  const found = versions.find((v) => isMap(v) && v.name === version);
  return isMap(found) && isMap(found.schema) ? (found.schema.openAPIV3Schema as Schema | undefined) : undefined;
}

/** Whether a schema or anything in it gives a value by default: most give none, and their objects are read as they are. */
function hasDefaults(schema: Schema): boolean {
  const known = defaulted.get(schema);
  if (known !== undefined) return known;
  const { properties = {}, items, additionalProperties } = schema;
  const children = [
    ...Object.values(properties),
    ...(items ? [items] : []),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ];
  const found = schema.default !== undefined || children.some(hasDefaults);
  defaulted.set(schema, found);
  return found;
}

const defaulted = new WeakMap<Schema, boolean>();
