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
  let text = '';
  for (const part of new Set([...Object.keys(before ?? {}), ...Object.keys(after)])) {
    if (part === 'apiVersion' || part === 'kind') continue;
    const [then, now] = [before?.[part], after[part]];
    if (before && part !== 'metadata' && equal(then, now)) continue;
    const own = childSchema(root, part);
    const known = before !== undefined && Object.hasOwn(before, part);
    text += `\n${part}${now === undefined ? '-' : ''}`;
    if (isMap(then) && isMap(now)) text += ofPart(part, then, now, own);
    else if (now !== undefined) text += within(`f:${part}`, known, then, now, own);
  }
  return { text, items };

  function ofPart(
    part: string,
    then: Record<string, unknown>,
    now: Record<string, unknown>,
    schema: Schema | undefined,
  ): string {
    const own = resolve(schema, definitions);
    const names = part === 'metadata' ? OWNED_META : new Set([...Object.keys(then), ...Object.keys(now)]);
    let text = isEmptyMap(then) ? '!' : '';
    path.push(`f:${part}`);
    for (const name of names) {
      const [was, is] = [then[name], now[name]];
      if (equal(was, is)) continue;
      const there = Object.hasOwn(then, name);
      const inner = is === undefined ? '' : within(`f:${name}`, there, was, is, childSchema(own, name));
      text += `${word(name)}${is === undefined ? '-' : there ? '~' : '+'}${inner}`;
    }
    path.pop();
    return text;
  }

  function within(step: string, there: boolean, before: unknown, after: unknown, schema: Schema | undefined): string {
    path.push(step);
    const text = of(there, before, after, schema);
    path.pop();
    return text;
  }

  /** `there`: it has a place in what there was before. */
  function of(there: boolean, before: unknown, after: unknown, schema: Schema | undefined): string {
    const here = resolve(schema, definitions);
    let text = '';
    let filled = false;
    if (isMap(after) && here?.['x-kubernetes-map-type'] !== 'atomic') {
      const then = isMap(before) ? before : {};
      filled = !isEmptyMap(then);
      for (const key of Object.keys(after)) {
        const known = Object.hasOwn(then, key);
        const inner = within(`f:${key}`, known, then[key], after[key], childSchema(here, key));
        text += `${word(key)}${known ? '~' : '+'}${inner}`;
      }
    } else if (Array.isArray(after)) {
      const then: unknown[] = Array.isArray(before) ? before : [];
      filled = then.length > 0;
      const keys = listKeys(here);
      if (keys) text = ofItems(then.filter(isMap), after.filter(isMap), here, keys);
      else if (here?.['x-kubernetes-list-type'] === 'set') text = JSON.stringify([then, after]);
    }
    if (text !== '') return `${filled ? '{' : '!{'}${text}}`;
    if (!there) return '+';
    return before === after || JSON.stringify(before) === JSON.stringify(after) ? '=' : '.';
  }

  function ofItems(
    before: readonly Record<string, unknown>[],
    after: readonly Record<string, unknown>[],
    schema: Schema | undefined,
    keys: string[],
  ): string {
    const known = new Map(before.map((item) => [keyStep(item, keys, schema, definitions), item]));
    let text = '';
    for (const item of after) {
      const step = keyStep(item, keys, schema, definitions);
      const was = known.get(step);
      if (!was) items.push({ path: [...path], step });
      text += `${was ? `${step}~` : '#+'}${within(step, was !== undefined, was, item, schema?.items)}`;
    }
    return text;
  }
}

/** No name can be taken for two. */
function word(name: string): string {
  return `${name.length}:${name}`;
}

function isEmptyMap(map: object): boolean {
  for (const _key in map) return false;
  return true;
}
