// The patch verb: three ways to edit, and server-side apply.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { WriteOptions } from '../../contract.ts';
import { ApiError, badRequest, invalid } from '../errors.ts';
import { splitApiVersion } from '../kinds/kind-table.ts';
import type { PatchType } from '../registry.ts';
import { createSchemas } from '../schemas/schemas.ts';
import { contentType, isMap, parseJson, parseYaml } from './body.ts';
import type { Handler, ResourceRequest } from './context.ts';
import { existing } from './objects.ts';
import { flag, writeOptions } from './query-options.ts';
import { checkedObject, checkName } from './received.ts';
import { repeatedInYaml } from './repeated-fields.ts';
import { objectReply } from './represent.ts';
import { unsupportedMediaType } from './status.ts';
import { refuseUndeclared } from './undeclared.ts';

const types: Record<string, PatchType | 'apply'> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export const patch: Handler = (r) => patchWith(r, {});

export function patchAs(subresource: NonNullable<WriteOptions['subresource']>): Handler {
  return (r) => patchWith(r, { subresource });
}

/** Decides by Content-Type. Throws 415; strategic merge is only for built-in kinds, whose merge keys are known. */
export function patchType(r: ResourceRequest): PatchType | 'apply' {
  const type = types[contentType(r.request) ?? ''];
  if (type === undefined) throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  if (type === 'strategic' && r.kind.crd) {
    throw unsupportedMediaType(Object.keys(types).filter((t) => types[t] !== 'strategic'));
  }
  return type;
}

export function patchBody(r: ResourceRequest): unknown {
  try {
    return parseJson(r.request.body);
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`error decoding patch: ${error.message}`);
    throw error;
  }
}

async function patchWith(r: ResourceRequest, extra: Pick<WriteOptions, 'subresource'>) {
  const type = patchType(r);
  const options = { ...writeOptions(r, 'PatchOptions'), ...extra };
  if (type === 'apply') return applyPatch(r, options);
  if (r.request.query.has('force')) throw notForced();
  const name = existing(r).metadata.name;
  return objectReply(r, r.context.registry.patch(r.resource, r.namespace, name, type, patchBody(r), options));
}

async function applyPatch(r: ResourceRequest, options: WriteOptions) {
  const fieldManager = r.request.query.get('fieldManager');
  if (!fieldManager) {
    throw new ApiError(
      422,
      'Invalid',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      {
        group: 'meta.k8s.io',
        kind: 'PatchOptions',
        causes: [
          {
            reason: 'FieldValueRequired',
            message: 'Required value: is required for apply patch',
            field: 'fieldManager',
          },
        ],
      },
    );
  }
  const object = await configuration(r);
  object.metadata.name ||= r.name ?? '';
  const force = flag(r.request.query, 'force');
  if (object.metadata.name !== r.name) {
    // A conflict with what has the name of the address is said first.
    const named = { ...object, metadata: { ...object.metadata, name: r.name ?? '' } };
    r.context.registry.apply(r.resource, named, { ...options, fieldManager, force, dryRun: true });
  }
  checkName(r, object);
  const applied = await applyOnce(r, object, { ...options, fieldManager, force });
  return objectReply(r, applied.object, applied.created ? 201 : 200);
}

/** What is said twice is complained of only of a configuration that could be applied. */
async function applyOnce(
  r: ResourceRequest,
  object: KubeObject,
  options: WriteOptions & { fieldManager: string; force: boolean },
) {
  const { registry } = r.context;
  const repeated = options.fieldValidation === 'Ignore' ? undefined : await repeatedInYaml(r.request.body);
  if (repeated === undefined) return registry.apply(r.resource, object, options);
  if (options.fieldValidation === 'Strict') {
    registry.apply(r.resource, object, { ...options, dryRun: true });
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${repeated}`);
  }
  options.warn?.(`error converting YAML to JSON: ${repeated}`);
  return registry.apply(r.resource, object, options);
}

function typeless(body: unknown): string {
  const { apiVersion = '', kind = '' } = isMap(body) ? body : {};
  const { group, version } = splitApiVersion(String(apiVersion));
  return `invalid object type: ${group}/${version}, Kind=${kind}`;
}

function notForced(): ApiError {
  const message = 'Forbidden: may not be specified for non-apply patch';
  return invalid('PatchOptions', 'meta.k8s.io', '', [{ reason: 'FieldValueForbidden', message, field: 'force' }]);
}

async function configuration(r: ResourceRequest): Promise<KubeObject> {
  let body: unknown;
  try {
    body = await parseYaml(r.request.body);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    throw error;
  }
  if (!isMap(body) || !body.apiVersion || !body.kind) throw badRequest(typeless(body));
  const object = checkedObject(r, body);
  if (object.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  refuseUndeclared(createSchemas(r.context.registry.kinds), body);
  return object;
}
