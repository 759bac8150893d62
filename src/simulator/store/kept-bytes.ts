// Texts of objects as they go over the wire, outside of V8's heap: ten thousand pods in it are 44 MB that the collector marks
// beside the answers of the very lists they are kept for.
import type { KubeObject } from '../../mesh/objects.ts';

export interface KeptBytes {
  get(object: KubeObject): Uint8Array | undefined;
  /** As UTF-8. Never written to again: who holds them may go on reading once they are forgotten. */
  keep(object: KubeObject, text: string): Uint8Array;
  forget(object: KubeObject): void;
  clear(): void;
}

/** Bytes that are asked of the system at once. */
const SLAB = 1024 * 1024;
/** What is forgotten leaves its place only with its slab: so much room there is for each byte that is not, and at least. */
const ROOM = 3;
const LITTLE = 4 * SLAB;

/** `most`: bytes. When they do not suffice, the oldest slab goes with all that is in it. */
export function createKeptBytes(most: number): KeptBytes {
  /** In the order of their places. */
  const kept = new Map<KubeObject, Uint8Array>();
  const encoder = new TextEncoder();
  let slabs: Uint8Array[] = [];
  let used = 0;
  let held = 0;
  let living = 0;
  return {
    get: (object) => kept.get(object),
    keep(object, text) {
      forget(object);
      const bytes = write(text);
      kept.set(object, bytes);
      living += bytes.length;
      return bytes;
    },
    forget,
    clear() {
      kept.clear();
      slabs = [];
      used = held = living = 0;
    },
  };

  function forget(object: KubeObject): void {
    const bytes = kept.get(object);
    if (!bytes) return;
    living -= bytes.length;
    kept.delete(object);
  }

  function write(text: string): Uint8Array {
    const needed = Buffer.byteLength(text);
    let slab = slabs.at(-1);
    if (!slab || used + needed > slab.length) slab = begin(Math.max(SLAB, needed));
    const { written } = encoder.encodeInto(text, slab.subarray(used));
    used += written;
    return slab.subarray(used - written, used);
  }

  function begin(size: number): Uint8Array {
    while (slabs.length > 0 && held + size > Math.min(most, Math.max(LITTLE, living * ROOM))) dropOldest();
    const slab = Buffer.allocUnsafeSlow(size);
    slabs.push(slab);
    used = 0;
    held += size;
    return slab;
  }

  function dropOldest(): void {
    const oldest = slabs.shift();
    if (!oldest) return;
    held -= oldest.length;
    for (const [object, bytes] of kept) {
      if (bytes.buffer !== oldest.buffer) return;
      forget(object);
    }
  }
}
