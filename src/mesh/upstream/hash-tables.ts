// What a consistent hash looks up: from a 64-bit number to an endpoint, such that few numbers change when endpoints do.
import type { Endpoint } from '../decision.ts';
import { weightOf } from './endpoint-weights.ts';
import { xxHash64 } from './xxhash64.ts';

export interface HashTable {
  /** The index of the endpoint for `hash`, the next one in the table's order when `usable` refuses. -1: none. */
  find(hash: bigint, usable: (index: number) => boolean): number;
}

/** A student may ask for a ring of millions: no such ring balances better. */
const LARGEST_RING = 16_384;

/** As many points for each endpoint as its weight asks, at least `minimumSize` in all (istio-hechos §2.2). */
export function ringTable(endpoints: readonly Endpoint[], minimumSize: number): HashTable {
  const weights = endpoints.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const lightest = Math.min(...weights) / total;
  const scale = Math.min(Math.ceil(lightest * minimumSize) / lightest, LARGEST_RING);
  const points: { hash: bigint; index: number }[] = [];
  let target = 0;
  endpoints.forEach(({ address, port }, index) => {
    target += (scale * (weights[index] ?? 1)) / total;
    for (let i = 0; points.length < target; i++) points.push({ hash: xxHash64(`${address}:${port}_${i}`), index });
  });
  points.sort((a, b) => (a.hash < b.hash ? -1 : Number(a.hash > b.hash)));
  const hashes = BigUint64Array.from(points, (point) => point.hash);
  const indexes = Uint32Array.from(points, (point) => point.index);
  return { find: (hash, usable) => walk(indexes, firstNotBelow(hashes, hash), usable) };
}

/** Each endpoint takes the free entries of its own permutation of the table, in turns. */
export function maglevTable(endpoints: readonly Endpoint[], size: number): HashTable {
  const table = new Int32Array(size).fill(-1);
  const heaviest = Math.max(...endpoints.map(weightOf));
  const big = BigInt(size);
  const takers = endpoints.map((endpoint, index) => {
    const key = `${endpoint.address}:${endpoint.port}`;
    const offset = Number(xxHash64(key) % big);
    const skip = Number(xxHash64(key, 1n) % (big - 1n)) + 1;
    return { index, at: offset, skip, weight: weightOf(endpoint) / heaviest, turns: 0 };
  });
  let left = size;
  for (let turn = 1; left > 0; turn++) {
    for (const taker of takers) {
      if (left === 0) break;
      if (turn * taker.weight < taker.turns + 1) continue;
      taker.turns += 1;
      while (table[taker.at] !== -1) taker.at = (taker.at + taker.skip) % size;
      table[taker.at] = taker.index;
      left -= 1;
    }
  }
  return { find: (hash, usable) => walk(table, Number(hash % big), usable) };
}

function walk(indexes: Uint32Array | Int32Array, start: number, usable: (index: number) => boolean): number {
  for (let step = 0; step < indexes.length; step++) {
    const index = indexes[(start + step) % indexes.length];
    if (index !== undefined && usable(index)) return index;
  }
  return -1;
}

/** The first position whose hash is not below; past the end, the first of all. */
function firstNotBelow(hashes: BigUint64Array, wanted: bigint): number {
  let low = 0;
  let high = hashes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((hashes[middle] ?? 0n) < wanted) low = middle + 1;
    else high = middle;
  }
  return low === hashes.length ? 0 : low;
}
