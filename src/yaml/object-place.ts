// The line of a student's file where an object of the cluster, or a path in it, is written.
import { LineCounter, parseAllDocuments } from 'yaml';
import { offsetOf } from './path-lines.ts';

export interface YamlFile {
  /** As it is shown. */
  path: string;
  text: string;
}

export interface ObjectPath {
  kind: string;
  namespace?: string;
  name: string;
  path?: string;
}

export interface YamlPlace {
  file: string;
  /** From 1. */
  line: number;
}

/**
 * Undefined when no file has the object. A file that says no namespace may mean any. When several have it, the one
 * given last counts: give them in the order in which they were written. Files that are not YAML are passed over.
 */
export function placeOf(object: ObjectPath, files: readonly YamlFile[]): YamlPlace | undefined {
  for (const { path, text } of files.toReversed()) {
    const line = lineIn(text, object);
    if (line !== undefined) return { file: path, line };
  }
  return undefined;
}

function lineIn(text: string, { kind, namespace, name, path }: ObjectPath): number | undefined {
  if (!text.includes(name)) return undefined;
  const counter = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter: counter })) {
    if ('empty' in document) continue;
    const said = (at: readonly string[]): unknown => document.getIn(at);
    if (said(['kind']) !== kind || said(['metadata', 'name']) !== name) continue;
    const where = said(['metadata', 'namespace']);
    if (where !== undefined && namespace !== undefined && where !== namespace) continue;
    const offset = (path === undefined ? undefined : offsetOf(document, path)) ?? offsetOf(document, 'metadata.name');
    return offset === undefined ? undefined : counter.linePos(offset).line;
  }
  return undefined;
}
