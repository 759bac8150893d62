// Where a path such as `spec.http[0].route[1].weight` stands in a YAML text.
import { type Document, isMap, isNode, isScalar } from 'yaml';

/**
 * Offset of the path in the text that the document was parsed from; of its nearest parent when the path itself is not
 * written. Undefined when not even its first part is there.
 */
export function offsetOf(document: Document, path: string): number | undefined {
  for (let parts = parsePath(path); parts.length > 0; parts = parts.slice(0, -1)) {
    const node = document.getIn(parts, true);
    const range = isNode(node) ? node.range : undefined;
    if (!range) continue;
    // The value of a key may begin on the next line, at its first child: the key's own line is the one to point at.
    return keyStart(document, parts) ?? range[0];
  }
  return undefined;
}

export type PathPart = string | number;

/** Keys and numbers of a path. Never throws. */
export function parsePath(path: string): PathPart[] {
  return [...path.matchAll(/\[(?:(\d+)|"([^"]*)"|([^\]]*))\]|([^.[\]]+)/g)].map(([, index, quoted, bare, name]) =>
    index === undefined ? (quoted ?? bare ?? name ?? '') : Number(index),
  );
}

function keyStart(document: Document, parts: readonly PathPart[]): number | undefined {
  const last = parts.at(-1);
  if (typeof last !== 'string') return undefined;
  const parent = parts.length === 1 ? document.contents : document.getIn(parts.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  for (const { key } of parent.items) if (isScalar(key) && key.value === last) return key.range?.[0];
  return undefined;
}
