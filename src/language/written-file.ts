// A file of the workspace: its documents, the objects in them, and what they name. A change reads again only the documents
// that changed.
import { type Document, parseDocument } from 'yaml';
import type { KubeObject } from '../mesh/objects.ts';
import { fields, items, text as textOf } from '../mesh/read.ts';
import { type Part, splitParts } from './parts.ts';
import type { PathPart } from './paths.ts';
import { isOfInterest } from './recognise.ts';
import { type Occurrence, occurrencesOf } from './symbols.ts';

export interface WrittenObject {
  apiVersion: string;
  kind: string;
  /** As written. */
  value: Readonly<Record<string, unknown>>;
  /** With its namespace; undefined while it has no name. */
  object?: KubeObject;
  /** Path of the object in its document: empty, or `items[2]` of a List. */
  at: readonly PathPart[];
  /** In the text of the part. */
  occurrences: readonly Occurrence[];
}

export interface WrittenPart extends Part {
  objects: readonly WrittenObject[];
  /** Over the limit, and so not read. */
  tooLarge: boolean;
}

export interface WrittenFile {
  uri: string;
  text: string;
  parts: readonly WrittenPart[];
}

/** Characters of one document; an object of Kubernetes has at most 1.5 MB, and Istio's are a thousandth of that. */
const LARGEST_PART = 512 * 1024;

/** Never throws. */
export function readWrittenFile(uri: string, text: string, before?: WrittenFile): WrittenFile {
  const known = new Map(before?.parts.map((part) => [part.text, part]));
  const parts = splitParts(text).map((part): WrittenPart => {
    const same = known.get(part.text);
    return same ? { ...same, offset: part.offset } : { ...part, ...readPart(part.text) };
  });
  return { uri, text, parts };
}

/** Undefined when the parser itself breaks, and for nesting that would take it far too long. */
export function parsePart(text: string): Document.Parsed | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    return parseDocument(text, { merge: true, keepSourceTokens: false, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

const DEEPEST = 200;

/** Brackets, or dashes on one line, inside each other. Those in texts count too: nobody writes so many. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return /^[ \t]*(?:[-?][ \t]+){100}/m.test(text);
}

function readPart(text: string): Pick<WrittenPart, 'objects' | 'tooLarge'> {
  if (text.length > LARGEST_PART) return { objects: [], tooLarge: true };
  if (!isOfInterest(text)) return { objects: [], tooLarge: false };
  const document = parsePart(text);
  const value = document && plainOf(document);
  return { objects: value ? objectsOf(document, value, []) : [], tooLarge: false };
}

function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function objectsOf(document: Document, given: unknown, at: readonly PathPart[]): WrittenObject[] {
  const value = fields(given);
  const [apiVersion, kind] = [textOf(value.apiVersion), textOf(value.kind)];
  if (apiVersion === undefined || kind === undefined) return [];
  if (kind === 'List' && at.length === 0)
    return items(value.items).flatMap((item, index) => objectsOf(document, item, ['items', index]));
  const object = namedObject(value, apiVersion, kind);
  const occurrences = object ? occurrencesOf(document, object, at) : [];
  return [{ apiVersion, kind, value, at, occurrences, ...(object && { object }) }];
}

const clusterWide = new Set(['Namespace', 'Node', 'GatewayClass', 'ClusterRole', 'ClusterRoleBinding']);

function namedObject(
  value: Readonly<Record<string, unknown>>,
  apiVersion: string,
  kind: string,
): KubeObject | undefined {
  const metadata = fields(value.metadata);
  const name = textOf(metadata.name);
  if (!name) return undefined;
  const namespace = clusterWide.has(kind) ? undefined : textOf(metadata.namespace) || 'default';
  return { ...value, apiVersion, kind, metadata: { ...metadata, name, ...(namespace && { namespace }) } };
}
