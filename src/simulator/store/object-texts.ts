// Stored objects as JSON text: what is written to disk, sent to watchers, listed and answered is the same text.
import type { KubeObject } from '../../mesh/objects.ts';

export interface ObjectTexts {
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
  /** Half of a pod's text is who owns its fields: most writes leave most of that as it is. */
  let ownerTexts = new WeakMap<object, string>();
  let size = 0;
  return {
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
      ownerTexts = new WeakMap();
      size = 0;
    },
  };

  /** In Kubernetes' own order: clients that write theirs as YAML begin with the version. */
  function textOf({ kind, apiVersion, metadata, ...rest }: KubeObject): string {
    const { managedFields, ...meta } = metadata;
    const owners = managedFields ? `,"managedFields":[${(managedFields as object[]).map(ownerText).join(',')}]` : '';
    const head = JSON.stringify({ kind, apiVersion, metadata: meta });
    const tail = JSON.stringify(rest).slice(1);
    return `${head.slice(0, -2)}${owners}}${tail === '}' ? '' : ','}${tail}`;
  }

  function ownerText(manager: object): string {
    const known = ownerTexts.get(manager);
    if (known !== undefined) return known;
    const text = JSON.stringify(manager);
    ownerTexts.set(manager, text);
    return text;
  }
}
