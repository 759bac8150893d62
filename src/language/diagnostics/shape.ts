// What the API server would refuse: fields that do not exist, values of another type, and what is missing.

import { RE2JS } from 're2js';
import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar } from 'yaml';
import { nearest } from '../nearest.ts';
import { type PathPart, printPath } from '../paths.ts';
import { t } from '../say.ts';
import { ownProperty, type Schema } from '../schema/schema.ts';
import type { Span } from '../text.ts';
import { wordOf } from '../type-text.ts';
import { keyText } from '../yaml-nodes.ts';
import type { Fix, Problem } from './problem.ts';
import type { WrittenDocument } from './written-document.ts';

/** `at` is the path of the object in its document. Never throws. */
export function shapeProblems(written: WrittenDocument, at: readonly PathPart[], schema: Schema): Problem[] {
  const problems: Problem[] = [];
  const root = at.length === 0 ? written.document.contents : written.document.getIn(at, true);
  check({ written, problems }, root, schema, [], undefined);
  return problems;
}

interface Walk {
  written: WrittenDocument;
  problems: Problem[];
}

function check(walk: Walk, given: unknown, schema: Schema, path: PathPart[], key: Span | undefined): void {
  if (path.length > 64) return;
  const node = isAlias(given) ? given.resolve(walk.written.document) : given;
  if (isScalar(node)) {
    // Nothing written, or null: the API drops the field.
    if (node.value !== null) checkScalar(walk, node, schema, path);
    return;
  }
  if (!isMap(node) && !isSeq(node)) return;
  const type = isMap(node) ? 'object' : 'array';
  const span = key ?? spanOfNode(node);
  if (schema.type && schema.type !== type && !schema.intOrString) {
    add(
      walk,
      span,
      'MALLA-YML-03',
      type === 'array'
        ? t('{0} ha de ser {1}, y aquí hay una lista.', said(path), wordOf(schema.type))
        : t('{0} ha de ser {1}, y aquí hay un objeto.', said(path), wordOf(schema.type)),
    );
    return;
  }
  if (isSeq(node)) {
    if (schema.minItems !== undefined && node.items.length < schema.minItems)
      add(walk, span, 'MALLA-YML-04', t('{0} ha de tener al menos {1}.', said(path), schema.minItems));
    if (schema.maxItems !== undefined && node.items.length > schema.maxItems)
      add(walk, span, 'MALLA-YML-04', t('{0} ha de tener como mucho {1}.', said(path), schema.maxItems));
    if (schema.items)
      for (const [i, item] of node.items.entries()) check(walk, item, schema.items, [...path, i], undefined);
  } else checkMap(walk, node.items, schema, path, span);
}

function checkMap(
  walk: Walk,
  pairs: readonly Pair<unknown, unknown>[],
  schema: Schema,
  path: PathPart[],
  span: Span,
): void {
  const keys = new Set(pairs.flatMap((pair) => keyText(pair) ?? []));
  const merges = keys.has('<<');
  const known = Object.keys(schema.properties ?? {});
  const open = schema.open || schema.additionalProperties !== undefined || !schema.properties;
  for (const pair of pairs) {
    const name = keyText(pair);
    if (name === undefined || name === '<<') continue;
    const child = ownProperty(schema, name) ?? schema.additionalProperties;
    const key = isScalar(pair.key) && pair.key.range ? ([pair.key.range[0], pair.key.range[1]] as const) : span;
    if (child) check(walk, pair.value, child, [...path, name], key);
    else if (!open) unknownField(walk, { name, key, pair, path, candidates: known.filter((k) => !keys.has(k)) });
  }
  for (const name of merges ? [] : (schema.required ?? []))
    if (!keys.has(name))
      add(
        walk,
        span,
        'MALLA-YML-05',
        t('Falta «{0}» en {1}: es obligatorio.', name, path.length === 0 ? t('el objeto') : said(path)),
      );
}

function unknownField(
  walk: Walk,
  {
    name,
    key,
    pair,
    path,
    candidates,
  }: { name: string; key: Span; pair: Pair<unknown, unknown>; path: PathPart[]; candidates: string[] },
): void {
  const { written } = walk;
  const meant = nearest(name, candidates);
  const instead = meant ? ` ${t('¿Querías «{0}»?', meant)}` : '';
  const end = isNodeWithRange(pair.value) ? pair.value.range[2] : key[1];
  const start = written.part.text.lastIndexOf('\n', key[0]) + 1;
  const alone = written.part.text.slice(start, key[0]).trim() === '';
  const fixes: Fix[] = [
    ...(meant
      ? [{ title: t('Cambiar por «{0}»', meant), edits: [written.edit(key, meant)], preferred: true as const }]
      : []),
    ...(alone && end > key[0]
      ? [{ title: t('Quitar «{0}»', name), edits: [written.edit([start, lineAfter(written.part.text, end)], '')] }]
      : []),
  ];
  add(walk, key, 'MALLA-YML-02', `${t('{0} no tiene ningún campo «{1}».', said(path), name)}${instead}`, fixes);
}

