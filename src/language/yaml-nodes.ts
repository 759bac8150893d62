// Nodes of a parsed document by path, with the span of their text.
import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { PathPart } from './paths.ts';
import type { Span } from './text.ts';

export interface Found {
  /** Of the key, when the last part is one. */
  key?: Span;
  /** Of the value without the line break after it; missing when nothing is written there. */
  value?: Span;
  node?: Node;
  /** False: the path is not written, and this is its nearest parent that is. */
  exact: boolean;
}

/** Undefined when not even the first part is written. */
export function findPath(document: Document, path: readonly PathPart[]): Found | undefined {
  let node: unknown = document.contents;
  let found: Found | undefined = isNode(node) ? spans(undefined, node) : undefined;
  for (const part of path) {
    const target = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(target) ? target.items.find((p) => keyText(p) === String(part)) : undefined;
    const next = pair ? pair.value : isSeq(target) && typeof part === 'number' ? target.items[part] : undefined;
    if (!pair && next === undefined) return found && { ...found, exact: false };
    found = spans(pair, isNode(next) ? next : undefined);
    node = next;
  }
  return found;
}

/** The span to underline: the value on its own line, else the key. */
export function spanOf({ key, value, node }: Found): Span {
  if (node && isScalar(node) && value && value[1] > value[0]) return value;
  return key ?? value ?? [0, 0];
}

export function keyText(pair: Pair<unknown, unknown>): string | undefined {
  if (!isScalar(pair.key)) return undefined;
  // The key of a merge is a symbol.
  return typeof pair.key.value === 'symbol' ? '<<' : String(pair.key.value);
}

/** Each path of the document with its node, from the outside in. Aliases are not followed. */
export function* walk(node: unknown, path: readonly PathPart[] = []): Generator<{ path: PathPart[]; found: Found }> {
  if (path.length > DEEPEST) return;
  if (isMap(node))
    for (const pair of node.items) {
      const key = isPair(pair) ? keyText(pair) : undefined;
      if (key === undefined) continue;
      const value = isNode(pair.value) ? pair.value : undefined;
      const own = [...path, key];
      yield { path: own, found: spans(pair, value) };
      yield* walk(value, own);
    }
  else if (isSeq(node))
    for (const [index, item] of node.items.entries()) {
      const own = [...path, index];
      yield { path: own, found: spans(undefined, isNode(item) ? item : undefined) };
      yield* walk(item, own);
    }
}

/** No object of Kubernetes is nearly as deep. */
const DEEPEST = 64;

function spans(pair: Pair<unknown, unknown> | undefined, node: Node | undefined): Found {
  const key = pair && isScalar(pair.key) ? pair.key.range : undefined;
  return {
    exact: true,
    ...(key && { key: [key[0], key[1]] as const }),
    ...(node?.range && { value: [node.range[0], node.range[1]] as const }),
    ...(node && { node }),
  };
}
