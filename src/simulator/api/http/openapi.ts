// OpenAPI v3: an index, and one document per group and version, made on demand from the schemas that validate.
import { createHash } from 'node:crypto';
import type { KindDefinition, KindTable } from '../kinds/kind-table.ts';
import type { Schema } from '../schemas/schema.ts';
import { createSchemas } from '../schemas/schemas.ts';
import { negotiate, notAcceptable, parseMediaTypes } from './accept.ts';
import { type Descriptions, readDescriptions } from './descriptions.ts';
import { cached, groupNames, kindsOf, versionsOf } from './discovery.ts';
import { referenced, schemaNames } from './openapi-schemas.ts';
import { type ApiReply, type ApiRequest, jsonReply } from './request.ts';
import { resourceNotFound } from './status.ts';
import { subresourcesOf } from './subresources/subresources.ts';

/** /openapi/v3 */
export function openapiIndex(kinds: KindTable): ApiReply {
  const paths: Record<string, { serverRelativeURL: string }> = {};
  for (const group of groupNames(kinds)) {
    for (const version of versionsOf(kinds, group)) {
      const path = pathOf(group, version);
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${fingerprint(kindsOf(kinds, group, version))}` };
    }
  }
  return jsonReply({ paths });
}

/** /openapi/v3/apis/apps/v1. With the index's hash in the query, clients may keep it for ever. */
export async function openapiDocument(
  request: ApiRequest,
  kinds: KindTable,
  group: string,
  version: string,
): Promise<ApiReply> {
  const found = kindsOf(kinds, group, version);
  if (found.length === 0) throw resourceNotFound();
  negotiate(request.headers.accept);
  const descriptions = await readDescriptions();
  const reply = cached(request, documentOf(kinds, found, { group, version, descriptions }), 'application/json');
  if (request.query.get('hash') !== fingerprint(found)) return reply;
  return {
    ...reply,
    headers: { ...reply.headers, 'cache-control': 'public, immutable', expires: new Date(8.64e14).toUTCString() },
  };
}

/** /openapi/v2: in JSON with the definitions of all kinds; in protobuf, kubectl's last resort for a kind that v3 lacks, without. */
export async function openapiV2(request: ApiRequest, kinds: KindTable): Promise<ApiReply> {
  const accepted = parseMediaTypes(request.headers.accept ?? '*/*').map((m) => m.type);
  if (!accepted.some((type) => ['application/json', 'application/*', '*/*'].includes(type))) {
    if (!accepted.some((type) => protobufTypes.includes(type)))
      throw notAcceptable(['application/json', ...protobufTypes]);
    return { status: 200, headers: { 'content-type': protobufTypes[0] ?? '' }, body: emptyV2 };
  }
  const all = kinds.all().flatMap((kind) => kind.versions.map((version) => ({ kind, version })));
  const { schemas } = referenced(createSchemas(kinds), all, '#/definitions/', await readDescriptions());
  return cached(request, { swagger: '2.0', info, paths: {}, definitions: schemas }, 'application/json');
}

const info = { title: 'Kubernetes', version: 'v1.34.4' };

const protobufTypes = [
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
];

/** Of message openapi.v2.Document: swagger (1), info (2) with title and version, no paths (8). */
const emptyV2 = Buffer.concat([
  text(1, '2.0'),
  text(2, Buffer.concat([text(1, info.title), text(2, info.version)])),
  text(8, ''),
]);

function text(field: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(field << 3) | 2, bytes.length]), bytes]);
}

interface Document {
  group: string;
  version: string;
  descriptions: Descriptions;
}

function documentOf(kinds: KindTable, found: KindDefinition[], { group, version, descriptions }: Document) {
  const served = found.map((kind) => ({ kind, version }));
  const { schemas, roots } = referenced(createSchemas(kinds), served, '#/components/schemas/', descriptions);
  const base = `/${pathOf(group, version)}`;
  return {
    openapi: '3.0.0',
    info,
    paths: Object.assign({}, ...found.map((kind) => pathsOf(base, kind, version, roots.get(kind.kind)))),
    components: { schemas },
  };
}

function pathsOf(base: string, kind: KindDefinition, version: string, root: string | undefined) {
  const schema: Schema = root ? { $ref: `#/components/schemas/${root}` } : { type: 'object' };
  const gvk = { group: kind.group, version, kind: kind.kind };
  const collection = `${base}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`;
  const path = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } });
  const inNamespace = kind.namespaced ? [path('namespace')] : [];
  const operation = (action: string, query: string[], body: boolean) => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    parameters: query.map((name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })),
    ...(body ? { requestBody: { content: { 'application/json': { schema } } } } : {}),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
  });
  const object = {
    get: operation('get', [], false),
    put: operation('put', ['dryRun', 'fieldManager', 'fieldValidation'], true),
    patch: operation('patch', ['dryRun', 'fieldManager', 'fieldValidation', 'force'], true),
  };
  const paths: Record<string, unknown> = {
    [collection]: {
      get: operation(
        'list',
        ['continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'watch'],
        false,
      ),
      post: operation('post', ['dryRun', 'fieldManager', 'fieldValidation'], true),
      parameters: inNamespace,
    },
    [`${collection}/{name}`]: {
      ...object,
      delete: operation('delete', ['dryRun', 'gracePeriodSeconds', 'propagationPolicy'], false),
      parameters: [...inNamespace, path('name')],
    },
  };
  for (const { name, patch } of subresourcesOf(kind)) {
    if (name !== 'status' || !patch) continue;
    paths[`${collection}/{name}/${name}`] = { ...object, parameters: [...inNamespace, path('name')] };
  }
  return paths;
}

function pathOf(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

/** Changes whenever a document would: built-in kinds never do, a CRD does with its resourceVersion. */
function fingerprint(kinds: KindDefinition[]): string {
  const text = kinds.map((k) => `${schemaNames.version}/${k.plural}/${k.crd?.metadata.resourceVersion ?? ''}`).join();
  return createHash('sha256').update(text).digest('hex').toUpperCase();
}
