// What may be written at the cursor: fields, values, names that exist, and whole objects.
import { text, texts } from '../mesh/read.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { type KnownNames, namesFor } from './known-names.ts';
import { meaningOf } from './meanings.ts';
import { partAt } from './parts.ts';
import { labelsAt, roleOf } from './roles.ts';
import { t } from './say.ts';
import { type Schema, schemaAt } from './schema/schema.ts';
import { objectSchema } from './schema/schema-book.ts';
import { skeleton } from './skeletons.ts';
import { valueAt } from './symbols.ts';
import { indexLines, type Position, type Range } from './text.ts';
import { shapeText } from './type-text.ts';
import type { Workspace } from './workspace.ts';

export interface Completion {
  label: string;
  kind: 'field' | 'value' | 'name' | 'object';
  /** With `$1` and `$0` where the cursor goes when `snippet`. */
  insert: string;
  snippet: boolean;
  range: Range;
  detail?: string;
  documentation?: string;
  /** Among others of its kind. */
  order?: string;
}

type Draft = Omit<Completion, 'range'>;

/** Never throws; empty where there is nothing to say. */
export function completeAt(workspace: Workspace, uri: string, position: Position): Completion[] {
  const file = workspace.file(uri);
  if (!file) return [];
  const lines = indexLines(file.text);
  const offset = lines.offsetAt(position);
  const part = partAt(file.parts, offset);
  // A document that is still empty is no part yet.
  const start = part ? lines.positionAt(part.offset).line : position.line;
  const own = (part ? part.text : lines.line(position.line)).split('\n').map((line) => line.replace(/\r$/, ''));
  const cursor = cursorAt(own, position.line - start, position.character);
  if (!cursor) return [];
  const rest = lines.line(position.line).slice(position.character);
  const word = /^[\w.*/-]*/.exec(rest)?.[0] ?? '';
  const range: Range = {
    start: { line: position.line, character: cursor.from },
    end: { line: position.line, character: position.character + word.length },
  };
  const written = part?.objects[0]?.value;
  const context: Context = { workspace, uri, cursor, ...headOf(own), ...(written && { written }) };
  const hasColon = rest.startsWith(':', word.length);
  return draftsFor(context).map((draft) => ({ ...(hasColon ? nameOnly(draft) : draft), range }));
}

interface Context {
  workspace: Workspace;
  uri: string;
  cursor: Cursor;
  apiVersion: string;
  kind: string;
  namespace: string;
  lines: readonly string[];
  /** The object, as far as the parser can read it. */
  written?: Readonly<Record<string, unknown>>;
}

/** Where the key has its colon already. */
function nameOnly(draft: Draft): Draft {
  return draft.kind === 'field' ? { ...draft, insert: draft.label, snippet: false } : draft;
}

