// A part of the hand-ins of a folder, so that several machines grade one class: which part is a matter of their sorted names
// alone. Numbered from 0, as the pods of an Indexed Job are.

export interface Shard {
  index: number;
  of: number;
}

/** More than any class needs. */
const mostShards = 1_000;

/** `0/5`; undefined for anything else. */
export function readShard(text: string): Shard | undefined {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  return index !== undefined && shard.of >= 1 && shard.of <= mostShards && shard.index < shard.of ? shard : undefined;
}

/** Of items that are sorted alike wherever it is asked. Each item is in one part. */
export function partOf<T>(sorted: readonly T[], { index, of }: Shard): T[] {
  return sorted.filter((_, i) => i % of === index);
}
