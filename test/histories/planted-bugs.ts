// Stores that do one thing wrong, each a bug that a store like ours could have: what the checks of histories must find.
import type { KubeObject } from '../../src/mesh/objects.ts';
import type { Store, StoredEvent } from '../../src/simulator/store/store.ts';
import { altered, type Bug, RESOURCES } from './world.ts';

/** How often a bug shows: once in so many chances. */
const RARELY = 25;

interface Planted {
  /** How the fault is named by who finds it. */
  found: string;
  /** How often the process dies, where that is when it shows. */
  crashes?: number;
  bug(random: () => number): Bug;
}

export const plantedBugs: Readonly<Record<string, Planted>> = {
  'events overtake each other': {
    found: 'ordered',
    bug: (random) => ({
      over: (store) =>
        telling(store, () => {
          let held: StoredEvent | undefined;
          return (event, tell) => {
            const before = held;
            held = undefined;
            if (before) {
              tell({ ...event, revision: before.revision });
              tell({ ...before, revision: event.revision });
            } else if (rarely(random)) held = event;
            else tell(event);
          };
        }),
    }),
  },
  'an event is told twice': {
    found: 'unique',
    bug: (random) => ({
      over: (store) =>
        telling(store, () => (event, tell) => {
          tell(event);
          if (rarely(random)) tell({ ...event, revision: event.revision + 0.5 });
        }),
    }),
  },
  'an event is half of one write and half of another': {
    found: 'atomic',
    bug: (random) => ({
      over: (store) =>
        telling(store, () => (event, tell) => {
          const mixed = event.type === 'MODIFIED' && event.previous && rarely(random);
          tell(mixed ? { ...event, object: withValueOf(event.object, event.previous) } : event);
        }),
    }),
  },
  'an event is forgotten': {
    found: 'reliable',
    bug: (random) => ({
      over: (store) =>
        telling(store, () => (event, tell) => {
          if (!rarely(random)) tell(event);
        }),
    }),
  },
  'a list lags behind the revision that it tells': {
    found: 'bookmarkable',
    bug: (random) => ({
      over(store) {
        const old = new Map<string, KubeObject[]>();
        return altered(store, {
          list(resource, namespace) {
            const id = `${resource}/${namespace ?? ''}`;
            const now = store.list(resource, namespace);
            const shown = RESOURCES.includes(resource) && rarely(random) ? (old.get(id) ?? now) : now;
            old.set(id, now);
            return shown;
          },
        });
      },
    }),
  },
  'a watch that resumes misses the first event': {
    found: 'resumable',
    bug: () => ({ over: (store) => altered(store, { since: (revision) => store.since(revision).slice(1) }) }),
  },
  'a deletion tells an older state of the object': {
    found: 'prevKV',
    bug: () => ({
      over: (store) =>
        telling(
          store,
          () => (event, tell) =>
            tell(event.type === 'DELETED' ? { ...event, object: withValueOf(event.object, undefined) } : event),
        ),
    }),
  },
  'a change is told as something new': {
    found: 'isCreate',
    bug: (random) => ({
      over: (store) =>
        telling(store, () => (event, tell) => {
          tell(event.type === 'MODIFIED' && rarely(random) ? { ...event, type: 'ADDED' } : event);
        }),
    }),
  },
  'events of one kind reach the watchers of another': {
    found: 'filter',
    bug: (random) => ({
      over: (store) =>
        telling(store, () => (event, tell) => {
          tell(event.resource === 'secrets' && rarely(random) ? { ...event, resource: 'configmaps' } : event);
        }),
    }),
  },
  'a read gives what was there before': {
    found: 'nothing there was explains',
    bug: (random) => ({
      over(store) {
        const before = new Map<string, KubeObject>();
        return altered(store, {
          put(resource, object) {
            const { namespace, name } = object.metadata;
            const old = store.get(resource, namespace, name);
            if (old) before.set(`${resource}/${namespace}/${name}`, old);
            return store.put(resource, object);
          },
          get(resource, namespace, name) {
            const old = before.get(`${resource}/${namespace}/${name}`);
            const now = store.get(resource, namespace, name);
            return now && old && RESOURCES.includes(resource) && rarely(random) ? old : now;
          },
        });
      },
    }),
  },
  'a read tells of a write that is not on disk yet': {
    found: 'nothing there was explains',
    crashes: 12,
    bug: () => ({
      over: (store) =>
        altered(store, {
          get durableRevision() {
            return store.revision;
          },
        }),
    }),
  },
  'a write is acknowledged before it is on disk': {
    found: 'lost',
    bug: () => ({ over: (store) => altered(store, { durable: () => Promise.resolve() }) }),
  },
};

function rarely(random: () => number): boolean {
  return random() * RARELY < 1;
}

/** Only what histories write about is touched. */
function telling(
  store: Store,
  relayFor: () => (event: StoredEvent, tell: (event: StoredEvent) => void) => void,
): Store {
  return altered(store, {
    onEvent(listener, resource) {
      const relay = relayFor();
      const hear = (event: StoredEvent) =>
        RESOURCES.includes(event.resource) ? relay(event, listener) : listener(event);
      return store.onEvent(hear, resource);
    },
  });
}

function withValueOf(object: KubeObject, other: KubeObject | undefined): KubeObject {
  const annotations = { value: other?.metadata.annotations?.value ?? 'antes' };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
