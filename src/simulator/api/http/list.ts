import type { KubeObject } from '../../../mesh/objects.ts';
import { badRequest, gone } from '../errors.ts';
import type { Handler, ResourceRequest } from './context.ts';
import { checkNotTooLarge, resourceVersion, wholeNumber } from './query-options.ts';
import { dataReply, representList } from './represent.ts';
import { selection } from './select.ts';
import type { ListMeta } from './table.ts';

export const list: Handler = async (r) => {
  const { query } = r.request;
  const limit = wholeNumber(query, 'limit') ?? 0;
  const token = query.get('continue');
  if (token) return chunk(r, r.context.continuations.find(token), limit);
  checkVersion(r);
  const items = r.context.registry.list(r.resource, r.namespace).filter(selection(r));
  return chunk(r, { items, resourceVersion: String(r.context.registry.store.revision) }, limit);
};

function chunk(r: ResourceRequest, all: { items: KubeObject[]; resourceVersion: string }, limit: number) {
  const { resourceVersion } = all;
  if (limit <= 0 || all.items.length <= limit) return dataReply(r, representList(r, all.items, { resourceVersion }));
  const rest = all.items.slice(limit);
  const metadata: ListMeta = {
    resourceVersion,
    continue: r.context.continuations.keep({ items: rest, resourceVersion }),
    remainingItemCount: rest.length,
  };
  return dataReply(r, representList(r, all.items.slice(0, limit), metadata));
}

/** We serve the newest state only: right for any version that need not match exactly. */
function checkVersion(r: ResourceRequest): void {
  const { query } = r.request;
  const asked = resourceVersion(query);
  const match = query.get('resourceVersionMatch');
  const { revision } = r.context.registry.store;
  if (match && asked === undefined) {
    throw badRequest(
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  checkNotTooLarge(asked, revision);
  if (match === 'Exact' && asked !== revision) throw gone(`The resourceVersion for the provided list is too old.`);
}
