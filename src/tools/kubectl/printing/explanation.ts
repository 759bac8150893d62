// What `kubectl explain` writes: a type's fields, read from an OpenAPI v3 document of the server.

export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  'x-kubernetes-group-version-kind'?: GroupVersionKind[];
}

export interface Document {
  components?: { schemas?: Record<string, Schema> };
}

interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

/** All after the lines that say which kind it is; undefined when the fields lead nowhere. */
export function explainText(
  document: Document,
  { group, version, kind }: GroupVersionKind,
  fields: readonly string[],
  recursive: boolean,
): string | undefined {
  const root = Object.values(document.components?.schemas ?? {}).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind,
    ),
  );
  const text = root && explained({ document, recursive }, root, fields, new Set());
  return text === undefined ? undefined : `${text}\n`;
}

interface Context {
  document: Document;
  recursive: boolean;
}

/** `seen` holds the references on the way, so that a type that contains itself comes to an end. */
function explained(
  context: Context,
  schema: Schema,
  fields: readonly string[],
  seen: ReadonlySet<string>,
): string | undefined {
  const resolved = resolve(context, schema);
  const [first, ...rest] = fields;
  if (first === undefined) {
    const about = wrap(76, description(context, schema, new Set()) || '<empty>');
    const list = fieldList(context, schema, 1, new Set());
    return `DESCRIPTION:\n${indent(4, about)}\n${list === '' ? '' : `FIELDS:\n${list}`}`;
  }
  if (schema.$ref !== undefined && seen.has(schema.$ref)) return undefined;
  const further = schema.$ref === undefined ? seen : new Set([...seen, schema.$ref]);
  const property = resolved.properties?.[first];
  if (property) {
    const inner = explained(context, property, rest, new Set());
    if (inner === undefined || rest.length > 0) return inner;
    return `FIELD: ${first} <${typeOf(context, property)}>\n${longEnum(property)}\n\n${inner}`;
  }
  const within = resolved.items ?? valuesOf(resolved);
  if (within) return explained(context, within, fields, further);
  for (const part of resolved.allOf ?? []) {
    const text = explained(context, part, fields, further);
    if (text !== undefined) return text;
  }
  return undefined;
}

function fieldList(context: Context, schema: Schema, level: number, seen: ReadonlySet<string>): string {
  if (schema.$ref !== undefined && seen.has(schema.$ref)) return '';
  const further = schema.$ref === undefined ? seen : new Set([...seen, schema.$ref]);
  const { properties = {}, required = [], allOf = [], items, ...rest } = resolve(context, schema);
  const own = Object.keys(properties)
    .toSorted()
    .map((name) => {
      const property = properties[name] ?? {};
      const below = context.recursive ? fieldList(context, property, level + 1, further) : '';
      return fieldText(context, name, property, { required: required.includes(name), level }) + below;
    });
  const values = valuesOf(rest);
  const others = [...allOf, ...(items ? [items] : []), ...(values ? [values] : [])];
  return [...own, ...others.map((other) => fieldList(context, other, level, further))].join('');
}

function fieldText(
  context: Context,
  name: string,
  property: Schema,
  { required, level }: { required: boolean; level: number },
): string {
  const margin = level * 2;
  const head = `${indent(margin, name)}\t<${typeOf(context, property)}>${required ? ' -required-' : ''}${shortEnum(property, margin)}\n`;
  if (context.recursive) return head;
  return `${head}${indent(margin + 2, wrap(78 - margin, property.description || '<no description>'))}\n\n`;
}

function typeOf(context: Context, schema: Schema): string {
  if (schema.items) return `[]${typeOf(context, schema.items)}`;
  const values = valuesOf(schema);
  if (values) return `map[string]${typeOf(context, values)}`;
  const [only, ...more] = schema.allOf ?? [];
  if (only && more.length === 0 && !schema.properties) return typeOf(context, only);
  if (schema.$ref !== undefined) {
    const { type } = resolve(context, schema);
    return type === undefined || type === 'object' ? (schema.$ref.split(/[/.]/).at(-1) ?? 'Object') : type;
  }
  return schema.type === undefined || schema.type === 'object' ? 'Object' : schema.type;
}

/** Its own, and those of what it is made of. */
function description(context: Context, schema: Schema, seen: ReadonlySet<string>): string {
  if (schema.$ref !== undefined && seen.has(schema.$ref)) return '';
  const further = schema.$ref === undefined ? seen : new Set([...seen, schema.$ref]);
  const { description: own, allOf = [], items, ...rest } = resolve(context, schema);
  const values = valuesOf(rest);
  const others = [...allOf, ...(items ? [items] : []), ...(values ? [values] : [])];
  return `${own ? `${own}\n` : ''}${others.map((other) => description(context, other, further)).join('')}`;
}

/** At most four, on a line of their own. */
function shortEnum({ enum: values }: Schema, margin: number): string {
  if (!values?.length) return '';
  const shown = values.slice(0, 4).map(enumText).join(', ');
  return `\n${' '.repeat(margin)}enum: ${shown}${values.length > 4 ? ', ....' : ''}`;
}

function longEnum({ enum: values }: Schema): string {
  return values?.length ? `ENUM:${values.map((value) => `\n    ${enumText(value)}`).join('')}` : '';
}

function enumText(value: unknown): string {
  return value === '' ? '""' : String(value);
}

function valuesOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** What a reference stands for; the schema itself when it is none, or leads nowhere. */
function resolve({ document }: Context, schema: Schema): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  return (name !== undefined && document.components?.schemas?.[name]) || schema;
}

function indent(amount: number, text: string): string {
  const pad = ' '.repeat(amount);
  return pad + text.replaceAll('\n', `\n${pad}`);
}

/** Lines of at most so many characters, broken between words; a line of the text stays one. */
function wrap(width: number, text: string): string {
  return text
    .split('\n')
    .map((line) => wrapLine(width, line))
    .join('\n');
}

function wrapLine(width: number, line: string): string {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current].join('\n');
}