/** By the words of the text, because the document may not parse. */
function headOf(lines: string[]): Pick<Context, 'apiVersion' | 'kind' | 'namespace' | 'lines'> {
  return {
    apiVersion: firstWord(lines, /^apiVersion:\s+([^#]*)/) ?? '',
    kind: firstWord(lines, /^kind:\s+([^#]*)/) ?? '',
    namespace: firstWord(lines, /^ {1,8}namespace:\s+([^#]*)/) || 'default',
    lines,
  };
}

function draftsFor(context: Context): Draft[] {
  const { cursor, workspace, kind, apiVersion } = context;
  const { path, place } = cursor;
  if (place === 'value' && path.length === 1 && path[0] === 'apiVersion')
    return workspace.schemas.apiVersions.map((version) => value(version));
  if (place === 'value' && path.length === 1 && path[0] === 'kind') return kindsFor(context);
  const own = workspace.schemas.find(apiVersion, kind);
  if (!own) return place === 'key' && path.length === 0 ? beginnings(context) : [];
  const schema = schemaAt(objectSchema(own), path);
  if (place !== 'value' && !isScalarItem(place, schema)) return keysFor(context, schema);
  return [...names(context), ...valuesOf(schema)];
}

/** An item that is a plain value: of a list of texts or numbers. */
function isScalarItem(place: Cursor['place'], schema: Schema | undefined): boolean {
  return place === 'item' && schema !== undefined && !schema.properties && !schema.additionalProperties;
}

function kindsFor({ workspace, apiVersion }: Context): Draft[] {
  const group = apiVersion.split('/')[0];
  return workspace.schemas.kinds
    .filter((kind) => apiVersion === '' || kind.group === group)
    .map((kind) => value(kind.kind, kind.group));
}

const rootKeys = new Set(['apiVersion', 'kind', 'metadata', 'spec']);

/** For a document that says nothing yet: whole objects. */
function beginnings({ workspace, cursor, apiVersion, kind }: Context): Draft[] {
  // Of other programs' files nothing is known.
  if ([...cursor.siblings.keys()].some((key) => !rootKeys.has(key))) return [];
  if (apiVersion !== '' || kind !== '')
    return fieldDrafts(cursor, objectSchema({ group: '', kind: '', versions: [], spec: {} }), '', []);
  return workspace.schemas.kinds.flatMap((own): Draft[] => {
    const body = skeleton(own);
    if (body === undefined) return [];
    const detail = `${own.group}/${own.versions[0] ?? 'v1'}`;
    return [{ label: `${own.kind} (${own.group.split('.')[0]})`, kind: 'object', insert: body, snippet: true, detail }];
  });
}

function keysFor(context: Context, schema: Schema | undefined): Draft[] {
  const { cursor, kind } = context;
  if (labelsAt(kind, cursor.path)) return labelKeys(context);
  if (!schema) return [];
  return fieldDrafts(cursor, schema, kind, cursor.path);
}

function fieldDrafts(cursor: Cursor, schema: Schema, kind: string, path: Cursor['path']): Draft[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !cursor.siblings.has(name) && !(path.length === 0 && name === 'status'))
    .map(([name, child]): Draft => {
      const meaning = meaningOf(kind, [...path, name]);
      return {
        label: name,
        kind: 'field',
        ...fieldText(name, child, cursor),
        detail: required.has(name) ? t('{0}, obligatorio', shapeText(child)) : shapeText(child),
        ...(meaning && { documentation: meaning }),
        order: required.has(name) ? '0' : '1',
      };
    });
}

function fieldText(name: string, schema: Schema, { flow, column, indent }: Cursor): Pick<Draft, 'insert' | 'snippet'> {
  if (flow) return { insert: `${name}: `, snippet: false };
  // The editor adds the line's own indentation to each line of a snippet: after a dash the key stands further in.
  const inside = ' '.repeat(column - indent + 2);
  if (schema.type === 'array') return { insert: `${name}:\n${inside}- $0`, snippet: true };
  if (schema.properties || schema.additionalProperties) return { insert: `${name}:\n${inside}$0`, snippet: true };
  return { insert: `${name}: `, snippet: false };
}

function valuesOf(schema: Schema | undefined): Draft[] {
  if (!schema) return [];
  if (schema.enum) return schema.enum.map((word) => value(word));
  return schema.type === 'boolean' ? [value('true'), value('false')] : [];
}

function value(label: string, detail?: string): Draft {
  return { label, kind: 'value', insert: label, snippet: false, ...(detail && { detail }) };
}

const name = (label: string, detail?: string): Draft => ({
  label,
  kind: 'name',
  insert: label === '*' ? '"*"' : label,
  snippet: false,
  ...(detail && { detail }),
});

function names(context: Context): Draft[] {
  const { workspace, uri, kind, cursor, namespace } = context;
  const labelsPath = cursor.path.slice(0, -1);
  const role = roleOf(kind, cursor.path);
  if (!role && !labelsAt(kind, labelsPath)) return [];
  const known = namesFor(workspace, uri);
  const host = cursor.siblings.get('host') ?? outerHost(context);
  if (!role) return labelValues(context, known, host);
  const port = ({ number, name: said }: { number: number; name: string }) => name(String(number), said);
  switch (role) {
    case 'host':
      return known.hosts(namespace).map((found) => name(found.name, found.detail));
    case 'service':
      return known.services(namespace).map((found) => name(found));
    case 'subset':
      if (kind === 'DestinationRule') return [];
      return host === undefined
        ? []
        : known.subsets(host, namespace).map((found) => name(found, t('subset de {0}', host)));
    case 'port':
      return host === undefined ? [] : known.ports(host, namespace).map(port);
    case 'gateway-port':
      return gatewaysOf(context)
        .flatMap((gateway) => known.gatewayPorts(gateway, namespace))
        .map(port);
    case 'gateway':
      return known.gateways(namespace).map((found) => name(found));
    case 'route':
      return known.routes(namespace).map((found) => name(found));
    case 'namespace':
      return [...known.namespaces(), ...(cursor.path.at(0) === 'spec' ? ['.', '*'] : [])].map((found) => name(found));
    default:
      return [];
  }
}

function labelKeys(context: Context): Draft[] {
  const { workspace, uri, cursor, namespace } = context;
  const known = namesFor(workspace, uri);
  return [...known.labels(namespace, outerHost(context)).keys()]
    .filter((key) => !cursor.siblings.has(key))
    .map((key) => ({ ...name(key), insert: `${key}: ` }));
}

function labelValues({ namespace, cursor }: Context, known: KnownNames, host: string | undefined): Draft[] {
  const key = String(cursor.path.at(-1) ?? '');
  return [...(known.labels(namespace, host).get(key) ?? [])].map((found) =>
    name(/^[\d.]+$|^(?:true|false|null|yes|no|on|off)$/i.test(found) ? `"${found}"` : found),
  );
}

/** The host of a DestinationRule; of a destination around its port. */
function outerHost({ kind, lines, written, cursor }: Context): string | undefined {
  if (kind === 'DestinationRule') return firstWord(lines, /^ {1,8}host:\s+["']?([^\s"'#]+)/);
  const at = cursor.path.findLastIndex((part) => part === 'destination' || part === 'mirror');
  return at === -1 ? undefined : text(valueAt(written, [...cursor.path.slice(0, at + 1), 'host']));
}

function gatewaysOf({ written }: Context): string[] {
  return texts(valueAt(written, ['spec', 'gateways']));
}

function firstWord(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found.trim().replace(/^["']|["']$/g, '');
  }
  return undefined;
}