function checkScalar(walk: Walk, node: Scalar, schema: Schema, path: PathPart[]): void {
  const { value } = node;
  const span = spanOfNode(node);
  const plain = node.type === 'PLAIN';
  const text = walk.written.part.text.slice(span[0], span[1]);
  const found = typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
  const fits = fitsType(schema, found);
  if (!fits) {
    const fixes =
      schema.type === 'string' && plain
        ? [quoteFix(walk.written, span, text)]
        : unquoteFix(walk.written, span, node, schema);
    add(
      walk,
      span,
      'MALLA-YML-03',
      t('{0} ha de ser {1}, y «{2}» es {3}.', said(path), wordOf(schema.type), text.slice(0, 60), wordOf(found)),
      fixes,
    );
    return;
  }
  if (schema.type === 'string' && plain && /^(?:y|n|yes|no|on|off)$/i.test(text)) {
    const read = /^(?:y|yes|on)$/i.test(text) ? 'true' : 'false';
    const message = t('kubectl lee «{0}» como {1}, y aquí va un texto: ponlo entre comillas.', text, read);
    add(walk, span, 'MALLA-YML-03', message, [quoteFix(walk.written, span, text)]);
    return;
  }
  if (schema.enum && !schema.enum.includes(String(value))) {
    const meant =
      nearest(String(value), schema.enum) ?? schema.enum.find((e) => e.toLowerCase() === String(value).toLowerCase());
    const fixes = (meant ? [meant] : schema.enum.slice(0, 5)).map(
      (word, i): Fix => ({
        title: t('Cambiar por «{0}»', word),
        edits: [walk.written.edit(span, word)],
        ...(i === 0 && meant ? { preferred: true as const } : {}),
      }),
    );
    add(
      walk,
      span,
      'MALLA-YML-04',
      t('{0} no puede ser «{1}»: ha de ser {2}.', said(path), String(value).slice(0, 60), schema.enum.join(', ')),
      fixes,
    );
    return;
  }
  const trouble = boundsTrouble(said(path), value, schema);
  if (trouble) add(walk, span, 'MALLA-YML-04', trouble);
}

function fitsType(schema: Schema, found: string): boolean {
  if (schema.intOrString) return found === 'integer' || found === 'string';
  if (!schema.type || schema.type === found) return true;
  return schema.type === 'number' && found === 'integer';
}

function boundsTrouble(
  what: string,
  value: unknown,
  { minimum, maximum, minLength, maxLength, pattern }: Schema,
): string | undefined {
  if (typeof value === 'number') {
    if (minimum !== undefined && value < minimum) return t('{0} ha de ser {1} o más.', what, minimum);
    if (maximum !== undefined && value > maximum) return t('{0} ha de ser {1} o menos.', what, maximum);
  }
  if (typeof value !== 'string') return undefined;
  if (minLength !== undefined && value.length < minLength)
    return minLength === 1
      ? t('{0} no puede estar vacío.', what)
      : t('{0} ha de tener al menos {1} letras.', what, minLength);
  if (maxLength !== undefined && value.length > maxLength)
    return t('{0} ha de tener como mucho {1} letras.', what, maxLength);
  return pattern !== undefined && !matches(value, pattern)
    ? t('{0} no tiene la forma que debe: {1}.', what, pattern)
    : undefined;
}

/** As the API server compares them; a pattern that does not compile refuses nothing. */
function matches(value: string, pattern: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(value).find();
  } catch {
    return true;
  }
}

function quoteFix(written: WrittenDocument, span: Span, text: string): Fix {
  return { title: t('Poner entre comillas'), edits: [written.edit(span, JSON.stringify(text))], preferred: true };
}

function unquoteFix(written: WrittenDocument, span: Span, node: Scalar, { type }: Schema): Fix[] {
  const { value } = node;
  if (typeof value !== 'string' || node.type === 'PLAIN') return [];
  const fits = type === 'boolean' ? /^(?:true|false)$/.test(value) : /^-?\d+$/.test(value);
  return fits ? [{ title: t('Quitar las comillas'), edits: [written.edit(span, value)], preferred: true }] : [];
}

function add({ written, problems }: Walk, span: Span, code: string, message: string, fixes: Fix[] = []): void {
  problems.push({ range: written.range(span), severity: 'error', code, message, fixes });
}

function said(path: readonly PathPart[]): string {
  return path.length === 0 ? t('El objeto') : t('«{0}»', printPath(path));
}

function spanOfNode(node: { range?: readonly number[] | null | undefined }): Span {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
}

function isNodeWithRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && Array.isArray((node as { range?: unknown }).range);
}

function lineAfter(text: string, offset: number): number {
  if (text.charAt(offset - 1) === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}
