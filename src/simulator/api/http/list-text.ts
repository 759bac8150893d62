// Long lists as text: most of their objects are as they were when they were last listed, and are not written out again.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Clock } from '../../contract.ts';

/** Below this many objects it is not worth the memory. */
const LONG = 500;
/** How long texts are kept after they were last used. Milliseconds. */
const KEPT = 10_000;

export interface ListTexts {
  /** The items of a list as a JSON array; undefined for a short one. `form` tells apart how an object may be written. */
  items(form: string, objects: readonly KubeObject[], written: (object: KubeObject) => unknown): string | undefined;
}

export function createListTexts(clock: Clock): ListTexts {
  let texts = new Map<string, WeakMap<KubeObject, string>>();
  let cancel = (): void => {};
  return {
    items(form, objects, written) {
      if (objects.length < LONG) return undefined;
      cancel();
      cancel = clock.after(KEPT, () => {
        texts = new Map();
      });
      const known = texts.get(form) ?? new WeakMap<KubeObject, string>();
      texts.set(form, known);
      const all = objects.map((object) => {
        const before = known.get(object);
        if (before !== undefined) return before;
        const text = JSON.stringify(written(object));
        known.set(object, text);
        return text;
      });
      return `[${all.join(',')}]`;
    },
  };
}
