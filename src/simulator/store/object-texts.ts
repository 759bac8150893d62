// Stored objects as JSON text: what is written to disk, sent to watchers, listed and answered is the same text.
import type { KubeObject } from '../../mesh/objects.ts';

export interface ObjectTexts {
  /** What is kept of it. */
  get(object: KubeObject): string | undefined;
  /** Made once until it is forgotten. Only for objects that nobody changes. */
  kept(object: KubeObject): string;
  of(object: KubeObject): string;
  forget(object: KubeObject): void;
  clear(): void;
}

/** Characters: some ten thousand pods. Beyond it texts are made each time. */
const MOST_KEPT = 96 * 1024 * 1024;

export function createObjectTexts(mostKept = MOST_KEPT): ObjectTexts {
  const texts = new Map<KubeObject, string>();
  /** Who owns its fields is half of a pod's text, and its spec a third: most writes leave most of that as it is. */
  let partTexts = new WeakMap<object, string>();
  let size = 0;
  return {
    get: (object) => texts.get(object),
    of: textOf,
    kept(object) {
      const known = texts.get(object);
      if (known !== undefined) return known;
      const text = textOf(object);
      if (size + text.length > mostKept) return text;
      texts.set(object, text);
      size += text.length;
      return text;
    },
    forget(object) {
      size -= texts.get(object)?.length ?? 0;
      texts.delete(object);
    },
    clear() {
      texts.clear();
      partTexts = new WeakMap();
      size = 0;
    },
  };

  /** In Kubernetes' own order: clients that write theirs as YAML begin with the version. */
  function textOf({ kind, apiVersion, metadata, ...rest }: KubeObject): string {
    const { managedFields, ...meta } = metadata;
    const { spec, ...others } = rest;
    const owners = managedFields ? `,"managedFields":[${(managedFields as object[]).map(partText).join(',')}]` : '';
    const head = JSON.stringify({ kind, apiVersion, metadata: meta }).slice(0, -2);
    const middle = typeof spec === 'object' && spec !== null ? `,"spec":${partText(spec)}` : '';
    const tail = JSON.stringify(middle ? others : rest).slice(1);
    return `${head}${owners}}${middle}${tail === '}' ? '' : ','}${tail}`;
  }

  function partText(part: object): string {
    const known = partTexts.get(part);
    if (known !== undefined) return known;
    const text = JSON.stringify(part);
    partTexts.set(part, text);
    return text;
  }
}
