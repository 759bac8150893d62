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

/** `most`: bytes; then all begin anew, since what is forgotten leaves its place only with the whole slab. */
export function createKeptBytes(most: number): KeptBytes {
  const kept = new Map<KubeObject, Uint8Array>();
  const encoder = new TextEncoder();
  let slab = new Uint8Array(0);
  let used = 0;
  let held = 0;
  return {
    get: (object) => kept.get(object),
    keep(object, text) {
      const bytes = write(text);
      kept.set(object, bytes);
      return bytes;
    },
    forget: (object) => void kept.delete(object),
    clear,
  };

  function write(text: string): Uint8Array {
    const needed = Buffer.byteLength(text);
    if (used + needed > slab.length) begin(Math.max(SLAB, needed));
    const { written } = encoder.encodeInto(text, slab.subarray(used));
    used += written;
    return slab.subarray(used - written, used);
  }

  function begin(size: number): void {
    if (held + size > most) clear();
    slab = Buffer.allocUnsafeSlow(size);
    used = 0;
    held += size;
  }

  function clear(): void {
    kept.clear();
    slab = new Uint8Array(0);
    used = 0;
    held = 0;
  }
}
