// An object as its author would write it, and the line on which a path of it stands.
import { LineCounter, parseDocument, stringify } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import { offsetOf } from '../../yaml/path-lines.ts';

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
  const offset = offsetOf(parseDocument(yaml, { lineCounter: lines }), path);
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
