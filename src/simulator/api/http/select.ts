// Which objects of a collection a query means.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { ResourceRequest } from './context.ts';
import { parseFieldQuery } from './field-query.ts';
import { parseLabelQuery } from './label-query.ts';

export type Selects = (object: KubeObject) => boolean;

/** The fields that a CRD lets its objects be chosen by, as queries write them. */
function selectable({ kind, version }: ResourceRequest): string[] | undefined {
  if (!kind.crd) return undefined;
  const spec = kind.crd.spec as { versions?: { name: string; selectableFields?: { jsonPath: string }[] }[] };
  const own = spec.versions?.find(({ name }) => name === version)?.selectableFields ?? [];
  return own.map(({ jsonPath }) => jsonPath.replace(/^\./, ''));
}

/** By labelSelector, fieldSelector, namespace and, in a watch of one object, its name. */
export function selection(r: ResourceRequest): Selects {
  const { query } = r.request;
  const labels = parseLabelQuery(query.get('labelSelector') ?? '');
  const fields = parseFieldQuery(query.get('fieldSelector') ?? '', r.resource, selectable(r));
  return (object) =>
    (r.namespace === undefined || object.metadata.namespace === r.namespace) &&
    (r.name === undefined || object.metadata.name === r.name) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object);
}
