// Stored objects as JSON text: what is written to disk, sent to watchers, listed and answered is the same text.
import type { KubeObject } from '../../mesh/objects.ts';
import { createKeptBytes } from './kept-bytes.ts';

export interface ObjectTexts {
  of(object: KubeObject): string;
  /** Made once until it is released: for what many are about to read. Only of objects that nobody changes. */
  held(object: KubeObject): string;
  /** The same as UTF-8, for what is read again and again. */
  bytes(object: KubeObject): Uint8Array;
  /** Those, when they are kept already. */
  bytesAtHand(object: KubeObject): Uint8Array | undefined;
  /** What was held before the last release is kept as bytes: by now, much of it has been forgotten. */
  release(): void;
  /** All that is kept of it. */
  forget(object: KubeObject): void;
  clear(): void;
}

/** Bytes: twice ten thousand pods, or once with what they were before. */
const MOST_KEPT = 96 * 1024 * 1024;

/** Parts of objects whose texts are kept: those of a thousand pods, which is how many begin at a time. */
const PARTS = 4_000;

export function createObjectTexts(): ObjectTexts {
  let texts = new Map<KubeObject, string>();
  let olderTexts = texts;
  const kept = createKeptBytes(MOST_KEPT);
  const decoder = new TextDecoder();
  /** Who owns its fields is half of a pod's text, and its spec a third: most writes leave most of that as it is. */
  let parts = new Map<object, string>();
  /** The ones before: what is still used goes over to the newer ones. */
  let olderParts = parts;
  return {
    of(object) {
      const known = heldText(object);
      if (known !== undefined) return known;
      const bytes = kept.get(object);
      return bytes ? decoder.decode(bytes) : textOf(object, partText);
    },
    held(object) {
      const known = heldText(object);
      if (known !== undefined) return known;
      const text = textOf(object, keptPartText);
      texts.set(object, text);
      return text;
    },
    bytesAtHand: kept.get,
    bytes: (object) => kept.get(object) ?? kept.keep(object, heldText(object) ?? textOf(object, partText)),
    release() {
      for (const [object, text] of olderTexts) if (!kept.get(object)) kept.keep(object, text);
      olderTexts = texts;
      texts = new Map();
    },
    forget(object) {
      texts.delete(object);
      olderTexts.delete(object);
      kept.forget(object);
    },
    clear() {
      texts = olderTexts = new Map();
      kept.clear();
      parts = olderParts = new Map();
    },
  };

  function heldText(object: KubeObject): string | undefined {
    return texts.get(object) ?? olderTexts.get(object);
  }

  /** In Kubernetes' own order: clients that write theirs as YAML begin with the version. */
  function textOf({ kind, apiVersion, metadata, ...rest }: KubeObject, part: (part: object) => string): string {
    const { managedFields, ...meta } = metadata;
    const { spec, ...others } = rest;
    const hasSpec = typeof spec === 'object' && spec !== null;
    const pieces = [JSON.stringify({ kind, apiVersion, metadata: meta }).slice(0, -2)];
    if (managedFields) pieces.push(',"managedFields":[', (managedFields as object[]).map(part).join(','), ']');
    pieces.push('}');
    if (hasSpec) pieces.push(',"spec":', part(spec));
    const tail = JSON.stringify(hasSpec ? others : rest);
    if (tail !== '{}') pieces.push(',');
    pieces.push(tail.slice(1));
    // Whoever reads a sum of texts makes another of it first.
    return pieces.join('');
  }

  function partText(part: object): string {
    return parts.get(part) ?? olderParts.get(part) ?? JSON.stringify(part);
  }

  /** Of what is written: most of it will be again. What is only read would fill the memory. */
  function keptPartText(part: object): string {
    const known = parts.get(part);
    if (known !== undefined) return known;
    const text = partText(part);
    if (parts.size >= PARTS) {
      olderParts = parts;
      parts = new Map();
    }
    parts.set(part, text);
    return text;
  }
}
