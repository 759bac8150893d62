// An object or a list in the form that the client asked for.
import type { KubeObject } from '../../../mesh/objects.ts';
import { asVersion } from '../versions.ts';
import type { ResourceRequest } from './context.ts';
import { type ApiReply, jsonReply, type Piece } from './request.ts';
import { type ListMeta, tableOf } from './table.ts';

export async function objectReply(r: ResourceRequest, object: KubeObject, status = 200): Promise<ApiReply> {
  if (r.form.syntax !== 'json') return dataReply(r, representObject(r, object), status);
  return { status, headers: { 'content-type': 'application/json' }, body: `${objectText(r, object)}\n` };
}

/** As JSON, in one line. */
export function objectText(r: ResourceRequest, object: KubeObject): string {
  return isAsStored(r, object) ? r.context.registry.store.textOf(object) : JSON.stringify(representObject(r, object));
}

export async function listReply(r: ResourceRequest, items: KubeObject[], metadata: ListMeta): Promise<ApiReply> {
  const plain = r.form.as === 'object' && r.form.syntax === 'json';
  if (!plain || items.length < LONG) return dataReply(r, representList(r, items, metadata));
  const body = piecesAtHand(r, items, metadata) ?? listPieces(r, items, metadata);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/** From so many objects on, a list is written out while it is sent: other requests get their turn. */
const LONG = 100;
/** Some three milliseconds to write out. */
const FEW = 50;

function* listPieces(r: ResourceRequest, items: readonly KubeObject[], metadata: ListMeta): Generator<Piece> {
  const { store } = r.context.registry;
  yield listHead(r, metadata);
  let begin = FIRST;
  for (const item of items) {
    yield begin;
    yield isAsStored(r, item)
      ? untypedBytes(r, store.bytesOf(r.resource, item), item)
      : JSON.stringify(itemOf(r, item)).slice(1);
    begin = NEXT;
  }
  yield LIST_END;
}

/** All at once, when hardly any has to be written out for them. */
function piecesAtHand(r: ResourceRequest, items: readonly KubeObject[], metadata: ListMeta): Piece[] | undefined {
  const { store } = r.context.registry;
  const pieces: Piece[] = [listHead(r, metadata)];
  let missing = 0;
  for (const item of items) {
    if (!isAsStored(r, item)) return undefined;
    const atHand = store.bytesAtHand(item);
    if (!atHand && ++missing > FEW) return undefined;
    const bytes = atHand ?? store.bytesOf(r.resource, item);
    pieces.push(pieces.length === 1 ? FIRST : NEXT, untypedBytes(r, bytes, item));
  }
  pieces.push(LIST_END);
  return pieces;
}

/** What comes before an item that begins with a brace, which is left out of it. */
const FIRST: Piece = Buffer.from('{');
const NEXT: Piece = Buffer.from(',{');
const LIST_END = ']}\n';

function listHead(r: ResourceRequest, metadata: ListMeta): string {
  const head = JSON.stringify({ kind: r.kind.listKind, apiVersion: apiVersionOf(r), metadata });
  return `${head.slice(0, -1)},"items":[`;
}

/** Without its first brace. Items of built-in lists go without kind and apiVersion: the list says them. */
function untypedBytes(r: ResourceRequest, bytes: Uint8Array, { kind, apiVersion }: KubeObject): Uint8Array {
  return bytes.subarray(r.kind.crd ? 1 : `{"kind":"${kind}","apiVersion":"${apiVersion}"}`.length);
}

function isAsStored(r: ResourceRequest, object: KubeObject): boolean {
  return r.form.as === 'object' && asVersion(object, r.kind, r.version) === object;
}

/** `objectText` of one of many that are asked for together, and will be again. */
export function listedText(r: ResourceRequest, object: KubeObject): string {
  if (!isAsStored(r, object)) return objectText(r, object);
  return decoder.decode(r.context.registry.store.bytesOf(r.resource, object));
}

const decoder = new TextDecoder();

/** Anything already in its final shape, as JSON or YAML. */
export async function dataReply(r: ResourceRequest, data: unknown, status = 200): Promise<ApiReply> {
  if (r.form.syntax === 'json') return jsonReply(data, status);
  const { stringify } = await import('./yaml-when-needed.ts');
  return { status, headers: { 'content-type': 'application/yaml' }, body: stringify(data, { sortMapEntries: true }) };
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
