// An object or a list in the form that the client asked for.
import type { KubeObject } from '../../../mesh/objects.ts';
import { asVersion } from '../versions.ts';
import type { ResourceRequest } from './context.ts';
import { type ApiReply, type ApiRequest, jsonReply } from './request.ts';
import { type ListMeta, tableOf } from './table.ts';

export async function objectReply(r: ResourceRequest, object: KubeObject, status = 200): Promise<ApiReply> {
  return dataReply(r, representObject(r, object), status);
}

export async function listReply(r: ResourceRequest, items: KubeObject[], metadata: ListMeta): Promise<ApiReply> {
  const plain = r.form.as === 'object' && r.form.syntax === 'json' && !r.kind.crd && !isPretty(r.request);
  const texts = plain && r.context.listTexts.items(apiVersionOf(r), items, (item) => itemOf(r, item));
  if (!texts) return dataReply(r, representList(r, items, metadata));
  const head = JSON.stringify({ kind: r.kind.listKind, apiVersion: apiVersionOf(r), metadata });
  const headers = { 'content-type': 'application/json' };
  return { status: 200, headers, body: `${head.slice(0, -1)},"items":${texts}}\n` };
}

/** Anything already in its final shape, as JSON or YAML. */
export async function dataReply(r: ResourceRequest, data: unknown, status = 200): Promise<ApiReply> {
  if (r.form.syntax === 'json') return isPretty(r.request) ? prettyReply(data, status) : jsonReply(data, status);
  const { stringify } = await import('./yaml-when-needed.ts');
  return { status, headers: { 'content-type': 'application/yaml' }, body: stringify(data, { sortMapEntries: true }) };
}

/** For people: who asks for it, and browsers and command line tools that say nothing. */
function isPretty({ query, headers }: ApiRequest): boolean {
  const asked = query.get('pretty');
  if (asked !== null && asked !== '') return asked === 'true' || asked === '1';
  return /^(curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '');
}

function prettyReply(data: unknown, status: number): ApiReply {
  return { ...jsonReply(data, status), body: JSON.stringify(data, null, 2) };
}

export function representObject(r: ResourceRequest, object: KubeObject): unknown {
  switch (r.form.as) {
    case 'object':
      return served(r, object);
    case 'metadata':
      return partial(object);
    case 'table':
      return tableOf(r, [object], { resourceVersion: object.metadata.resourceVersion ?? '' });
  }
}

export function representList(r: ResourceRequest, items: KubeObject[], metadata: ListMeta): unknown {
  switch (r.form.as) {
    case 'object':
      return {
        kind: r.kind.listKind,
        apiVersion: apiVersionOf(r),
        metadata,
        items: items.map((item) => itemOf(r, item)),
      };
    case 'metadata':
      return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: items.map(partial) };
    case 'table':
      return tableOf(r, items, metadata);
  }
}

function itemOf(r: ResourceRequest, item: KubeObject): unknown {
  return r.kind.crd ? served(r, item) : untyped(asVersion(item, r.kind, r.version));
}

/** At the requested version, with the fields that come first in Kubernetes' own output. */
export function served(r: ResourceRequest, object: KubeObject): KubeObject {
  const { kind, apiVersion, metadata, ...rest } = asVersion(object, r.kind, r.version);
  return { kind, apiVersion, metadata, ...rest };
}

export function partial(object: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

export function apiVersionOf(r: Pick<ResourceRequest, 'kind' | 'version'>): string {
  return r.kind.group === '' ? r.version : `${r.kind.group}/${r.version}`;
}

/** Items of built-in lists go without kind and apiVersion: the list says them. */
function untyped(object: KubeObject): Record<string, unknown> {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
  return rest;
}
