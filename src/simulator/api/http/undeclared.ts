// What server-side apply says of fields that the schema does not have: it can own none of them, whatever the client asked.
import { ApiError } from '../errors.ts';
import { splitApiVersion } from '../kinds/kind-table.ts';
import type { Schemas } from '../schemas/schemas.ts';
import { checkShape } from '../schemas/validate.ts';
import { isMap } from './body.ts';

/** Throws what the API server has no better code for than 500. `configuration` is the body as it came. */
export function refuseUndeclared(schemas: Schemas, configuration: Record<string, unknown>): void {
  const { apiVersion, kind, metadata } = configuration;
  const type = { apiVersion: String(apiVersion), kind: String(kind) };
  const typed = schemas.of(type);
  if (!typed) return;
  const { unknown } = checkShape(configuration, typed.schema, typed.definitions);
  if (unknown.length === 0) return;
  const { group, version } = splitApiVersion(type.apiVersion);
  const { namespace = '', name = '' } = isMap(metadata) ? metadata : {};
  const found = unknown.map((path) => `.${path}: field not declared in schema`);
  const all = found.length === 1 ? found[0] : `errors:\n  ${found.join('\n  ')}`;
  const object = `${namespace}/${name}; ${group}/${version}, Kind=${type.kind}`;
  throw new ApiError(500, '', `failed to create typed patch object (${object}): ${all}`);
}
