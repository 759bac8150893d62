// The Table form: rows of cells that kubectl prints as they come.
import type { KubeObject } from '../../../mesh/objects.ts';
import { badRequest } from '../errors.ts';
import { tableColumns } from '../tables/columns.ts';
import type { ResourceRequest } from './context.ts';

export interface ListMeta {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

export function tableOf(r: ResourceRequest, objects: KubeObject[], metadata: ListMeta) {
  const columns = tableColumns(r.kind, r.version);
  const now = r.context.clock.now();
  const attached = attachment(r.request.query.get('includeObject'));
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, type, format, priority }) => ({
      name,
      type,
      format,
      description: '',
      priority,
    })),
    rows: objects.map((object) => ({ cells: columns.map((c) => c.of(object, now)), ...attached(object) })),
  };
}

function attachment(includeObject: string | null): (object: KubeObject) => { object: KubeObject | null } {
  switch (includeObject) {
    case null:
    case '':
    case 'Metadata':
      return ({ metadata }) => ({
        object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
      });
    case 'Object':
      return (object) => ({ object });
    case 'None':
      return () => ({ object: null });
    default:
      throw badRequest(
        `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(includeObject)}: must be 'Metadata', 'Object', 'None', or empty`,
      );
  }
}
