// What an update does to managedFields, remembered by the shape of the change: ten thousand pods that start alike change
// alike.
import type { KubeObject } from '../../mesh/objects.ts';
import { recordUpdate as recordWhole, sorted } from './apply.ts';
import type { Fields, Manager, Typed } from './managed-fields.ts';
import { type NewItem, shapeOfChange } from './shape-of-change.ts';
import { idOf, type Options, recordUpdate } from './update-managers.ts';

interface Known {
  entries: readonly Outcome[];
  /** Of the change that it was learnt from. */
  items: readonly NewItem[];
}

/** An entry of the result. `from`: which of the entries before it was; -1: none. */
interface Outcome {
  from: number;
  renewed: boolean;
  entry: Manager;
}

const MOST_KNOWN = 1_000;

/** Like recordUpdate. Objects that are changed alike share their field sets, which nobody may change. */
export function createKnownUpdates(): typeof recordUpdate {
  const updates = createUpdates();
  const partial = createUpdates();
  const shared = createSharedFields();
  return (before, after, typed, options) => {
    const managers = managersOf(before);
    const sets = managers.map((m) => shared.idOf(m.fieldsV1));
    // Of what was read from disk, or has steps of its own, the parts that change are looked up.
    if (sets.includes(undefined)) return recordUpdate(before, after, typed, options, changedParts);
    const shape = shapeOfChange(before, after, typed);
    const key = contextOf(managers, sets.map(String), after, options);
    const known = updates.find(`${key}\n${shape.text}`, managers, () => {
      const recorded = recordUpdate(before, after, typed, { ...options, time: NOW });
      const entries = recorded.map((m) => ({ ...m, fieldsV1: shared.of(m.fieldsV1) }));
      return { entries, items: shape.items };
    });
    return sorted(resultOf(known, managers, shape.items, options.time));
  };

  function changedParts(before: KubeObject | undefined, after: KubeObject, typed: Typed, options: Options): Manager[] {
    const managers = managersOf(before);
    const { text, items } = shapeOfChange(before, after, typed);
    const sets = managers.map((m) => JSON.stringify(m.fieldsV1));
    const known = partial.find(`${contextOf(managers, sets, after, options)}\n${text}`, managers, () => ({
      entries: recordWhole(before, after, typed, { ...options, time: NOW }),
      items,
    }));
    return resultOf(known, managers, items, options.time);
  }
}

function managersOf(object: KubeObject | undefined): Manager[] {
  return (object?.metadata.managedFields ?? []) as Manager[];
}

function createUpdates() {
  const updates = new Map<string, Known>();
  return {
    /** `record`: at the time NOW, if it is not known yet. */
    find(key: string, managers: readonly Manager[], record: () => { entries: Manager[]; items: readonly NewItem[] }) {
      let found = updates.get(key);
      if (!found) {
        const { entries, items } = record();
        found = { entries: outcomesOf(managers, entries), items };
        if (updates.size >= MOST_KNOWN) updates.clear();
        updates.set(key, found);
      }
      return found;
    },
  };
}

/** One object for all field sets that say the same, so that they are told from others by a number. */
function createSharedFields() {
  const ids = new WeakMap<Fields, number>();
  const byText = new Map<string, Fields>();
  let last = 0;
  return {
    idOf: (fields: Fields) => ids.get(fields),
    of(fields: Fields): Fields {
      if (ids.has(fields)) return fields;
      const text = JSON.stringify(fields);
      const known = byText.get(text);
      if (known) return known;
      if (byText.size >= MOST_KNOWN) byText.clear();
      byText.set(text, fields);
      ids.set(fields, ++last);
      return fields;
    },
  };
}

function resultOf(
  { entries, items: learnt }: Known,
  managers: readonly Manager[],
  items: readonly NewItem[],
  now: string,
): Manager[] {
  return entries.map(({ from, renewed, entry }) => {
    const before = managers[from];
    const fieldsV1 = withItems(entry.fieldsV1, learnt, items);
    if (before && !renewed && before.fieldsV1 === fieldsV1) return before;
    return { ...entry, time: (!renewed && before?.time) || now, fieldsV1 };
  });
}

function outcomesOf(managers: readonly Manager[], recorded: readonly Manager[]): Outcome[] {
  return recorded.map((entry) => ({
    from: managers.findIndex((m) => idOf(m) === idOf(entry)),
    renewed: entry.time === NOW,
    entry,
  }));
}

/** All that a change depends on but the change itself. */
function contextOf(
  managers: readonly Manager[],
  sets: readonly string[],
  { kind, apiVersion }: KubeObject,
  { manager, subresource = '' }: Options,
): string {
  const owners = managers.map((m, i) => `${idOf(m)} ${m.apiVersion} ${sets[i]}`);
  return [kind, apiVersion, manager, subresource, ...owners].join('\n');
}

/** Stands for the time of the update in what is remembered of it. */
const NOW = 'now';

/** The field set of a like change, with the steps that this one has. */
function withItems(fields: Fields, learnt: readonly NewItem[], wanted: readonly NewItem[]): Fields {
  const lists = new Map<string, { path: readonly string[]; steps: Map<string, string> }>();
  learnt.forEach(({ path, step }, i) => {
    const own = wanted[i]?.step ?? step;
    if (own === step) return;
    const key = path.join('\n');
    const list = lists.get(key) ?? { path, steps: new Map() };
    lists.set(key, list);
    list.steps.set(step, own);
  });
  // The inner ones first: the paths to them say the steps that were learnt.
  const inner = [...lists.values()].sort((a, b) => b.path.length - a.path.length);
  return inner.reduce((result, { path, steps }) => renamed(result, path, steps), fields);
}

/** All at once, since one may get the name that another had. The same object where there are no such steps. */
function renamed(fields: Fields, [first, ...path]: readonly string[], steps: ReadonlyMap<string, string>): Fields {
  if (first === undefined) {
    const known = Object.entries(fields);
    if (!known.some(([name]) => steps.has(name))) return fields;
    return Object.fromEntries(known.map(([name, child]) => [steps.get(name) ?? name, child]));
  }
  const child = fields[first];
  const next = child && renamed(child, path, steps);
  return next === undefined || next === child ? fields : { ...fields, [first]: next };
}
