// What the field, or the name, under the cursor means.
import { meaningOf } from './meanings.ts';
import { partAt } from './parts.ts';
import { type PathPart, printPath } from './paths.ts';
import { t } from './say.ts';
import { type Schema, schemaAt } from './schema/schema.ts';
import { objectSchema } from './schema/schema-book.ts';
import { indexLines, type Position, type Range, type Span } from './text.ts';
import { boundsText, shapeText } from './type-text.ts';
import type { Workspace } from './workspace.ts';
import { parsePart } from './written-file.ts';
import { walk } from './yaml-nodes.ts';

export interface Hover {
  /** Markdown. Nothing in it comes from the file unescaped. */
  markdown: string;
  range: Range;
}

export function hoverAt(workspace: Workspace, uri: string, position: Position): Hover | undefined {
  const file = workspace.file(uri);
  if (!file) return undefined;
  const lines = indexLines(file.text);
  const offset = lines.offsetAt(position);
  const part = partAt(file.parts, offset);
  const object = part?.objects[0];
  const own = object && workspace.schemas.find(object.apiVersion, object.kind);
  if (!part || part.tooLarge || !object || !own) return undefined;
  const document = parsePart(part.text);
  const inner = offset - part.offset;
  let best: { path: PathPart[]; span: Span } | undefined;
  for (const { path, found } of walk(document?.contents)) {
    const span = [found.key, found.value].find((s) => s && s[0] <= inner && inner <= s[1]);
    // The deepest comes last.
    if (span && (found.key === span || !(found.node && 'items' in found.node))) best = { path, span };
  }
  if (!best) return undefined;
  const path = best.path.slice(object.at.length);
  const schema = schemaAt(objectSchema(own), path);
  const meaning = meaningOf(object.kind, path);
  if (!schema && !meaning) return undefined;
  const [start, end] = best.span;
  return {
    markdown: textOf(object.kind, path, schema, meaning),
    range: lines.rangeOf([start + part.offset, end + part.offset]),
  };
}

function textOf(
  kind: string,
  path: readonly PathPart[],
  schema: Schema | undefined,
  meaning: string | undefined,
): string {
  const title = `**${kind}** \`${printPath(path).replaceAll('`', '')}\``;
  const facts = schema ? [factsOf(schema)] : [];
  return [title, ...(meaning ? [meaning] : []), ...facts].join('\n\n');
}

function factsOf(schema: Schema): string {
  const values =
    schema.enum && schema.enum.length > 4
      ? `\n\n${t('Valores: {0}', schema.enum.map((v) => `\`${v}\``).join(', '))}`
      : '';
  const pattern = schema.pattern
    ? `\n\n${t('Ha de encajar con {0}.', `\`${schema.pattern.replaceAll('`', '')}\``)}`
    : '';
  const count = [
    ...(schema.minItems === undefined ? [] : [t('al menos {0}', schema.minItems)]),
    ...(schema.maxItems === undefined ? [] : [t('como mucho {0}', schema.maxItems)]),
  ];
  return `*${shapeText(schema)}*${count.length > 0 ? ` (${count.join(', ')})` : ''}${schema.enum ? boundsText({}) : ''}${values}${pattern}`;
}
