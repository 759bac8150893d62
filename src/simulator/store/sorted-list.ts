// The objects of one kind in the order of their keys, kept so through writes: sorting ten thousand anew for each would
// take longer than the write.
import type { KubeObject } from '../../mesh/objects.ts';

export interface SortedList {
  /** What is handed out stays as it is, whatever is written afterwards. */
  all(): KubeObject[];
  /** Those whose key begins so. */
  startingWith(prefix: string): KubeObject[];
  put(key: string, object: KubeObject): void;
  remove(key: string): void;
}

export function createSortedList(table: ReadonlyMap<string, KubeObject>): SortedList {
  const entries = [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  const keys = entries.map(([key]) => key);
  let objects = entries.map(([, object]) => object);
  let handedOut = false;

  return {
    all() {
      handedOut = true;
      return objects;
    },
    startingWith(prefix) {
      const from = firstNotBefore(prefix);
      let to = from;
      while (to < keys.length && keys[to]?.startsWith(prefix)) to++;
      return objects.slice(from, to);
    },
    put(key, object) {
      const at = firstNotBefore(key);
      own();
      if (keys[at] === key) {
        objects[at] = object;
        return;
      }
      keys.splice(at, 0, key);
      objects.splice(at, 0, object);
    },
    remove(key) {
      const at = firstNotBefore(key);
      if (keys[at] !== key) return;
      own();
      keys.splice(at, 1);
      objects.splice(at, 1);
    },
  };

  /** Somebody may still walk through the list that was handed out. */
  function own(): void {
    if (handedOut) objects = objects.slice();
    handedOut = false;
  }

  function firstNotBefore(key: string): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
