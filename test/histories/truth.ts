// What there was at each moment, by the store's own log.
import type { Stored, Write } from './recorded.ts';

export interface Truth {
  writes: readonly Write[];
  byRevision: ReadonlyMap<number, Write>;
  /** What a key held once everything up to the revision was written. */
  at(key: string, revision: number): Stored | undefined;
  /** All keys with a beginning, at a revision, in order. */
  all(prefix: string, revision: number): Stored[];
}

export function truthOf(writes: readonly Write[]): Truth {
  const byKey = Map.groupBy(writes, (write) => write.key);
  const keys = [...byKey.keys()].sort();
  const at = (key: string, revision: number) => {
    const own = byKey.get(key) ?? [];
    let [low, high] = [0, own.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((own[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return own[low - 1]?.after;
  };
  return {
    writes,
    byRevision: new Map(writes.map((write) => [write.revision, write])),
    at,
    all: (prefix, revision) => keys.filter((key) => key.startsWith(prefix)).flatMap((key) => at(key, revision) ?? []),
  };
}
