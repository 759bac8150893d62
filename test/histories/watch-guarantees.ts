// The nine guarantees that etcd's own robustness tests hold its watches to, held against what each watcher was told.
import type { History, Stored, Watch, WatchEvent, Write } from './recorded.ts';
import type { Truth } from './truth.ts';

type Told = Exclude<WatchEvent, { type: 'BOOKMARK' }>;

/** What is broken, each with the name of its guarantee first. */
export function brokenGuarantees(history: History, truth: Truth): string[] {
  return history.watches.flatMap((watch) => [
    ...ordered(watch),
    ...unique(watch),
    ...filtered(watch),
    ...initial(watch, truth),
    ...complete(watch, truth),
    ...truthful(watch, truth),
  ]);
}

function toldOf(watch: Watch): Told[] {
  return watch.events.filter((event): event is Told => event.type !== 'BOOKMARK');
}

/** Never an older revision after a newer one; a bookmark neither. */
function ordered(watch: Watch): string[] {
  const faults: string[] = [];
  let last = watch.from;
  for (const event of watch.events) {
    const revision = event.type === 'BOOKMARK' ? event.revision : event.object.revision;
    if (revision < last) faults.push(`ordered: ${revision} came after ${last}`);
    last = Math.max(last, revision);
  }
  return faults;
}

/** No event twice, and none that came before the watch began. */
function unique(watch: Watch): string[] {
  const seen = new Set<number>();
  const faults: string[] = [];
  for (const { object } of toldOf(watch)) {
    if (seen.has(object.revision)) faults.push(`unique: ${object.revision} came twice`);
    if (object.revision <= watch.from) faults.push(`unique: ${object.revision} was known at ${watch.from}`);
    seen.add(object.revision);
  }
  return faults;
}

/** Only what was asked for. */
function filtered(watch: Watch): string[] {
  const prefix = prefixOf(watch);
  return toldOf(watch).flatMap(({ type, object }) => {
    if (!object.key.startsWith(prefix)) return [`filter: ${object.key} in a watch of ${prefix}`];
    // The last that a watcher hears of an object is as it was when it still matched.
    return watch.color !== undefined && object.color !== watch.color
      ? [`filter: ${type} ${object.key} is ${object.color} in a watch of ${watch.color}`]
      : [];
  });
}

/** The list that a watch goes on from holds all that was written until then, which is what its revision promises. */
function initial(watch: Watch, truth: Truth): string[] {
  if (!watch.known) return [];
  const expected = truth.all(prefixOf(watch), watch.from).filter((object) => matches(watch, object));
  const [a, b] = [watch.known, expected].map((list) =>
    list
      .map((o) => `${o.key}=${o.value}`)
      .sort()
      .join(),
  );
  return a === b ? [] : [`bookmarkable: the list of revision ${watch.from} is not what there was`];
}

/** Between the first revision of a watch and its last, nothing is left out; until a bookmark, nothing either. */
function complete(watch: Watch, truth: Truth): string[] {
  const marks = watch.events.flatMap((event) => (event.type === 'BOOKMARK' ? [event.revision] : []));
  const events = toldOf(watch);
  const lastTold = Math.max(watch.from, ...events.map(({ object }) => object.revision));
  const lastMark = Math.max(watch.from, ...marks);
  const told = new Set(events.map(({ object }) => object.revision));
  const firstTold = Math.min(Number.POSITIVE_INFINITY, ...told);
  return truth.writes
    .filter(({ revision }) => revision > watch.from && revision <= Math.max(lastTold, lastMark))
    .filter((write) => concerns(watch, write, truth) && !told.has(write.revision))
    .map(({ revision, key }) => {
      if (watch.resumes && revision < firstTold)
        return `resumable: ${revision} of ${key} is missing after a cut at ${watch.from}`;
      if (revision > lastTold) return `bookmarkable: ${revision} of ${key} is missing before a bookmark of ${lastMark}`;
      return `reliable: ${revision} of ${key} is missing`;
    });
}

/** Each event is the whole of one write, the one of its revision, and what happened: ADDED what was not there, MODIFIED what was, DELETED with the last that there was. */
function truthful(watch: Watch, truth: Truth): string[] {
  return toldOf(watch).flatMap(({ type, object }) => {
    const before = seen(watch, truth.at(object.key, object.revision - 1));
    const after = truth.at(object.key, object.revision);
    const written = truth.byRevision.get(object.revision);
    const same = type === 'DELETED' ? seen(watch, after) === undefined : after?.value === object.value;
    if (written?.key !== object.key || !same)
      return [`atomic: ${type} ${object.key}=${object.value} is told of ${object.revision}, which was ${written?.key}`];
    if (type === 'DELETED') {
      if (!before) return [`prevKV: ${object.key} was deleted at ${object.revision} and was not there`];
      return before.value === object.value ? [] : [`prevKV: ${object.key} was ${before.value}, not ${object.value}`];
    }
    if ((type === 'ADDED') === (before === undefined)) return [];
    return [`isCreate: ${type} of ${object.key} at ${object.revision}, which was ${before ? '' : 'not '}there`];
  });
}

function concerns(watch: Watch, { key, revision, after }: Write, truth: Truth): boolean {
  if (!key.startsWith(prefixOf(watch))) return false;
  return seen(watch, after) !== undefined || seen(watch, truth.at(key, revision - 1)) !== undefined;
}

function seen(watch: Watch, object: Stored | undefined): Stored | undefined {
  return object && matches(watch, object) ? object : undefined;
}

function matches({ color }: Watch, object: Stored): boolean {
  return color === undefined || object.color === color;
}

function prefixOf({ resource, namespace }: Watch): string {
  return namespace === undefined ? `${resource}/` : `${resource}/${namespace}/`;
}
