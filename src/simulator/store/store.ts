// The cluster's state: every object in memory for reading, every write in SQLite before it is acknowledged.
//
// Writes of one turn of the event loop go into one transaction (group commit). A write is visible to reads at once;
// watchers hear of it, in order, after SQLite has it, so that nobody acts on a write that a crash could undo.
import { DatabaseSync } from 'node:sqlite';
import type { KubeObject } from '../../mesh/objects.ts';
import type { RegistryEvent, ResourceId } from '../contract.ts';
import { createCheckpoints } from './checkpoints.ts';
import { createObjectTexts } from './object-texts.ts';
import { createSortedList, type SortedList } from './sorted-list.ts';
import { newerFormat, notKept, openingError } from './store-error.ts';

export interface StoredEvent extends RegistryEvent {
  revision: number;
}

export interface Store {
  /** Of the last write. */
  readonly revision: number;
  /** Of the last write that a crash cannot undo. */
  readonly durableRevision: number;
  /** Watches from a revision older than this one get 410 Gone: their events are no longer kept. */
  readonly oldestRevision: number;
  get(resource: ResourceId, namespace: string | undefined, name: string): KubeObject | undefined;
  list(resource: ResourceId, namespace?: string): KubeObject[];
  /** JSON of an object, kind, apiVersion and metadata first. Made once for all that hear of its write. */
  textOf(object: KubeObject): string;
  /** The same as UTF-8. Made once for all lists, as long as the object is the stored one. */
  bytesOf(resource: ResourceId, object: KubeObject): Uint8Array;
  /** The same, when they need not be made. */
  bytesAtHand(object: KubeObject): Uint8Array | undefined;
  /** Creates or replaces; sets metadata.resourceVersion on the object, which becomes the stored one. */
  put(resource: ResourceId, object: KubeObject): KubeObject;
  remove(resource: ResourceId, object: KubeObject): void;
  /** Events after `revision`, durable ones only. */
  since(revision: number): StoredEvent[];
  /** `resource`: only those of that one. In the order in which listeners came. */
  onEvent(listener: (event: StoredEvent) => void, resource?: ResourceId): () => void;
  durable(): Promise<void>;
  /** Nobody has done anything for a while: most of what is kept for watchers that come back can go. */
  rest(): void;
  /** What has been is on disk and forgotten: nobody can have seen any of it. */
  compact(): void;
  /** What was read at that revision is forgotten: another one begins, as a real cluster's compaction takes one. */
  advance(past: number): void;
  close(): void;
}

interface Listener {
  hear: (event: StoredEvent) => void;
  resource: ResourceId | undefined;
}

/** How many events are remembered: enough for a client that was away for a moment; a longer absence lists anew. */
const KEPT_EVENTS = 4_000;

/** The same once nothing happens any more. Old versions of objects are most of what a cluster at rest would hold. */
const KEPT_AT_REST = 200;

/** Milliseconds that a file may still be held by who had it open. */
const STILL_CLOSING = 2_000;

/** Raise when an older Malla could not read what this one writes. */
const format = 1;

/**
 * `volatile`: nothing is written to the file: who began from it does not go on with it. Throws StoreError (MALLA-EST-…) for a file that is damaged, cannot be written or is of a newer Malla.
 */
