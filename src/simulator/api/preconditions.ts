// What must hold before an object is deleted, or made in a namespace.
import type { KubeObject } from '../../mesh/objects.ts';
import type { DeleteOptions } from '../contract.ts';
import { ApiError, conflict, qualified } from './errors.ts';
import type { KindDefinition } from './kinds/kind-table.ts';
import { detailsOf } from './object-facts.ts';

/** Throws 409 when the object is not the one that the client means. */
export function checkPreconditions(kind: KindDefinition, { metadata }: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const refuse = (what: string, asked: string, found: string | undefined, end: string): ApiError =>
    conflict(
      kind.kind,
      metadata.name,
      `the ${what} in the precondition (${asked}) does not match the ${what} in record (${found}). ${end}`,
      { ...detailsOf(kind, metadata.name), kind: kind.kind },
    );
  if (uid && uid !== metadata.uid)
    throw refuse('UID', uid, metadata.uid, 'The object might have been deleted and then recreated');
  if (resourceVersion && resourceVersion !== metadata.resourceVersion)
    throw refuse('ResourceVersion', resourceVersion, metadata.resourceVersion, 'The object might have been modified');
}

export function beingTerminated(kind: KindDefinition, name: string, namespace: string | undefined): ApiError {
  return new ApiError(
    403,
    'Forbidden',
    `${qualified(kind.plural, kind.group)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      ...detailsOf(kind, name),
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  );
}
