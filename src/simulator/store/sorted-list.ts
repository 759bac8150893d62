// The objects of one kind in the order of their keys, kept so through writes: sorting ten thousand anew for each would
// take longer than the write. In runs of some hundreds, so that one that comes between others moves few of them.
import type { KubeObject } from '../../mesh/objects.ts';

export interface SortedList {
  /** What is handed out stays as it is, whatever is written afterwards. */
  all(): KubeObject[];
  /** Those whose key begins so. */
  startingWith(prefix: string): KubeObject[];
  put(key: string, object: KubeObject): void;
  remove(key: string): void;
}

interface Run {
  keys: string[];
  objects: KubeObject[];
}

const LONGEST = 512;

export function createSortedList(table: ReadonlyMap<string, KubeObject>): SortedList {
  const runs = runsOf([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
  let whole: KubeObject[] | undefined;

  return {
    all() {
      whole ??= ([] as KubeObject[]).concat(...runs.map((run) => run.objects));
      return whole;
    },
    startingWith(prefix) {
      const found: KubeObject[] = [];
      for (let i = Math.max(0, runIndex(prefix)); i < runs.length; i++) {
        const { keys, objects } = runs[i] as Run;
        const from = firstNotBefore(keys, prefix);
        let to = from;
        while (to < keys.length && keys[to]?.startsWith(prefix)) to++;
        found.push(...(to - from < objects.length ? objects.slice(from, to) : objects));
        if (to < keys.length) break;
      }
      return found;
    },
    put(key, object) {
      whole = undefined;
      const index = Math.max(0, runIndex(key));
      const run = runs[index];
      if (!run) {
        runs.push({ keys: [key], objects: [object] });
        return;
      }
      const at = firstNotBefore(run.keys, key);
      if (run.keys[at] === key) {
        run.objects[at] = object;
        return;
      }
      run.keys.splice(at, 0, key);
      run.objects.splice(at, 0, object);
      if (run.keys.length <= LONGEST) return;
      const half = LONGEST / 2;
      runs.splice(index + 1, 0, { keys: run.keys.splice(half), objects: run.objects.splice(half) });
    },
    remove(key) {
      const index = runIndex(key);
      const run = runs[index];
      const at = run ? firstNotBefore(run.keys, key) : -1;
      if (run?.keys[at] !== key) return;
      whole = undefined;
      run.keys.splice(at, 1);
      run.objects.splice(at, 1);
      if (run.keys.length === 0) runs.splice(index, 1);
    },
  };

  /** Of the last run that begins with `key` or before it; -1 where all begin after it. */
  function runIndex(key: string): number {
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((runs[middle]?.keys[0] ?? '') <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function runsOf(entries: [string, KubeObject][]): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < entries.length; i += LONGEST / 2) {
    const part = entries.slice(i, i + LONGEST / 2);
    runs.push({ keys: part.map(([key]) => key), objects: part.map(([, object]) => object) });
  }
  return runs;
}

function firstNotBefore(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
