// Texts of objects as they go over the wire, outside of V8's heap and of what it counts: those of ten thousand pods are 44 MB,
// for which it would collect beside the very lists that they are kept for.
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
const ROOM = 1.5;
const LITTLE = 4 * SLAB;
/** So many of the oldest are looked at whenever another begins. */
const TIDIED = 2;

/** `most`: bytes. When they do not suffice, the oldest go. */
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
      // Of a text that fits, as nearly all do, the bytes are counted while they are written.
      const last = slabs.at(-1);
      if (last && hasRoom(text.length)) {
        const { read, written } = encoder.encodeInto(text, last.subarray(used));
        if (read === text.length) return take(object, last, written);
      }
      const slab = placeFor(Buffer.byteLength(text), true);
      const { written } = encoder.encodeInto(text, slab.subarray(used));
      return take(object, slab, written);
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

  function take(object: KubeObject, slab: Uint8Array, length: number): Uint8Array {
    forget(object);
    const bytes = slab.subarray(used, used + length);
    kept.set(object, bytes);
    used += length;
    living += length;
    return bytes;
  }

  function placeFor(length: number, tidies: boolean): Uint8Array {
    if (!hasRoom(length) && tidies) tidy();
    const last = slabs.at(-1);
    if (last && hasRoom(length)) return last;
    // Not shared with anybody: what V8 collects for is what it takes for its own.
    const slab = new Uint8Array(new SharedArrayBuffer(Math.max(SLAB, length)));
    slabs.push(slab);
    used = 0;
    held += slab.length;
    while (held > most && slabs.length > 1) leaveOldest(false);
    return slab;
  }

  function hasRoom(length: number): boolean {
    return used + length <= (slabs.at(-1)?.length ?? 0);
  }

  function tidy(): void {
    for (let i = 0; i < TIDIED && slabs.length > 1 && held > Math.max(LITTLE, living * ROOM); i++) leaveOldest(true);
  }

  /** `moves`: what is still wanted of it gets another place. */
  function leaveOldest(moves: boolean): void {
    const oldest = slabs.shift();
    if (!oldest) return;
    held -= oldest.length;
    for (const [object, bytes] of kept) {
      if (bytes.buffer !== oldest.buffer) return;
      if (!moves) forget(object);
      else {
        const slab = placeFor(bytes.length, false);
        slab.set(bytes, used);
        take(object, slab, bytes.length);
      }
    }
  }
}
