import type { KubeObject } from '../../../mesh/objects.ts';
import { badRequest, gone } from '../errors.ts';
import type { Handler, ResourceRequest } from './context.ts';
import type { Remainder } from './continuations.ts';
import { checkListOptions } from './list-options.ts';
import { checkNotTooLarge, resourceVersion, wholeNumber } from './query-options.ts';
import { listReply } from './represent.ts';
import { selection } from './select.ts';
import type { ListMeta } from './table.ts';

export const list: Handler = async (r) => {
  const { query } = r.request;
  const limit = wholeNumber(query, 'limit') ?? 0;
  const token = query.get('continue');
  checkListOptions(query);
  if (token) return chunk(r, continued(r, token), limit);
  checkVersion(r);
  const items = r.context.registry.list(r.resource, r.namespace).filter(selection(r));
  return chunk(r, { items, resourceVersion: String(r.context.registry.store.revision) }, limit);
};

function chunk(r: ResourceRequest, all: { items: KubeObject[]; resourceVersion: string }, limit: number) {
  const { resourceVersion } = all;
  const { query } = r.request;
  if (limit <= 0 || all.items.length <= limit) return listReply(r, all.items, { resourceVersion });
  const rest = all.items.slice(limit);
  const metadata: ListMeta = {
    resourceVersion,
    continue: r.context.continuations.keep({ items: rest, resourceVersion }, all.items[limit - 1]),
    // A real server counts without looking at the objects, so it cannot tell once it selects among them.
    ...(query.get('labelSelector') || query.get('fieldSelector') ? {} : { remainingItemCount: rest.length }),
  };
  return listReply(r, all.items.slice(0, limit), metadata);
}

function continued(r: ResourceRequest, token: string): Remainder {
  const found = r.context.continuations.find(token);
  const version = r.request.query.get('resourceVersion');
  if (version && version !== '0') throw badRequest('specifying resource version is not allowed when using continue');
  if (!('after' in found)) return found;
  const now = r.context.registry.list(r.resource, r.namespace).filter(selection(r));
  const items = now.filter((object) => isAfter(object, found.after));
  return { items, resourceVersion: String(r.context.registry.store.revision) };
}

/** In the order of lists: by namespace, then by name. */
function isAfter({ metadata: { namespace = '', name } }: KubeObject, key: string): boolean {
  const slash = key.indexOf('/');
  const [ofNamespace, ofName] = [key.slice(0, slash), key.slice(slash + 1)];
  return namespace === ofNamespace ? name > ofName : namespace > ofNamespace;
}

/** We serve the newest state only: right for any version that need not match exactly. */
function checkVersion(r: ResourceRequest): void {
  const { query } = r.request;
  const asked = resourceVersion(query);
  const match = query.get('resourceVersionMatch');
  const { revision } = r.context.registry.store;
  checkNotTooLarge(asked, revision);
  if (match === 'Exact' && asked !== revision) throw gone(`The resourceVersion for the provided list is too old.`);
}
