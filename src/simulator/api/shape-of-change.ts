// A change of an object as far as managedFields can tell: two changes of one shape change who owns what in the same way. Pure.
import type { KubeObject } from '../../mesh/objects.ts';
import { equal } from '../controllers/equal.ts';
import { childSchema, keyStep, listKeys, type Typed } from './managed-fields.ts';
import { isMap } from './patch-merge.ts';
import { resolve, type Schema } from './schemas/schema.ts';
import { OWNED_META } from './update-managers.ts';

/** A new item of a keyed list, as the one that has a pod's own address: the same change as that of another pod. */
export interface NewItem {
  /** Steps of the field set to the list: `f:status`, `f:podIPs`. */
  path: readonly string[];
  /** `k:{"ip":"10.244.0.5"}`. */
  step: string;
}

export interface Shape {
  /** Says all but the steps of the new items. */
  text: string;
  items: readonly NewItem[];
}

type Values = Record<string, unknown>;

/** What did not change is left out, down to the second level. */
export function shapeOfChange(
  before: KubeObject | undefined,
  after: KubeObject,
  { schema, definitions }: Typed,
): Shape {
  const root = resolve(schema, definitions);
  const items: NewItem[] = [];
  /** To where `of` looks now. */
  const path: string[] = [];
  /** Of the text, put together once: it is made for every write. */
  const words: (string | number)[] = [];
  for (const part in before) partOf(part);
  for (const part in after) if (!before || !Object.hasOwn(before, part)) partOf(part);
  return { text: words.join(''), items };

  function partOf(part: string): void {
    if (part === 'apiVersion' || part === 'kind') return;
    const [then, now] = [before?.[part], after[part]];
    if (before && part !== 'metadata' && equal(then, now)) return;
    const own = childSchema(root, part);
    const known = before !== undefined && Object.hasOwn(before, part);
    words.push('\n', part, now === undefined ? '-' : '');
    if (isMap(then) && isMap(now)) names(part, then, now, own);
    else if (now !== undefined) within(`f:${part}`, known, then, now, own);
  }

  function names(part: string, then: Values, now: Values, schema: Schema | undefined): void {
    const own = resolve(schema, definitions);
    if (isEmptyMap(then)) words.push('!');
    path.push(`f:${part}`);
    if (part === 'metadata') for (const name of OWNED_META) nameOf(name, then, now, own);
    else {
      for (const name in then) nameOf(name, then, now, own);
      for (const name in now) if (!Object.hasOwn(then, name)) nameOf(name, then, now, own);
    }
    path.pop();
  }

  function nameOf(name: string, then: Values, now: Values, schema: Schema | undefined): void {
    const [was, is] = [then[name], now[name]];
    if (equal(was, is)) return;
    const there = Object.hasOwn(then, name);
    word(name, is === undefined ? '-' : there ? '~' : '+');
    if (is !== undefined) within(`f:${name}`, there, was, is, childSchema(schema, name));
  }

  function within(step: string, there: boolean, before: unknown, after: unknown, schema: Schema | undefined): void {
    path.push(step);
    of(there, before, after, schema);
    path.pop();
  }

  /** `there`: it has a place in what there was before. */
  function of(there: boolean, before: unknown, after: unknown, schema: Schema | undefined): void {
    const here = resolve(schema, definitions);
    const begin = words.push('') - 1;
    let filled = false;
    if (isMap(after) && here?.['x-kubernetes-map-type'] !== 'atomic') {
      const then = isMap(before) ? before : {};
      filled = !isEmptyMap(then);
      for (const key in after) {
        const known = Object.hasOwn(then, key);
        word(key, known ? '~' : '+');
        within(`f:${key}`, known, then[key], after[key], childSchema(here, key));
      }
    } else if (Array.isArray(after)) {
      const then: unknown[] = Array.isArray(before) ? before : [];
      filled = then.length > 0;
      const keys = listKeys(here);
      if (keys) ofItems(then.filter(isMap), after.filter(isMap), here, keys);
      else if (here?.['x-kubernetes-list-type'] === 'set') words.push(JSON.stringify([then, after]));
    }
    if (words.length > begin + 1) {
      words[begin] = filled ? '{' : '!{';
      words.push('}');
    } else if (!there) words[begin] = '+';
    else words[begin] = before === after || JSON.stringify(before) === JSON.stringify(after) ? '=' : '.';
  }

  function ofItems(
    before: readonly Values[],
    after: readonly Values[],
    schema: Schema | undefined,
    keys: string[],
  ): void {
    const known = new Map(before.map((item) => [keyStep(item, keys, schema, definitions), item]));
    for (const item of after) {
      const step = keyStep(item, keys, schema, definitions);
      const was = known.get(step);
      if (was) words.push(step, '~');
      else {
        items.push({ path: [...path], step });
        words.push('#+');
      }
      within(step, was !== undefined, was, item, schema?.items);
    }
  }

  /** No name can be taken for two. */
  function word(name: string, sign: string): void {
    words.push(name.length, ':', name, sign);
  }
}

function isEmptyMap(map: object): boolean {
  for (const _key in map) return false;
  return true;
}
