// The watch verb: what changes, as it changes, one JSON object a line.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { StoredEvent } from '../../store/store.ts';
import { ApiError, badRequest } from '../errors.ts';
import { createChannel } from './channel.ts';
import type { Handler, ResourceRequest } from './context.ts';
import { checkWatchOptions } from './list-options.ts';
import { checkNotTooLarge, flag, resourceVersion, wholeNumber } from './query-options.ts';
import { apiVersionOf, listedText, objectText } from './represent.ts';
import { selection } from './select.ts';
import { failureStatus } from './status.ts';
import { tableOf } from './table.ts';

const bookmarkEvery = 60_000;
const defaultTimeoutSeconds = 45 * 60;

export const watch: Handler = async (r) => {
  const { query, signal } = r.request;
  const { registry, clock } = r.context;
  const { store } = registry;
  if (r.form.syntax !== 'json') throw badRequest('watches are served as application/json only');
  const selects = selection(r);
  const asked = watchVersion(query);
  const initial = query.get('sendInitialEvents') === null ? undefined : flag(query, 'sendInitialEvents');
  checkWatchOptions(query);
  checkNotTooLarge(asked, store.revision);
  // A client must not hear of an object that a crash could take back.
  await registry.durable();

  const bookmarks = flag(query, 'allowWatchBookmarks');
  const stops: (() => void)[] = [];
  const channel = createChannel(signal, () => {
    for (const stop of stops) stop();
  });
  let seen = store.revision;
  const line = (type: string, object: unknown) => eventLine(type, JSON.stringify(object));
  const bookmark = (annotations?: Record<string, string>) => line('BOOKMARK', bookmarkObject(r, seen, annotations));

  const reply = {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
    body: channel.lines,
  };
  const resumes = initial !== true && asked !== undefined && asked > 0;
  if (resumes && asked < store.oldestRevision) {
    const message = `too old resource version: ${asked} (${store.oldestRevision})`;
    channel.push(line('ERROR', failureStatus(new ApiError(410, 'Expired', message))));
    channel.end();
    return reply;
  }
  if (resumes) {
    const missed = store.since(asked);
    seen = missed.at(-1)?.revision ?? asked;
    channel.begin(linesOf(missed));
    if (missed.some(endsWatch)) channel.end();
  } else if (initial !== false) {
    const end = initial && bookmarks ? bookmark({ 'k8s.io/initial-events-end': 'true' }) : '';
    channel.begin(added(registry.list(r.resource, r.namespace), end));
  }
  stops.push(
    store.onEvent((event) => {
      if (event.revision <= seen) return;
      seen = event.revision;
      deliver(event);
    }),
  );
  const seconds = wholeNumber(query, 'timeoutSeconds') || defaultTimeoutSeconds;
  stops.push(
    clock.after(seconds * 1000, () => {
      if (bookmarks) channel.push(bookmark());
      channel.end();
    }),
  );
  if (bookmarks) {
    let cancel = (): void => {};
    const again = (): void => {
      cancel = clock.after(bookmarkEvery, () => {
        channel.push(bookmark());
        again();
      });
    };
    again();
    stops.push(() => cancel());
  }
  return reply;

  function deliver(event: StoredEvent): void {
    const told = lineOf(event);
    if (told) channel.push(told);
    if (endsWatch(event)) channel.end();
  }

  function lineOf(event: StoredEvent): string | undefined {
    const change = event.resource === r.resource ? seenThrough(event, selects) : undefined;
    return change && writtenOut(r, change);
  }

  /** The kind itself is gone. */
  function endsWatch({ type, object }: StoredEvent): boolean {
    return type === 'DELETED' && r.kind.crd !== undefined && object.metadata.uid === r.kind.crd.metadata.uid;
  }

  function* linesOf(events: readonly StoredEvent[]): Generator<string> {
    for (const event of events) {
      const told = lineOf(event);
      if (told) yield told;
    }
  }

  function* added(objects: readonly KubeObject[], end: string): Generator<string> {
    for (const object of objects) if (selects(object)) yield eventLine('ADDED', listedText(r, object));
    yield end;
  }
};

/** Of a watch, a version that is no number is the server's own failure. */
function watchVersion(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '' || /^\d{1,18}$/.test(text)) return resourceVersion(query);
  const why = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new ApiError(500, '', why);
}

function eventLine(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

/** What was written out last, and in which form. */
let last: { object: KubeObject; form: string; text: string } | undefined;

/**
 * Watchers hear of a change one after another: it is written out once for all that want it in the same form, and those that
 * have not read it yet hold the same text.
 */
function writtenOut(r: ResourceRequest, { type, object }: Pick<StoredEvent, 'type' | 'object'>): string {
  const form = `${type} ${r.form.as} ${apiVersionOf(r)}`;
  if (r.form.as !== 'table' && last?.object === object && last.form === form) return last.text;
  const text = eventLine(type, objectText(r, object));
  last = { object, form, text };
  return text;
}

/** An object that begins or ceases to match is added or deleted, for this watcher. */
function seenThrough(
  event: StoredEvent,
  selects: (object: KubeObject) => boolean,
): Pick<StoredEvent, 'type' | 'object'> | undefined {
  const { type, object, previous } = event;
  if (type === 'ADDED' || !previous) return selects(object) ? { type, object } : undefined;
  const before = selects(previous);
  if (type === 'DELETED') return before ? { type, object } : undefined;
  if (selects(object)) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before) return undefined;
  const { resourceVersion } = object.metadata;
  return {
    type: 'DELETED',
    object: { ...previous, metadata: { ...previous.metadata, ...(resourceVersion ? { resourceVersion } : {}) } },
  };
}

function bookmarkObject(r: ResourceRequest, revision: number, annotations?: Record<string, string>): unknown {
  const metadata = { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) };
  if (r.form.as === 'table') return tableOf(r, [], { resourceVersion: String(revision) });
  if (r.form.as === 'metadata') return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
  return { kind: r.kind.kind, apiVersion: apiVersionOf(r), metadata };
}