export function openStore(
  path: string,
  { kept: keptEvents = KEPT_EVENTS, volatile = false }: { kept?: number; volatile?: boolean } = {},
): Store {
  const { database, revision: stored, tables } = readStore(path);
  const upsert = database.prepare(
    'INSERT INTO objects VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );
  const erase = database.prepare('DELETE FROM objects WHERE resource = ? AND key = ?');
  const setRevision = database.prepare(
    "INSERT INTO meta VALUES ('revision', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  let revision = stored;
  let durableRevision = stored;
  const sorted = new Map<ResourceId, SortedList>();
  const texts = createObjectTexts();
  const checkpoints = createCheckpoints(database, path);
  const history: StoredEvent[] = [];
  let oldest = revision;
  /** Another list for each that comes or goes: a change is told to those who were there. */
  let listeners: readonly Listener[] = [];
  /** Of each resource those that want to hear of it: most are for one, and there are a hundred. */
  const wanting = new Map<ResourceId, readonly Listener[]>();
  let pending: StoredEvent[] = [];
  let flush: Promise<void> | undefined;
  let closed = false;

  return {
    get revision() {
      return revision;
    },
    get durableRevision() {
      return durableRevision;
    },
    get oldestRevision() {
      return oldest;
    },
    get: (resource, namespace, name) => tables.get(resource)?.get(keyOf(namespace, name)),
    list(resource, namespace) {
      let list = sorted.get(resource);
      if (!list) {
        const table = tables.get(resource);
        if (!table) return [];
        list = createSortedList(table);
        sorted.set(resource, list);
      }
      return namespace === undefined ? list.all() : list.startingWith(keyOf(namespace, ''));
    },
    // Of what is about to be written, the text of the answer is that of the disk.
    textOf: (object) => (pending.at(-1)?.object === object ? texts.held(object) : texts.of(object)),
    bytesOf(resource, object) {
      // What nobody will replace would never be forgotten: an object as it was.
      return isStored(resource, object) ? texts.bytes(object) : Buffer.from(texts.of(object));
    },
    bytesAtHand: texts.bytesAtHand,
    put(resource, object) {
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const table = tableOf(resource);
      const previous = table.get(key);
      object.metadata.resourceVersion = String(++revision);
      table.set(key, object);
      sorted.get(resource)?.put(key, object);
      schedule(
        previous
          ? { type: 'MODIFIED', resource, object, revision, previous }
          : { type: 'ADDED', resource, object, revision },
      );
      return object;
    },
    remove(resource, object) {
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const previous = tableOf(resource).get(key);
      if (!previous) return;
      tableOf(resource).delete(key);
      sorted.get(resource)?.remove(key);
      const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(++revision) } };
      schedule({ type: 'DELETED', resource, object: last, previous, revision });
    },
    since: (after) => history.filter((event) => event.revision > after),
    onEvent(hear, resource) {
      const listener = { hear, resource };
      listeners = [...listeners, listener];
      wanting.clear();
      return () => {
        listeners = listeners.filter((other) => other !== listener);
        wanting.clear();
      };
    },
    durable: () => flush ?? Promise.resolve(),
    rest() {
      forgetAllBut(KEPT_AT_REST);
      texts.clear();
      checkpoints.rest();
      database.exec('PRAGMA shrink_memory');
    },
    compact() {
      commit();
      forgetAllBut(0);
    },
    advance(past) {
      // A token that somebody made up may name any.
      if (revision !== past) return;
      revision += 1;
      if (!volatile) setRevision.run(revision);
      if (pending.length === 0) durableRevision = revision;
    },
    close() {
      commit();
      checkpoints.stop();
      closed = true;
      database.close();
    },
  };

  function isStored(resource: ResourceId, object: KubeObject): boolean {
    const { namespace, name } = object.metadata;
    return tables.get(resource)?.get(keyOf(namespace, name)) === object;
  }

  function tableOf(resource: ResourceId): Map<string, KubeObject> {
    let table = tables.get(resource);
    if (!table) {
      table = new Map();
      tables.set(resource, table);
    }
    return table;
  }

  function schedule(event: StoredEvent): void {
    // A program that stops a moment later than its store: nobody waits for it.
    if (closed) return;
    pending.push(event);
    flush ??= new Promise((resolve, reject) => {
      const write = (): void => {
        flush = undefined;
        try {
          commit();
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      setImmediate(() => checkpoints.whenFree(write));
    });
  }

  function commit(): void {
    const events = pending;
    if (events.length === 0) return;
    pending = [];
    for (const { previous } of events) if (previous) texts.forget(previous);
    // Who wrote what was written the last time has had its answer by now.
    texts.release();
    try {
      if (!volatile) write(events);
    } catch (error) {
      // Kept for the next try: nothing was acknowledged, and a disk that is full now may not be later.
      pending = [...events, ...pending];
      if (database.isTransaction) database.exec('ROLLBACK');
      throw notKept(path, error);
    }
    durableRevision = events.at(-1)?.revision ?? durableRevision;
    history.push(...events);
    if (history.length > keptEvents * 1.25) forgetAllBut(keptEvents);
    for (const event of events) for (const { hear } of listenersOf(event.resource)) tell(hear, event);
  }

  function listenersOf(wanted: ResourceId): readonly Listener[] {
    let known = wanting.get(wanted);
    if (!known) {
      known = listeners.filter(({ resource }) => resource === undefined || resource === wanted);
      wanting.set(wanted, known);
    }
    return known;
  }

  function forgetAllBut(kept: number): void {
    if (history.length > kept) oldest = history.splice(0, history.length - kept).at(-1)?.revision ?? oldest;
  }

  function write(events: StoredEvent[]): void {
    database.exec('BEGIN');
    // The last write of each object is enough on disk; watchers still hear of all.
    const written = new Set<string>();
    let size = 0;
    for (const event of events.toReversed()) {
      const key = keyOf(event.object.metadata.namespace, event.object.metadata.name);
      const id = `${event.resource}\0${key}`;
      if (written.has(id)) continue;
      written.add(id);
      const text = event.type === 'DELETED' ? undefined : texts.held(event.object);
      if (text === undefined) erase.run(event.resource, key);
      else upsert.run(event.resource, key, text);
      size += text?.length ?? 0;
    }
    setRevision.run(revision);
    database.exec('COMMIT');
    checkpoints.written(size);
  }
}

/** One watcher that fails must not keep the others from hearing. */
function tell(hear: (event: StoredEvent) => void, event: StoredEvent): void {
  try {
    hear(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function readStore(path: string) {
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(path);
    const tables = new Map<ResourceId, Map<string, KubeObject>>();
    for (const row of database.prepare('SELECT resource, key, body FROM objects').iterate()) {
      const resource = String(row.resource);
      let table = tables.get(resource);
      if (!table) {
        table = new Map();
        tables.set(resource, table);
      }
      table.set(String(row.key), JSON.parse(String(row.body)) as KubeObject);
    }
    const revision = Number(database.prepare("SELECT value FROM meta WHERE key = 'revision'").get()?.value ?? 0);
    return { database, revision, tables };
  } catch (error) {
    database?.close();
    throw openingError(path, error);
  }
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: STILL_CLOSING });
  // NORMAL: a write outlives this process however it ends, without a wait for the disk, which takes an old laptop's 20 ms. A
  // power cut may undo the last moments, of clients on this machine that it ends, too.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const found = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (found > format) throw newerFormat(path, found);
  if (found < format) database.exec(`PRAGMA user_version = ${format}`);
  database.exec('CREATE TABLE IF NOT EXISTS objects (resource TEXT, key TEXT, body TEXT, PRIMARY KEY (resource, key))');
  database.exec('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value)');
  // A write that is taken back, so that a file that only lets itself be read is known now.
  database.exec("BEGIN; REPLACE INTO meta VALUES ('writable', 1); ROLLBACK");
  return database;
}

/** `\0` sorts before any character of a name, so that keys sort by namespace and then by name. */
function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}\0${name}`;
}
