// What must hold before an object is deleted, or made in a namespace.
import type { KubeObject } from '../../mesh/objects.ts';
import type { DeleteOptions } from '../contract.ts';
import { ApiError, conflict, invalid, qualified } from './errors.ts';
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

/** Throws for an update that is not about the object as it is now. */
export function checkReplaces(kind: KindDefinition, { metadata }: KubeObject, previous: KubeObject): void {
  const { name, namespace, uid, resourceVersion } = metadata;
  const resource = qualified(kind.plural, kind.group);
  const details = detailsOf(kind, name);
  if (resourceVersion && !/^\d+$/.test(resourceVersion))
    throw new ApiError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`);
  if (!resourceVersion && needsVersion(kind)) {
    const message = 'Invalid value: 0: must be specified for an update';
    throw invalid(kind.plural, kind.group, name, [
      { field: 'metadata.resourceVersion', reason: 'FieldValueInvalid', message },
    ]);
  }
  if (resourceVersion && resourceVersion !== previous.metadata.resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(resource, name, why, details);
  }
  if (uid && uid !== previous.metadata.uid) {
    const key = `/registry/${kind.plural}/${namespace ? `${namespace}/` : ''}${name}`;
    const why = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid}`;
    throw conflict(resource, name, why, details);
  }
}

/** Kinds that are never replaced without having been read. */
function needsVersion({ kind, crd }: KindDefinition): boolean {
  return crd !== undefined || readFirst.has(kind);
}

const readFirst = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CSIStorageCapacity',
  'CustomResourceDefinition',
  'Lease',
  'MutatingWebhookConfiguration',
  'PodDisruptionBudget',
  'RuntimeClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

/** Runs a plugin of admission: what it refuses, the server says of which object. */
export function about<T>(kind: KindDefinition, name: string, admit: () => T): T {
  try {
    return admit();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 403 || error.details) throw error;
    throw new ApiError(error.code, error.reason, error.message, detailsOf(kind, name));
  }
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
