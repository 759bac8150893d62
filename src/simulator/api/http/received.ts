// The object in the body of a create, update or apply, checked against the URL it was sent to.
import type { KubeObject } from '../../../mesh/objects.ts';
import { ApiError, badRequest } from '../errors.ts';
import { splitApiVersion } from '../kinds/kind-table.ts';
import { decodeBody, isMap } from './body.ts';
import type { ResourceRequest } from './context.ts';
import { apiVersionOf } from './represent.ts';

/** Throws 400 for what is no object of the collection's kind, with the API server's words. */
export async function receivedObject(r: ResourceRequest): Promise<KubeObject> {
  return checkedObject(r, await decodedObject(r));
}

/** Decodes; a body that cannot be read is a 400 that names the kind. */
export async function decodedObject(r: ResourceRequest, decode = decodeBody): Promise<unknown> {
  try {
    return await decode(r.request);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw unrecognized(r, message.startsWith('yaml: ') ? message : `${unknownKind}${message}`);
  }
}

export function checkedObject(r: ResourceRequest, given: unknown): KubeObject {
  if (given === undefined) throw unrecognized(r, `${unknownKind}unexpected end of JSON input`);
  // Go reads null into a structure as nothing at all.
  const body = given ?? {};
  if (!isMap(body)) {
    const found = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body;
    throw unrecognized(r, `${unknownKind}json: cannot unmarshal ${found} into Go value of type ${headType}`);
  }
  const { kind = r.kind.kind, apiVersion = apiVersionOf(r), metadata = {} } = body;
  for (const [field, value] of Object.entries({ apiVersion, kind })) {
    if (typeof value === 'string') continue;
    const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw unrecognized(
      r,
      `${unknownKind}json: cannot unmarshal ${found} into Go struct field .${field} of type string`,
    );
  }
  if (typeof kind !== 'string' || typeof apiVersion !== 'string')
    throw badRequest('kind and apiVersion must be strings');
  checkKind(r, apiVersion, kind);
  if (!isMap(metadata)) throw wrongType(r, 'metadata', metadata, 'v1.ObjectMeta');
  checkMetadata(r, metadata);
  const object: KubeObject = { ...body, kind, apiVersion, metadata: { name: '', ...metadata } };
  if (object.metadata.namespace && r.namespace && object.metadata.namespace !== r.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (r.namespace) object.metadata.namespace = r.namespace;
  else delete object.metadata.namespace;
  return object;
}

const unknownKind = "couldn't get version/kind; json parse error: ";

/** Go's name for what it reads first of a body, to know what it is. */
const headType =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** On update, the name must be the one in the URL. */
export function checkName(r: ResourceRequest, object: KubeObject): void {
  const { name } = object.metadata;
  if (name === '')
    throw badRequest(`the name of the object (${r.name} based on URL) was undeterminable: name must be provided`);
  if (name !== r.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${r.name})`);
  }
}

function checkKind(r: ResourceRequest, apiVersion: string, kind: string): void {
  const { group, version } = splitApiVersion(apiVersion);
  if (group === r.kind.group && kind === r.kind.kind && r.kind.versions.includes(version)) {
    if (version === r.version) return;
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(r)})`,
    );
  }
  const expected = `${r.kind.group || 'core'}.${r.kind.kind}`;
  // The words tell a wrong version from a wrong kind of a version that there is.
  const served = r.context.registry.kinds.all().some((k) => k.group === group && k.versions.includes(version));
  if (!served) {
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${r.kind.kind}: no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:110"`,
    );
  }
  throw badRequest(
    kind === r.kind.kind
      ? `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(r)})`
      : `${kind} in version "${version}" cannot be handled as a ${r.kind.kind}: converting (${version}.${kind}) to (${expected}): unknown conversion`,
  );
}

/** The fields of metadata that everything else relies on have the right types. */
function checkMetadata(r: ResourceRequest, metadata: Record<string, unknown>): void {
  for (const field of ['name', 'generateName', 'namespace', 'resourceVersion', 'uid']) {
    const value = metadata[field];
    if (value === null) delete metadata[field];
    else if (value !== undefined && typeof value !== 'string') throw wrongType(r, `metadata.${field}`, value, 'string');
  }
  for (const field of ['labels', 'annotations']) {
    const value = metadata[field];
    if (value === undefined || value === null) continue;
    if (!isMap(value)) throw wrongType(r, `metadata.${field}`, value, 'map[string]string');
    for (const [key, text] of Object.entries(value)) {
      if (text === null) value[key] = '';
      else if (typeof text !== 'string') throw wrongType(r, `metadata.${field}`, text, 'string');
    }
  }
  for (const field of ['finalizers', 'ownerReferences', 'managedFields']) {
    const value = metadata[field];
    if (value !== undefined && value !== null && !Array.isArray(value))
      throw wrongType(r, `metadata.${field}`, value, 'array');
  }
}

function wrongType(r: ResourceRequest, field: string, value: unknown, type: string): ApiError {
  const name = field.startsWith('metadata.') ? `ObjectMeta.${field}` : `${r.kind.kind}.${field}`;
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return badRequest(
    `${r.kind.kind} in version "${r.version}" cannot be handled as a ${r.kind.kind}: json: cannot unmarshal ${found} into Go struct field ${name} of type ${type}`,
  );
}

/** Of a body that cannot be read, in the message about it. */
const shownBytes = 30;

function unrecognized(r: ResourceRequest, why: string): ApiError {
  const { body } = r.request;
  const start = Buffer.from(body.subarray(0, shownBytes));
  const text = body[0] === 0x7b ? start.toString('utf8') : start.toString('hex');
  const shown = body.length === 0 ? '<empty>' : body.length > shownBytes ? `${text} ...` : text;
  return badRequest(`the object provided is unrecognized (must be of type ${r.kind.kind}): ${why} (${shown})`);
}
