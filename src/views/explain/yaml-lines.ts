// An object as its author would write it, and the line on which a path of it stands.
import { isMap, isNode, isScalar, LineCounter, parseDocument, stringify } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';

/** Without what the server adds: status, uid, versions, managed fields. */
export function authoredYaml({ apiVersion, kind, metadata, ...rest }: KubeObject): string {
  const { name, namespace, labels, annotations } = metadata;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...own } = annotations ?? {};
  const { status: _status, ...body } = rest;
  return stringify({
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(labels && { labels }),
      ...(Object.keys(own).length > 0 && { annotations: own }),
    },
    ...body,
  });
}

/**
 * From 1, of a path such as `spec.http[0].route[1].weight`; of its nearest parent when the path itself is not written.
 * Undefined when not even its first part is there.
 */
export function lineOf(yaml: string, path: string): number | undefined {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines });
  for (let parts = partsOf(path); parts.length > 0; parts = parts.slice(0, -1)) {
    const node = document.getIn(parts, true);
    const range = isNode(node) ? node.range : undefined;
    if (!range) continue;
    // The value of a key may begin on the next line, at its first child: the key's own line is the one to point at.
    return lines.linePos(keyStart(document, parts) ?? range[0]).line;
  }
  return undefined;
}

type Part = string | number;

function partsOf(path: string): Part[] {
  return [...path.matchAll(/\[(?:(\d+)|"([^"]*)"|([^\]]*))\]|([^.[\]]+)/g)].map(([, index, quoted, bare, name]) =>
    index === undefined ? (quoted ?? bare ?? name ?? '') : Number(index),
  );
}

function keyStart(document: ReturnType<typeof parseDocument>, parts: readonly Part[]): number | undefined {
  const last = parts.at(-1);
  if (typeof last !== 'string') return undefined;
  const parent = parts.length === 1 ? document.contents : document.getIn(parts.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  for (const { key } of parent.items) if (isScalar(key) && key.value === last) return key.range?.[0];
  return undefined;
}
