// The verbs on one object, and create.
import type { KubeObject } from '../../../mesh/objects.ts';
import { badRequest, notFound, qualified } from '../errors.ts';
import { asCoreEvent, newEvents } from '../event-versions.ts';
import { isMap } from './body.ts';
import type { Handler, ResourceRequest } from './context.ts';
import { deleteOptions } from './delete-options.ts';
import { writeOptions } from './query-options.ts';
import { checkName, receivedObject } from './received.ts';
import { repeatedFields } from './repeated-fields.ts';
import { dataReply, objectReply, representList } from './represent.ts';
import type { User } from './request.ts';
import { selection } from './select.ts';
import { successStatus } from './status.ts';

export const get: Handler = async (r) => {
  const object = existing(r);
  return { ...(await objectReply(r, object)), tells: Number(object.metadata.resourceVersion) };
};

export const create: Handler = async (r) => {
  const options = writeOptions(r, 'CreateOptions');
  const object = storable(r, await receivedObject(r));
  if (r.kind.kind === 'CertificateSigningRequest') noteRequestor(object, r.request.user);
  const repeated = await repeatedFields(r.request);
  return objectReply(r, r.context.registry.create(r.resource, object, { ...options, repeated }), 201);
};

export const update: Handler = async (r) => {
  const options = writeOptions(r, 'UpdateOptions');
  const object = storable(r, await receivedObject(r));
  checkName(r, object);
  const repeated = await repeatedFields(r.request);
  return objectReply(r, r.context.registry.update(r.resource, object, { ...options, repeated }));
};

export const remove: Handler = async (r) => {
  const options = await deleteOptions(r);
  existing(r);
  const name = r.name ?? '';
  const removed = r.context.registry.remove(r.resource, r.namespace, name, options);
  if (!removed) throw missing(r);
  const stays = r.context.registry.get(r.resource, r.namespace, name) !== undefined;
  if ((stays && !options.dryRun) || returnedWhole.has(r.resource)) return objectReply(r, removed);
  return dataReply(r, successStatus({ name, ...groupOf(r), kind: r.kind.plural, uid: removed.metadata.uid }));
};

export const removeCollection: Handler = async (r) => {
  const options = await deleteOptions(r);
  const selects = selection(r);
  const { registry } = r.context;
  const chosen = registry.list(r.resource, r.namespace).filter(selects);
  for (const { metadata } of chosen) registry.remove(r.resource, metadata.namespace, metadata.name, options);
  const resourceVersion = String(registry.store.revision);
  return dataReply(r, representList(r, chosen, { resourceVersion }));
};

/** Who asks for a certificate is who says so to the API, whatever the object says. */
function noteRequestor({ spec }: KubeObject, { name, groups }: User): void {
  if (isMap(spec)) Object.assign(spec, { username: name, groups });
}

/** In the form of the kind that it is stored as. */
function storable(r: ResourceRequest, object: KubeObject): KubeObject {
  return r.kind === newEvents ? asCoreEvent(object) : object;
}

/** Throws 404. */
export function existing(r: ResourceRequest): KubeObject {
  if (r.name === undefined) throw badRequest('name must be provided');
  const object = r.context.registry.get(r.resource, r.namespace, r.name);
  if (!object) throw missing(r);
  return object;
}

export function missing(r: ResourceRequest) {
  const { name = '' } = r;
  return notFound(qualified(r.kind.plural, r.kind.group), name, { name, ...groupOf(r), kind: r.kind.plural });
}

/** Kinds whose deletion answers with the object even when it is gone. */
const returnedWhole = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
]);

function groupOf(r: ResourceRequest): { group?: string } {
  return r.kind.group === '' ? {} : { group: r.kind.group };
}
