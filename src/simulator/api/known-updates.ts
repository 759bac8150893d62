// What an update does to managedFields, remembered by the shape of the change: ten thousand pods that start alike change
// alike.
import type { KubeObject } from '../../mesh/objects.ts';
import { recordUpdate as recordWhole } from './apply.ts';
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

/** Like recordUpdate. */
export function createKnownUpdates(): typeof recordUpdate {
  const updates = new Map<string, Known>();
  return (before, after, typed, options) => recordUpdate(before, after, typed, options, known);

  function known(before: KubeObject | undefined, after: KubeObject, typed: Typed, options: Options): Manager[] {
    const managers = (before?.metadata.managedFields ?? []) as Manager[];
    const { text, items } = shapeOfChange(before, after, typed);
    const key = `${contextOf(managers, after, options)}\n${text}`;
    let found = updates.get(key);
    if (!found) {
      found = { entries: outcomesOf(managers, recordWhole(before, after, typed, { ...options, time: NOW })), items };
      if (updates.size >= MOST_KNOWN) updates.clear();
      updates.set(key, found);
    }
    const { entries, items: learnt } = found;
    return entries.map(({ from, renewed, entry }) => {
      const { time } = (!renewed && managers[from]) || options;
      return { ...entry, time, fieldsV1: withItems(entry.fieldsV1, learnt, items) };
    });
  }
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
  { kind, apiVersion }: KubeObject,
  { manager, subresource = '' }: Options,
): string {
  const owners = managers.map((m) => `${idOf(m)} ${m.apiVersion} ${JSON.stringify(m.fieldsV1)}`);
  return [kind, apiVersion, manager, subresource, ...owners].join('\n');
}

/** Stands for the time of the update in what is remembered of it. */
const NOW = 'now';

/** The field set of a like change, with the steps that this one has. */
function withItems(fields: Fields, learnt: readonly NewItem[], wanted: readonly NewItem[]): Fields {
  let result = fields;
  // The last ones first: they are within those before them, and their paths say so with the steps that those had.
  for (let i = learnt.length - 1; i >= 0; i--) {
    const [then, now] = [learnt[i], wanted[i]];
    if (then && now && then.step !== now.step) result = renamed(result, then.path, then.step, now.step);
  }
  return result;
}

/** The same object where there is no such step. */
function renamed(fields: Fields, [first, ...path]: readonly string[], step: string, own: string): Fields {
  if (first === undefined) {
    if (!fields[step]) return fields;
    return Object.fromEntries(Object.entries(fields).map(([name, child]) => [name === step ? own : name, child]));
  }
  const child = fields[first];
  const next = child && renamed(child, path, step, own);
  return next === undefined || next === child ? fields : { ...fields, [first]: next };
}
